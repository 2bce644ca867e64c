"""From the results of a part to its tables: what is carried along is put beside, long tables are unfolded, everything is counted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ruminate.batch.choosing import Chosen
from ruminate.batch.work import Job
from ruminate.frames.columns import PLACE, Column, evidence_columns, sentence_columns
from ruminate.frames.typed import to_frame

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Layout", "Part", "Rejected", "Taken"]

_REJECTS: Final = (*PLACE, Column("line", "integer", "line of the file", "1 and more"), Column("reason", "text", "why it was not assessed", ""))
_IDENTIFIERS: Final = (*PLACE, Column("kind", "text", "what it looks like", ""), Column("places", "integer", "how often", "1 and more"))
_SHOWS_WORDS: Final = ("quote", "pattern")
"""Columns of evidence that repeat words of the text (a pattern often is the words)."""


class Taken(NamedTuple):
    """A row that is assessed."""

    source: str
    row: int
    text: str
    carried: tuple[Any, ...]
    id: str | None


class Rejected(NamedTuple):
    """A row that is not, and why."""

    source: str
    row: int
    line: int | None
    reason: str


@dataclass
class Part:
    """Rows that are worked on together."""

    number: int
    taken: list[Taken] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    def texts(self) -> pd.DataFrame:
        """What an engine is given."""
        import pandas as pd

        return pd.DataFrame({"text": pd.Series([row.text for row in self.taken], dtype="object")})


class Layout:
    """Which tables a run writes, with which columns."""

    def __init__(self, job: Job, wide: Sequence[Column], chosen: Chosen, *, redact: bool, suffix: str) -> None:
        self.job = job
        self._wide = tuple(wide)
        self._carried = tuple(column for _, column in chosen.carried)
        key = next((column for name, column in chosen.carried if name == chosen.id), None)
        self._key = () if key is None or key.name in ("source", "row") else (key,)
        long = {"evidence": (job.evidence, evidence_columns()), "sentences": (job.sentences, sentence_columns())}
        self._long = {
            name: (*PLACE, *self._key, *(column for column in columns if not (redact and column.name in _SHOWS_WORDS)))
            for name, (wanted, columns) in long.items() if wanted
        }  # fmt: skip
        self.columns: Mapping[str, tuple[Column, ...]] = {
            f"results{suffix}": (*PLACE, *self._carried, *self._wide),
            **{f"{name}{suffix}": columns for name, columns in self._long.items()},
            "rejects.csv": _REJECTS,
            "identifiers.csv": _IDENTIFIERS,
        }
        self._suffix = suffix

    def tables(self, part: Part, found: pd.DataFrame) -> tuple[dict[str, tuple[pd.DataFrame, Sequence[Column]]], dict[str, Any]]:
        """The tables of a part by file name, and what it counts."""
        frames = {f"results{self._suffix}": self._results(part, found), "rejects.csv": to_frame((row._asdict() for row in part.rejected), _REJECTS)}
        for name, columns in self._long.items():
            frames[f"{name}{self._suffix}"] = to_frame(_unfold(part, found[f"found_{name}"], self._key), columns)
        identifiers = [entry for row, cell in zip(part.taken, found["found_identifiers"], strict=True) for entry in _named(row, cell)]
        frames["identifiers.csv"] = to_frame(identifiers, _IDENTIFIERS)
        counts = {
            "assessed": len(part.taken),
            "rejected": Counter(row.reason for row in part.rejected),
            "labels": Counter(found["label"]),
            "abstained": Counter(found["abstained"].dropna()),
            "identifiers": Counter(entry["kind"] for entry in identifiers),
            "ids": [_digest(row.id) for row in part.taken if row.id],
            "texts": [_digest(row.text) for row in part.taken],
        }
        return {name: (frame, self.columns[name]) for name, frame in frames.items()}, counts

    def _results(self, part: Part, found: pd.DataFrame) -> pd.DataFrame:
        import pandas as pd

        place = to_frame(({"source": row.source, "row": row.row} for row in part.taken), PLACE)
        carried = to_frame((dict(zip((column.name for column in self._carried), row.carried, strict=True)) for row in part.taken), self._carried)
        return pd.concat([place, carried, found[[column.name for column in self._wide]]], axis=1)


def _named(row: Taken, cell: str | None) -> Iterator[dict[str, Any]]:
    for kind, places in json.loads(cell or "{}").items():
        yield {"source": row.source, "row": row.row, "kind": kind, "places": places}


def _unfold(part: Part, cells: Iterable[str | None], key: Sequence[Column]) -> Iterator[dict[str, Any]]:
    for row, cell in zip(part.taken, cells, strict=True):
        carried = {"source": row.source, "row": row.row, **{column.name: row.id for column in key}}
        yield from ({**carried, **entry} for entry in json.loads(cell or "[]"))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
