"""What a report is about: the table of results, which columns say author, time, group and a human's label, and the manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import InputError
from ruminate.frames.reading import read_evidence, read_results
from ruminate.results import LABELS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Study", "read_study"]


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
    """

    results: pd.DataFrame
    evidence: pd.DataFrame | None
    text: str | None
    author: str | None
    time: str | None
    group: str | None
    human: str | None
    manifest: Mapping[str, Any]

    @property
    def clusters(self) -> NDArray[np.int64] | None:
        """A number for each text's author; None where authors aren't known."""
        if self.author is None:
            return None
        import pandas as pd

        writers = self.results[self.author]
        codes, _ = pd.factorize(writers.where(writers.notna(), self.results.index.to_series().map("row {}".format)))
        numbers: NDArray[np.int64] = codes.astype(np.int64)
        return numbers

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
    frame = read_results(path)
    if frame.empty:
        raise InputError(f"{path.name} holds no row; there is nothing to report")
    beside = path.with_name(f"{path.name}.manifest.json")
    manifest: dict[str, Any] = json.loads(beside.read_text("utf-8")) if beside.is_file() else {}
    roles: Mapping[str, str | None] = manifest.get("columns", {})
    for role, name in (("author", author), ("time", time), ("group", group), ("human", human)):
        if name is not None and name not in frame.columns:
            raise InputError(f"{path.name} has no column {name!r} for --{role}; it has {', '.join(map(repr, frame.columns[:15]))}, …")
    if human is not None and not frame[human].astype(str).str.lower().isin(LABELS).any():
        raise InputError(f"column {human!r} holds none of the labels {', '.join(LABELS)}")
    if group is not None and not 2 <= frame[group].nunique() <= 12:
        raise InputError(f"column {group!r} holds {frame[group].nunique()} different values; groups can be compared when there are 2 to 12")
    text = roles.get("text") or ("text" if "text" in frame.columns else None)
    try:
        evidence = None if redact else read_evidence(path)
    except InputError:
        evidence = None
    return Study(frame, evidence, None if redact else text, author or roles.get("author"), time or roles.get("time"), group, human, manifest)
