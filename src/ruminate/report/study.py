"""What a report is about: the table of results, which columns say author, time, group and a human's label, and the manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import InputError
from ruminate.frames.reading import read_evidence, read_results
from ruminate.report.statistics import FEWEST_AUTHORS
from ruminate.results import LABELS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Study", "read_study"]

_NEEDED: Final = ("label", "abstained", *(f"p_{label}" for label in LABELS), "crisis", "decided_by", "ruminate_version")


@dataclass(frozen=True, eq=False)
class Study:
    """A table of results and the roles of its columns.

    Attributes
    ----------
    results
        One row a text.
    evidence
        One row a match, if it was written.
    text, author, time, group, human
        Names of columns, None where there is none. `text` is None when redacted.
    manifest
        As `ruminate batch` wrote it; empty without.
    left_out
        Rows of the table that hold no assessment.
    """

    results: pd.DataFrame
    evidence: pd.DataFrame | None
    text: str | None
    author: str | None
    time: str | None
    group: str | None
    human: str | None
    manifest: Mapping[str, Any]
    left_out: int = 0

    @cached_property
    def _writers(self) -> NDArray[np.int64]:
        """A number for each text's author; a text without one is taken to have an author of its own."""
        import pandas as pd

        writers = self.results[self.author].astype("object")
        codes, _ = pd.factorize(writers.where(writers.notna(), self.results.index.to_series().map("row {}".format)))
        numbers: NDArray[np.int64] = codes.astype(np.int64)
        return numbers

    @property
    def clusters(self) -> NDArray[np.int64] | None:
        """A number for each text's author; None where authors aren't known, or too few to draw from."""
        if self.author is None or len(np.unique(self._writers)) < FEWEST_AUTHORS:
            return None
        return self._writers

    @property
    def says_of_intervals(self) -> str:
        """What the intervals of this report draw, and what that leaves out."""
        if self.clusters is not None:
            return "Texts of one author are alike, so intervals draw whole authors."
        if self.author is not None:
            return "There are too few authors to draw from, so intervals take texts to be independent; they say nothing about what others would write."
        return "Authors aren't known, so intervals take texts to be independent; they are too narrow where people wrote several."

    @property
    def groups(self) -> dict[str, NDArray[np.bool_]]:
        """Which texts belong to each group; all of them in one where there are none."""
        if self.group is None:
            return {"all texts": np.ones(len(self.results), dtype=bool)}
        values = self.results[self.group].astype("object")
        return {str(name): (values == name).to_numpy(dtype=bool) for name in sorted(values.dropna().unique(), key=str)}

    @property
    def words(self) -> NDArray[np.int64] | None:
        """How many words each text has, also when no words are shown; None where the features were not written."""
        if "f_words" not in self.results:
            return None
        logarithms = self.results["f_words"].dropna().to_numpy(dtype=np.float64)
        return np.rint(np.expm1(logarithms)).astype(np.int64) if len(logarithms) else None

    @property
    def signs(self) -> list[str]:
        """Names of the columns of signs."""
        return [name for name in self.results.columns if name.startswith("sign_")]


def read_study(
    results: str | PathLike[str], *, author: str | None = None, time: str | None = None, group: str | None = None, human: str | None = None,
    redact: bool = False
) -> Study:
    """Read what `ruminate batch` wrote.

    Parameters
    ----------
    results
        The wide table. Its manifest and its table of evidence are taken if they lie beside it.
    author, time
        Columns; those that the run knew of by default.
    group
        A column of groups to compare.
    human
        A column of labels that people gave ("reflection", "rumination", "neither").
    redact
        Whether to leave out all words of the texts.

    Raises
    ------
    InputError
        If there are no results, or a column is missing or holds nothing that can be used.
    """
    path = Path(results)
    frame, left_out = _assessed(read_results(path), path.name)
    manifest = _manifest(path.with_name(f"{path.name}.manifest.json"))
    roles: Mapping[str, str | None] = manifest.get("columns", {})
    for role, name in (("author", author), ("time", time), ("group", group), ("human", human)):
        if name is not None and name not in frame.columns:
            raise InputError(f"{path.name} has no column {name!r} for --{role}; it has {', '.join(map(repr, frame.columns[:15]))}, …")
    if human is not None and not frame[human].astype(str).str.lower().isin(LABELS).any():
        raise InputError(f"column {human!r} holds none of the labels {', '.join(LABELS)}")
    if group is not None and not 2 <= frame[group].nunique() <= 12:
        raise InputError(f"column {group!r} holds {frame[group].nunique()} different values; groups can be compared when there are 2 to 12")
    known = {role: name for role, name in {"text": "text", **roles}.items() if name in frame.columns}
    try:
        evidence = None if redact else read_evidence(path)
    except InputError:
        evidence = None
    return Study(
        frame, evidence, None if redact else known.get("text"), author or known.get("author"), time or known.get("time"), group, human, manifest, left_out,
    )  # fmt: skip


def _manifest(place: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(place.read_text("utf-8")) if place.is_file() else {}
    except ValueError:
        raise InputError(f"{place.name} can't be read as JSON; mend it, or take it away to make a report without it") from None
    return found


def _assessed(frame: pd.DataFrame, name: str) -> tuple[pd.DataFrame, int]:
    """The rows that hold an assessment, each with its place, and how many don't."""
    missing = [column for column in _NEEDED if column not in frame.columns]
    if missing:
        raise InputError(f"{name} has no column {missing[0]!r}; a report needs the table as `ruminate batch` wrote it")
    if "source" not in frame.columns or "row" not in frame.columns:  # a table that was made without files
        frame = frame.assign(source=name, row=range(1, len(frame) + 1))
    there = frame[frame["label"].notna()].reset_index(drop=True)
    if there.empty:
        raise InputError(f"{name} holds no row with an assessment; there is nothing to report")
    return there, len(frame) - len(there)
