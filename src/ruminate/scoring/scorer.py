"""The scorer: intercept plus weight times (value - center), for each feature and label. Rules and model differ in their numbers only.

What is reported as a contribution is the very number that was added. No matrix library routine decides the order of
additions: results are the same for one text and for a thousand, on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import InputError
from ruminate.results import LABELS, Contribution, Contributions
from ruminate.scoring.terms import FoundTerms, TextTerms, Vocabulary
from ruminate.text.document import Batch

if TYPE_CHECKING:
    from ruminate.scoring.encoder import Encoded

__all__ = ["TERM", "LinearScorer", "Scored", "probabilities"]

TERM: Final = "words:"
"""What the names of features begin with that stand for a word or a pair of words."""

Matrix = NDArray[np.float64]
_FEW: Final = 64
"""Up to so many rows are scored in one go."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearScorer:
    """Weights for named features.

    Attributes
    ----------
    name
        What decided: "rules:<version>" or "model:<name>".
    features
        Names of the columns that it reads, in order.
    weights
        Columns x labels, labels in the order of `ruminate.results.LABELS`.
    intercept
        One number a label.
    low, high
        Values are clipped to this range, a column at a time, so that no single odd value can decide.
    center
        Where a column counts from: 0 where zero means that nothing is there (a sign, a kind of word), else the usual
        value, so that what adds to a score is what sets the text apart, and not that every text has a length.
    temperature
        Scores are divided by it before they become probabilities.
    decision
        Probabilities are multiplied by it when a label is chosen (and only then): how much a label is favoured over its
        probability, since most text is neither and the two rarer labels would otherwise hardly ever be given.
    vocabulary, term_weights
        Words and pairs that speak too, and their weights (terms x labels); the rules have none.
    base_rates
        Shares of the labels for which the probabilities are calibrated; None where that is not known.
    """

    name: str
    features: tuple[str, ...]
    weights: Matrix
    intercept: tuple[float, float, float]
    low: Matrix
    high: Matrix
    center: Matrix
    temperature: float = 1.0
    decision: tuple[float, float, float] = (1.0, 1.0, 1.0)
    vocabulary: Vocabulary | None = None
    term_weights: Matrix | None = None
    base_rates: tuple[float, float, float] | None = None

    def clip(self, rows: Matrix) -> Matrix:
        """The values that are scored."""
        clipped: Matrix = np.clip(rows, self.low, self.high)
        return clipped

    def score(self, rows: Matrix, batch: Batch) -> Scored:
        """Scores of all texts of a batch and of all their sentences, from their feature rows and the batch itself."""
        scores = self.scores(rows)
        if self.vocabulary is None or self.term_weights is None:
            return Scored(scores, None)
        found = self.vocabulary.find(batch)
        for label, weights in enumerate(np.ascontiguousarray(self.term_weights.T)):
            scores[:, label] += np.bincount(found.rows, weights=weights[found.columns] * found.values, minlength=len(scores))
        return Scored(scores, found)

    def scores(self, rows: Matrix) -> Matrix:
        """Rows x labels, from the table alone. Columns are added one after the other, in order, for every row alike."""
        columns = np.ascontiguousarray((self.clip(rows) - self.center).T)
        if len(rows) < _FEW:
            total = np.add.reduce(columns[:, :, None] * self.weights[:, None, :], axis=0)
        else:  # the same additions in the same order, in pieces that stay in the processor's cache
            by_label = columns[0] * self.weights[0, :, None]
            part = np.empty_like(by_label)
            for column, weights in zip(columns[1:], self.weights[1:, :, None], strict=True):
                np.multiply(column, weights, out=part)
                by_label += part
            total = by_label.T
        scores: Matrix = np.ascontiguousarray(total + np.asarray(self.intercept))
        return scores

    def contributions(self, row: Matrix, terms: TextTerms | None = None) -> Contributions:
        """What each feature with a value and a weight added; worked out when first looked at."""
        values = row.copy()  # the batch that the row is cut from can be forgotten
        return Contributions(partial(self._rows, values, terms), self.intercept)

    def explain(self, scored: Scored, at: int, row: Matrix) -> Contributions:
        """What was added to the scores of one text of a batch; `row` is its feature row."""
        return self.contributions(row, None if scored.terms is None else scored.terms.of_text(at))

    def with_base_rates(self, base_rates: Sequence[float]) -> LinearScorer:
        """The same scorer for texts among which the labels have other shares (Saerens et al. 2002): intercepts shift.

        Raises
        ------
        InputError
            If this scorer's own base rates aren't known, or the shares are not three positive numbers.
        """
        if self.base_rates is None:
            raise InputError(f"{self.name} is not calibrated to base rates, so they can't be changed; use a trained model")
        new = np.asarray(base_rates, dtype=np.float64)
        if new.shape != (3,) or not np.all(np.isfinite(new)) or np.any(new <= 0):
            raise InputError(f"base rates are three shares above 0, in the order {', '.join(LABELS)}")
        new /= new.sum()
        first, second, third = (np.asarray(self.intercept) + self.temperature * np.log(new / np.asarray(self.base_rates))).tolist()
        one, two, three = new.tolist()
        return replace(self, intercept=(first, second, third), base_rates=(one, two, three))

    def _rows(self, values: Matrix, terms: TextTerms | None) -> list[Contribution]:
        return [*self._of_table(values), *self._of_terms(terms)]

    def _of_table(self, row: Matrix) -> list[Contribution]:
        values = self.clip(row[None, :])[0]
        parts = (values - self.center)[:, None] * self.weights
        at = np.flatnonzero(parts.any(axis=1))
        numbers = np.column_stack([values[at], parts[at]]).tolist()
        return [Contribution(self.features[column], *entry) for column, entry in zip(at.tolist(), numbers, strict=True)]

    def _of_terms(self, terms: TextTerms | None) -> list[Contribution]:
        if terms is None or self.vocabulary is None or self.term_weights is None:
            return []
        parts = self.term_weights[terms.columns] * terms.values[:, None]
        names = self.vocabulary.terms
        rows = zip(terms.columns.tolist(), terms.values.tolist(), *parts.T.tolist(), strict=True)
        return [
            Contribution(f"{TERM}{names[column]}", value, first, second, third, terms.places(column))
            for column, value, first, second, third in rows
            if first or second or third
        ]


class Scored(NamedTuple):
    """Scores of the texts of a batch and then of their sentences, the terms that had a part in them, and what an encoder added (with its batch)."""

    scores: Matrix
    terms: FoundTerms | None
    encoded: Encoded | None = None
    batch: Batch | None = None


def probabilities(scores: Matrix, temperature: float = 1.0) -> Matrix:
    """Probabilities of the labels, a row at a time.

    Examples
    --------
    >>> probabilities(np.zeros((1, 3))).round(3).tolist()
    [[0.333, 0.333, 0.333]]
    """
    scaled = scores / temperature
    scaled = scaled - scaled.max(axis=1, keepdims=True)
    powers = np.exp(scaled)
    total = powers[:, 0] + powers[:, 1] + powers[:, 2]
    result: Matrix = powers / total[:, None]
    return result


