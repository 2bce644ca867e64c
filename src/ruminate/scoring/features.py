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
from ruminate.scoring.course import find_turn
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
    ("turn_to_reflection", "signs of rumination give way to signs of reflection, and stay so", "strength, 0 to 3"),
    ("turn_to_rumination", "signs of reflection give way to signs of rumination, and stay so", "strength, 0 to 3"),
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
    """Feature rows of a batch: first its texts, then all their sentences."""

    rows: Matrix
    count: int

    @property
    def texts(self) -> Matrix:
        """Texts x columns."""
        return self.rows[: self.count]

    @property
    def sentences(self) -> Matrix:
        """Sentences x columns."""
        return self.rows[self.count :]


class FeatureTable:
    """The columns for a catalogue of signs: `sign:<id>` for each sign, derived counts, then the measures."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.signs = tuple(catalogue.signs)
        self._column = {name: at for at, name in enumerate(self.signs)}
        dwelling = np.array([sign.side == "rumination" for sign in catalogue.signs.values()], dtype=np.float64)
        self._sides = (dwelling, 1.0 - dwelling)
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
        sentences, texts, signs = len(batch.sentence_start), len(batch.texts), len(self.signs)
        rows = np.zeros((texts + sentences, len(self.names)))
        strength = np.zeros((sentences, signs + 1))  # the last column counts cancelled matches
        for begin, found in zip(batch.first_sentence.tolist(), evidence, strict=False):
            for item in found:
                column = self._column.get(item.sign)
                if column is None:
                    continue
                if item.cancelled_by is None:
                    strength[begin + item.sentence, column] += item.weight
                else:
                    strength[begin + item.sentence, signs] += 1.0
        if strength.any():
            self._fill(rows, strength, batch.first_sentence, measured.third)
        rows[:texts, signs + len(_DERIVED) :] = measured.texts
        rows[texts:, signs + len(_DERIVED) :] = measured.sentences
        return Features(rows, texts)

    def _fill(self, rows: Matrix, strength: Matrix, bounds: NDArray[np.int64], third: NDArray[np.int64]) -> None:
        """The columns of the signs and those derived from them. Strengths are multiples of a half, so all sums are exact."""
        sides = np.stack([strength[:, : len(self.signs)] @ side for side in self._sides], axis=1)
        spread = (sides > 0).astype(np.float64)
        late = np.where((third == 2)[:, None], sides, 0.0)
        in_sentences = np.concatenate((strength, sides, spread, late), axis=1)
        running = np.zeros((len(strength) + 1, in_sentences.shape[1]))
        np.cumsum(in_sentences, axis=0, out=running[1:])
        in_texts = running[bounds[1:]] - running[bounds[:-1]]
        everywhere = np.concatenate((in_texts, in_sentences))
        signs = len(self.signs)
        by_sign, rest = everywhere[:, :signs], everywhere[:, signs:]
        many = np.concatenate((np.maximum(np.diff(bounds), 1), np.ones(len(strength), dtype=np.int64)))
        rows[:, :signs] = np.log1p(by_sign)
        rows[:, signs : signs + 2] = np.stack([(by_sign > 0) @ side for side in self._sides], axis=1)
        rows[:, signs + 2 : signs + 4] = np.log1p(rest[:, 1:3])
        rows[:, signs + 4 : signs + 6] = rest[:, 3:5] / many[:, None]
        rows[:, signs + 6 : signs + 8] = np.log1p(rest[:, 5:7])
        rows[:, signs + 8] = np.log1p(rest[:, 0])
        mixed = ((in_texts[:, signs + 1] > 0) & (in_texts[:, signs + 2] > 0)).nonzero()[0]
        for at in mixed.tolist():
            dwelling, reflecting = sides[bounds[at] : bounds[at + 1]].T.tolist()
            if (turn := find_turn(reflecting, dwelling)) is not None:
                rows[at, signs + 9 + (turn.direction == "to_rumination")] = min(turn.strength, 3.0)

    def strengths(self, evidence: Sequence[Evidence]) -> Mapping[str, float]:
        """Sign id to strength for one text: matches that count, suggestive ones for half."""
        found: dict[str, float] = {}
        for item in evidence:
            if item.cancelled_by is None and item.sign in self._column:
                found[item.sign] = found.get(item.sign, 0.0) + item.weight
        return found

