"""The scorer: intercept plus weight times value, for each feature and label. Rules and model differ in their numbers only.

What is reported as a contribution is the very number that was added. No matrix library routine decides the order of
additions: results are the same for one text and for a thousand, on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ruminate.results import Contribution, Contributions

__all__ = ["LinearScorer", "probabilities"]

Matrix = NDArray[np.float64]


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
    temperature
        Scores are divided by it before they become probabilities.
    decision
        Probabilities are multiplied by it when a label is chosen (and only then): how much a label is favoured over its
        probability, since most text is neither and the two rarer labels would otherwise hardly ever be given.
    """

    name: str
    features: tuple[str, ...]
    weights: Matrix
    intercept: tuple[float, float, float]
    low: Matrix
    high: Matrix
    temperature: float = 1.0
    decision: tuple[float, float, float] = (1.0, 1.0, 1.0)

    def clip(self, rows: Matrix) -> Matrix:
        """The values that are scored."""
        clipped: Matrix = np.clip(rows, self.low, self.high)
        return clipped

    def scores(self, rows: Matrix) -> Matrix:
        """Rows x labels. Columns are added one after the other, in order, for every row alike."""
        values = self.clip(rows)
        parts = values.T[:, :, None] * self.weights[:, None, :]
        total: Matrix = np.add.reduce(parts, axis=0)
        scores: Matrix = total + np.asarray(self.intercept)
        return scores

    def contributions(self, row: Matrix) -> Contributions:
        """What each feature with a value and a weight added; worked out when first looked at."""
        values = row.copy()  # the batch that the row is cut from can be forgotten
        return Contributions(lambda: self._rows(values), self.intercept)

    def _rows(self, row: Matrix) -> list[Contribution]:
        values = self.clip(row[None, :])[0]
        parts = values[:, None] * self.weights
        at = np.flatnonzero(parts.any(axis=1))
        numbers = np.column_stack([values[at], parts[at]]).tolist()
        return [Contribution(self.features[column], *entry) for column, entry in zip(at.tolist(), numbers, strict=True)]


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


