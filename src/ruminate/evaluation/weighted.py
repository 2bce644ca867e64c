"""The metrics themselves, of many weightings of the same texts at once.

A bootstrap draw is nothing but a count for each text, so a metric of a thousand draws is a metric under a thousand rows of
weights: a few matrix products in place of a thousand calls. The values are those of scikit-learn's metrics, which a test holds
them to. A weighting under which a metric has no meaning (a label is missing) gives nan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["METRICS", "Judged", "Metric", "auc_of"]

Numbers = NDArray[np.int64]
Matrix = NDArray[np.float64]
REFLECTION, RUMINATION, NEITHER = range(3)
_BINS: Final = 10


class _Ranking:
    """Texts by the probability of one label, highest first; texts of one probability stand or fall together."""

    def __init__(self, is_it: NDArray[np.bool_], chances: Matrix) -> None:
        self.order = np.argsort(-chances, kind="stable")
        ranked = chances[self.order]
        self.first = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
        self.is_it = is_it[self.order].astype(np.float64)

    def steps(self, weights: Matrix) -> tuple[Matrix, Matrix]:
        """Weights of right and wrong texts at each probability, highest first (draws x probabilities)."""
        ranked = weights[:, self.order]
        right = np.add.reduceat(ranked * self.is_it, self.first, axis=1)
        return right, np.add.reduceat(ranked * (1.0 - self.is_it), self.first, axis=1)


@dataclass(frozen=True, eq=False)
class Judged:
    """Texts with their true labels, the labels that were given, and the probabilities; what the metrics share is kept."""

    truth: Numbers
    given: Numbers
    probabilities: Matrix

    @cached_property
    def rankings(self) -> tuple[_Ranking, ...]:
        """One ranking a label."""
        return tuple(_Ranking(self.truth == label, self.probabilities[:, label]) for label in range(3))

    @cached_property
    def cells(self) -> Matrix:
        """Which of the nine cells of the table of true and given labels each text is in (texts x 9)."""
        cells: Matrix = np.eye(9)[self.truth * 3 + self.given]
        return cells

    def table(self, weights: Matrix) -> Matrix:
        """True by given labels (draws x 3 x 3)."""
        found: Matrix = (weights @ self.cells).reshape(-1, 3, 3)
        return found


Metric = Callable[[Judged, Matrix], Matrix]


def _share(part: Any, whole: Any) -> Matrix:
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Matrix = np.where(whole > 0, part / whole, np.nan)
    return found


def _macro_f1(judged: Judged, weights: Matrix) -> Matrix:
    table = judged.table(weights)
    right = np.diagonal(table, axis1=1, axis2=2)
    found: Matrix = np.nan_to_num(_share(2 * right, table.sum(axis=1) + table.sum(axis=2))).mean(axis=1)
    return found


def _kappa(judged: Judged, weights: Matrix) -> Matrix:
    table = judged.table(weights)
    table = table / table.sum(axis=(1, 2), keepdims=True)
    seen = np.trace(table, axis1=1, axis2=2)
    by_chance = (table.sum(axis=1) * table.sum(axis=2)).sum(axis=1)
    return _share(seen - by_chance, 1.0 - by_chance)


def auc_of(label: int) -> Metric:
    """Area under the ROC curve for one label against the others, by its probability."""

    def auc(judged: Judged, weights: Matrix) -> Matrix:
        right, wrong = judged.rankings[label].steps(weights)
        below = wrong.sum(axis=1, keepdims=True) - np.cumsum(wrong, axis=1)
        return _share((right * (below + wrong / 2)).sum(axis=1), right.sum(axis=1) * wrong.sum(axis=1))

    return auc


def _precision(judged: Judged, weights: Matrix) -> Matrix:
    table = judged.table(weights)
    return _share(table[:, RUMINATION, RUMINATION], table[:, :, RUMINATION].sum(axis=1))


def _recall(judged: Judged, weights: Matrix) -> Matrix:
    table = judged.table(weights)
    return _share(table[:, RUMINATION, RUMINATION], table[:, RUMINATION].sum(axis=1))


def _false_alarms(judged: Judged, weights: Matrix) -> Matrix:
    table = judged.table(weights)
    return _share(table[:, NEITHER, RUMINATION], table[:, NEITHER].sum(axis=1))


def _precision_at(rate: float) -> Metric:
    """Precision of the given labels if that share of all texts were rumination."""

    def precision(judged: Judged, weights: Matrix) -> Matrix:
        table = judged.table(weights)
        others = table[:, [REFLECTION, NEITHER]]
        hits = _share(table[:, RUMINATION, RUMINATION], table[:, RUMINATION].sum(axis=1)) * rate
        alarms = _share(others[:, :, RUMINATION].sum(axis=1), others.sum(axis=(1, 2))) * (1.0 - rate)
        return _share(hits, hits + alarms)

    return precision


def _recall_at(rate: float, least: float = 0.5) -> Metric:
    """How much of the rumination a threshold can find at that base rate while half of what it calls rumination is.

    The recall of given labels does not change with the base rate, so it would say nothing here: what changes is how much can be
    found before false alarms outnumber hits.
    """

    def recall(judged: Judged, weights: Matrix) -> Matrix:
        right, wrong = judged.rankings[RUMINATION].steps(weights)
        hits = _share(np.cumsum(right, axis=1), right.sum(axis=1, keepdims=True))
        alarms = _share(np.cumsum(wrong, axis=1), wrong.sum(axis=1, keepdims=True))
        good = _share(hits * rate, hits * rate + alarms * (1.0 - rate)) >= least
        best: Matrix = np.where(good, hits, 0.0).max(axis=1)
        return np.where(np.isnan(hits[:, -1]) | np.isnan(alarms[:, -1]), np.nan, best)

    return recall


def _brier(judged: Judged, weights: Matrix) -> Matrix:
    squares = ((judged.probabilities - np.eye(3)[judged.truth]) ** 2).sum(axis=1)
    return _share(weights @ squares, weights.sum(axis=1))


def _calibration_error(judged: Judged, weights: Matrix) -> Matrix:
    """Mean over labels of the expected calibration error over ten bins of equal size, as `scoring.calibration` has it."""
    found = np.zeros((3, len(weights)))
    for label, ranking in enumerate(judged.rankings):
        order = ranking.order[::-1]
        gap = (judged.truth[order] == label) - judged.probabilities[order, label]
        ranked = weights[:, order]
        size, gaps = _from_zero(ranked), _from_zero(ranked * gap)
        for draw, (upto, summed) in enumerate(zip(size, gaps, strict=True)):
            total = int(upto[-1])
            ends = np.cumsum([0, *(total // _BINS + (at < total % _BINS) for at in range(_BINS))])
            found[label, draw] = np.abs(np.diff(np.interp(ends, upto, summed))).sum() / total
    mean: Matrix = found.mean(axis=0)
    return mean


def _from_zero(values: Matrix) -> Matrix:
    return np.concatenate((np.zeros((len(values), 1)), np.cumsum(values, axis=1)), axis=1)


METRICS: Final[Mapping[str, Metric]] = {
    "macro-F1": _macro_f1,
    "kappa": _kappa,
    "AUC rumination": auc_of(RUMINATION),
    "AUC reflection": auc_of(REFLECTION),
    "precision rumination": _precision,
    "recall rumination": _recall,
    "false alarms": _false_alarms,
    "precision at 10 %": _precision_at(0.10),
    "recall at 10 %": _recall_at(0.10),
    "precision at 2 %": _precision_at(0.02),
    "recall at 2 %": _recall_at(0.02),
    "Brier": _brier,
    "ECE": _calibration_error,
}
"""Takes texts and weights (draws x texts), returns one value a draw."""
