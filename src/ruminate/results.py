"""What comes out: frozen values, with `to_dict` and `from_dict` in a versioned schema.

They hold no text beyond the quotes of the evidence, compare by value, pickle, and know nothing of how they were made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib import import_module
from math import fsum
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, overload

from ruminate.errors import InputError

__all__ = [
    "LABELS", "SCHEMA_VERSION", "Abstention", "Assessment", "Contribution", "Contributions", "Evidence", "Flag", "Guidance",
    "Label", "SentenceScore", "Shift",
]

SCHEMA_VERSION: Final = 1
"""Version of the dictionaries that `Assessment.to_dict` writes. It rises when a reader of the old form would be misled."""
_OLDEST_SCHEMA: Final = 1
"""The oldest schema that `Assessment.from_dict` still reads. Stored results are kept for years: it rises only with a converter."""

LABELS: Final = ("reflection", "rumination", "neither")
"""The three labels of the codebook, in the order of every array of probabilities."""

Label = Literal["reflection", "rumination", "neither", "uncertain"]
Abstention = Literal["empty", "too_short", "not_english", "low_confidence", "crisis_language"]


class Evidence(NamedTuple):
    """One place in the text where a sign shows.

    Attributes
    ----------
    sign, side
        Id of the sign and which side it belongs to ("reflection" or "rumination").
    start, end, quote
        Character offsets into the caller's text, and what stands there: `text[start:end] == quote`.
    pattern
        The pattern that matched, in the notation of the sign files.
    weight
        How much one match counts: 1, or 0.5 for a pattern that is only suggestive.
    sentence
        Index into `Assessment.sentences`.
    cancelled_by
        None when the match counts; else why it doesn't ("negated", "reported", …). Cancelled matches stay visible.
    """

    sign: str
    side: str
    start: int
    end: int
    quote: str
    pattern: str
    weight: float
    sentence: int
    cancelled_by: str | None = None


class Contribution(NamedTuple):
    """What one feature added to the score of each label; the scores are the intercepts plus the sum of these.

    `places` are character offsets into the text, for a feature that stands for words ("words:…"); signs have their
    places in the evidence.
    """

    feature: str
    value: float
    reflection: float
    rumination: float
    neither: float
    places: tuple[tuple[int, int], ...] = ()


class SentenceScore(NamedTuple):
    """One sentence: where it stands and what the same scorer says of it alone (probabilities in the order of `LABELS`)."""

    start: int
    end: int
    reflection: float
    rumination: float
    neither: float


class Shift(NamedTuple):
    """Where the way of thinking turns and stays turned: the first sentence after the turn, and which way it goes."""

    sentence: int
    start: int
    direction: Literal["to_reflection", "to_rumination"]


class Guidance(NamedTuple):
    """A question that could take the place of a loop, or deepen a reflection, and the sign that it answers to."""

    sign: str
    says: str
    question: str


class Flag(NamedTuple):
    """Something a host should know of apart from the label ("genuine_concern:safety", "crisis_language"), and where."""

    id: str
    start: int
    end: int


class Contributions(Sequence[Contribution]):
    """All contributions to the scores of one text, largest first; behaves as a tuple of `Contribution`.

    The rows are made when first looked at: most callers never look, and making them costs more than scoring.
    """

    __slots__ = ("_make", "_rows", "intercept")

    def __init__(self, make: Callable[[], Iterable[Contribution]], intercept: tuple[float, float, float]) -> None:
        self._make: Callable[[], Iterable[Contribution]] | None = make
        self._rows: tuple[Contribution, ...] = ()
        self.intercept = intercept

    @property
    def rows(self) -> tuple[Contribution, ...]:
        """The contributions, as a tuple."""
        make = self._make
        if make is not None:
            self._rows = tuple(sorted(make(), key=_strongest_first))
            self._make = None
        return self._rows

    @property
    def pending(self) -> Callable[[], Iterable[Contribution]] | None:
        """What will make the rows; None once they are made."""
        return self._make

    @property
    def scores(self) -> tuple[float, float, float]:
        """The score of each label before calibration: intercept plus contributions, correctly rounded."""
        columns = zip(*((row.reflection, row.rumination, row.neither) for row in self.rows), strict=True) if self.rows else ((), (), ())
        first, second, third = (fsum((start, *column)) for start, column in zip(self.intercept, columns, strict=True))
        return first, second, third

    @overload
    def __getitem__(self, at: int) -> Contribution: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Contribution, ...]: ...
    def __getitem__(self, at: int | slice) -> Contribution | tuple[Contribution, ...]:
        return self.rows[at]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Contribution]:
        return iter(self.rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Contributions):
            return NotImplemented
        return self.intercept == other.intercept and self.rows == other.rows

    def __hash__(self) -> int:
        return hash((self.intercept, self.rows))

    def __repr__(self) -> str:
        return f"Contributions({len(self)} features, scores={tuple(round(score, 3) for score in self.scores)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _contributions, (self.rows, self.intercept)


def _strongest_first(row: Contribution) -> tuple[float, str]:
    added = (row.reflection, row.rumination, row.neither)
    return min(added) - max(added), row.feature


def _contributions(rows: tuple[Contribution, ...], intercept: tuple[float, float, float]) -> Contributions:
    return Contributions(lambda: rows, intercept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What one text shows.

    Attributes
    ----------
    label
        "reflection", "rumination" or "neither"; "uncertain" when it abstains.
    abstained
        None, or why no label is given: "empty", "too_short", "not_english", "low_confidence", "crisis_language".
    probabilities
        Of the three labels; sums to 1. Present also when abstaining.
    leaning
        "reflection" or "rumination", whichever of the two is likelier.
    decided_by
        "model:<name>" or "rules:<version>".
    evidence
        Every match, in order of place, cancelled ones included.
    signs
        Sign id to strength: matches that count, a suggestive one for half.
    contributions
        What each feature added to the scores.
    sentences
        The course through the text: the same scorer on each sentence.
    shift
        Where the way of thinking turns, if it does.
    guidance
        Reflective questions for the signs found.
    flags
        What a host should know of apart from the label.
    """

    label: Label
    abstained: Abstention | None
    probabilities: Mapping[str, float]
    leaning: Literal["reflection", "rumination"]
    decided_by: str
    evidence: tuple[Evidence, ...]
    signs: Mapping[str, float]
    contributions: Contributions
    sentences: tuple[SentenceScore, ...]
    shift: Shift | None
    guidance: tuple[Guidance, ...]
    flags: tuple[Flag, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, strings and numbers, ready for JSON. See `ruminate schema` and docs/schema.md."""
        return {
            "schema": SCHEMA_VERSION,
            "label": self.label,
            "abstained": self.abstained,
            "probabilities": dict(self.probabilities),
            "leaning": self.leaning,
            "decided_by": self.decided_by,
            "evidence": [found._asdict() for found in self.evidence],
            "signs": dict(self.signs),
            "contributions": {
                "intercept": list(self.contributions.intercept),
                "features": [_plain(row) for row in self.contributions],
            },
            "sentences": [sentence._asdict() for sentence in self.sentences],
            "shift": None if self.shift is None else self.shift._asdict(),
            "guidance": [entry._asdict() for entry in self.guidance],
            "flags": [flag._asdict() for flag in self.flags],
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """The same as JSON, always valid UTF-8 (a lone surrogate in a quote is written as an escape)."""
        return json.dumps(self.to_dict(), ensure_ascii=True, allow_nan=False, indent=indent)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Assessment:
        """The inverse of `to_dict`, also for what older versions wrote; keys that this version doesn't know are passed over.

        Raises
        ------
        InputError
            If the dictionary is of a newer schema, or a key is missing.
        """
        version = data.get("schema")
        if not isinstance(version, int) or not _OLDEST_SCHEMA <= version <= SCHEMA_VERSION:
            raise InputError(f"an assessment of schema {version!r} can't be read by this version, which reads {_OLDEST_SCHEMA} to {SCHEMA_VERSION}")
        try:
            given = data["contributions"]
            rows = [Contribution(**_known(Contribution, {**row, "places": tuple(map(tuple, row.get("places", ())))})) for row in given["features"]]
            first, second, third = given["intercept"]
            return cls(
                label=data["label"],
                abstained=data["abstained"],
                probabilities=MappingProxyType(dict(data["probabilities"])),
                leaning=data["leaning"],
                decided_by=data["decided_by"],
                evidence=tuple(Evidence(**_known(Evidence, found)) for found in data["evidence"]),
                signs=MappingProxyType(dict(data["signs"])),
                contributions=_contributions(tuple(rows), (first, second, third)),
                sentences=tuple(SentenceScore(**_known(SentenceScore, sentence)) for sentence in data["sentences"]),
                shift=None if data["shift"] is None else Shift(**_known(Shift, data["shift"])),
                guidance=tuple(Guidance(**_known(Guidance, entry)) for entry in data["guidance"]),
                flags=tuple(Flag(**_known(Flag, flag)) for flag in data["flags"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"not an assessment of schema {SCHEMA_VERSION}: {error}") from error

    def _repr_html_(self) -> str:
        """Shown by notebooks. Without the text, which an assessment doesn't hold; see `ruminate.render.html`."""
        return str(import_module("ruminate.render").html(self))  # a door, looked up by name: nothing here depends on it

    def __reduce__(self) -> tuple[Any, ...]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in ("probabilities", "signs"):  # read-only views don't pickle
            values[name] = dict(values[name])
        return _restore, (values,)


def _plain(row: Contribution) -> dict[str, Any]:
    """A contribution for JSON; places stand only where there are some."""
    found = row._asdict()
    places = found.pop("places")
    return {**found, "places": [list(place) for place in places]} if places else found


def _known(part: type[NamedTuple], raw: Mapping[str, Any]) -> dict[str, Any]:
    """What of a dictionary this version has a place for: later versions may add keys within one schema."""
    return {name: raw[name] for name in part._fields if name in raw}


def _restore(values: dict[str, Any]) -> Assessment:
    for name in ("probabilities", "signs"):
        values[name] = MappingProxyType(values[name])
    return Assessment(**values)


