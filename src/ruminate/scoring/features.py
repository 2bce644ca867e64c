"""The one table of features that every scorer reads: named, ordered, documented.

A row stands for a text or for one of its sentences; both have the same columns, so the scorer that judges the text can
also trace the course through it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ruminate.results import Evidence
from ruminate.signs.catalogue import Catalogue
from ruminate.signs.measures import Measured, measures
from ruminate.text.document import Batch

__all__ = ["Feature", "FeatureTable", "Features"]

Matrix = NDArray[np.float64]
_DERIVED: Final = (
    ("kinds_of_rumination", "how many different signs of rumination count", "number"),
    ("kinds_of_reflection", "how many different signs of reflection count", "number"),
    ("matches_of_rumination", "matches of signs of rumination", "log(1 + strength)"),
    ("matches_of_reflection", "matches of signs of reflection", "log(1 + strength)"),
    ("dwelling_spread", "sentences with a sign of rumination", "share, 0 to 1"),
    ("reflecting_spread", "sentences with a sign of reflection", "share, 0 to 1"),
    ("dwelling_at_end", "signs of rumination in the last third", "log(1 + strength)"),
    ("reflecting_at_end", "signs of reflection in the last third", "log(1 + strength)"),
    ("cancelled_matches", "matches that something cancelled", "log(1 + number)"),
)


@dataclass(frozen=True, slots=True)
class Feature:
    """One column: its name, what it says, its unit, and where the idea comes from."""

    name: str
    says: str
    unit: str
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Feature rows of a batch: texts x columns, and sentences x columns."""

    texts: Matrix
    sentences: Matrix


class FeatureTable:
    """The columns for a catalogue of signs: `sign:<id>` for each sign, derived counts, then the measures."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.signs = tuple(catalogue.signs)
        self._column = {name: at for at, name in enumerate(self.signs)}
        self._dwelling = np.array([sign.side == "rumination" for sign in catalogue.signs.values()])
        by_sign = [Feature(f"sign:{sign.id}", sign.definition, "log(1 + strength)", "; ".join(sign.sources)) for sign in catalogue.signs.values()]
        derived = [Feature(name, says, unit, "codebook rule 2") for name, says, unit in _DERIVED]
        counted = [Feature(measure.name, measure.says, measure.unit, measure.source) for measure in measures()]
        self.features: tuple[Feature, ...] = (*by_sign, *derived, *counted)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(feature.name for feature in self.features)

    @cached_property
    def schema_hash(self) -> str:
        """Identifies names, order and units; a model made for another table does not fit."""
        return sha256("\n".join(f"{feature.name}\t{feature.unit}" for feature in self.features).encode()).hexdigest()

    def rows(self, batch: Batch, evidence: Sequence[Sequence[Evidence]], measured: Measured) -> Features:
        """The feature rows of a batch."""
        strength = np.zeros((len(batch.sentence_start), len(self.signs)))
        cancelled = np.zeros(len(batch.sentence_start))
        first = batch.first_sentence.tolist()
        for at, found in enumerate(evidence):
            begin = first[at]
            for item in found:
                column = self._column.get(item.sign)
                if column is None:
                    continue
                if item.cancelled_by is None:
                    strength[begin + item.sentence, column] += item.weight
                else:
                    cancelled[begin + item.sentence] += 1.0
        bounds = batch.first_sentence
        late = np.where((measured.third == 2)[:, None], strength, 0.0)
        sentences = self._columns(strength, strength, cancelled, strength > 0, np.ones(len(strength)))
        whole = _sums(strength, bounds)
        spread = np.stack([self._any_sentence(strength, bounds, side) for side in (self._dwelling, ~self._dwelling)], axis=1)
        texts = self._columns(whole, _sums(late, bounds), _sums(cancelled[:, None], bounds)[:, 0], None, np.maximum(np.diff(bounds), 1), spread)
        return Features(texts=np.hstack([texts, measured.texts]), sentences=np.hstack([sentences, measured.sentences]))

    def _any_sentence(self, strength: Matrix, bounds: NDArray[np.int64], side: NDArray[np.bool_]) -> Matrix:
        hit = (strength[:, side] > 0).any(axis=1).astype(np.float64)
        return _sums(hit[:, None], bounds)[:, 0]

    def _columns(self, strength: Matrix, late: Matrix, cancelled: Matrix, hit: NDArray[np.bool_] | None, sentences: Matrix, spread: Matrix | None = None) -> Matrix:
        sides = (self._dwelling, ~self._dwelling)
        if spread is None:
            assert hit is not None
            spread = np.stack([hit[:, side].any(axis=1).astype(np.float64) for side in sides], axis=1)
        derived = [
            *((strength[:, side] > 0).sum(axis=1).astype(np.float64) for side in sides),
            *(np.log1p(_across(strength[:, side])) for side in sides),
            *(spread[:, at] / sentences for at in (0, 1)),
            *(np.log1p(_across(late[:, side])) for side in sides),
            np.log1p(cancelled),
        ]
        return np.hstack([np.log1p(strength), np.stack(derived, axis=1)])

    def strengths(self, evidence: Sequence[Evidence]) -> Mapping[str, float]:
        """Sign id to strength for one text: matches that count, suggestive ones for half."""
        found: dict[str, float] = {}
        for item in evidence:
            if item.cancelled_by is None and item.sign in self._column:
                found[item.sign] = found.get(item.sign, 0.0) + item.weight
        return found


def _sums(values: Matrix, bounds: NDArray[np.int64]) -> Matrix:
    """Sums over runs, also empty ones. Strengths are multiples of a half, so running sums are exact."""
    running = np.zeros((len(values) + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=running[1:])
    return running[bounds[1:]] - running[bounds[:-1]]


def _across(values: Matrix) -> Matrix:
    """Sum of the columns; exact for the same reason."""
    total: Matrix = values.sum(axis=1)
    return total
