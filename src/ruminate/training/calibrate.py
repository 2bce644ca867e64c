"""From scores to probabilities that can be trusted, fitted on held-out scores only."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruminate.evaluation.metrics import predicted
from ruminate.scoring.scorer import probabilities

__all__ = ["Calibration", "calibrate", "choose_decision"]

Matrix = NDArray[np.float64]
_GRID: Final = np.round(np.arange(0.6, 2.61, 0.1), 2)


class Calibration(NamedTuple):
    """What turns scores into probabilities: `softmax((scores + shift) / temperature)`."""

    temperature: float
    shift: tuple[float, float, float]


def calibrate(scores: Matrix, targets: Matrix, weights: Matrix) -> Calibration:
    """Temperature and one shift a label that make held-out targets likeliest (temperature scaling with a bias)."""
    from scipy.optimize import minimize

    def loss(point: Matrix) -> float:
        chances = probabilities(scores + np.array([point[1], point[2], 0.0]), float(np.exp(point[0])))
        return float(-(weights[:, None] * targets * np.log(chances + 1e-12)).sum() / weights.sum())

    found = minimize(loss, np.zeros(3), method="Nelder-Mead", options={"maxiter": 2000, "xatol": 1e-5, "fatol": 1e-9}).x
    return Calibration(float(np.exp(found[0])), (float(found[1]), float(found[2]), 0.0))


def choose_decision(chances: Matrix, truth: NDArray[np.int64]) -> tuple[float, float, float]:
    """How much each label is to be favoured when one is chosen: what gives the best macro-F1 on held-out texts.

    The middle of all settings within half a point of the best is taken, so that the choice does not hang on single texts.
    """
    found = {}
    for first in _GRID:
        for second in _GRID:
            found[float(first), float(second)] = _macro_f1(truth, predicted(chances, (first, second, 1.0)))
    best = max(found.values())
    near = np.array([pair for pair, value in found.items() if value >= best - 0.005])
    middle = near.mean(axis=0)
    return round(float(middle[0]), 2), round(float(middle[1]), 2), 1.0


def _macro_f1(truth: NDArray[np.int64], given: NDArray[np.int64]) -> float:
    table = np.bincount(truth * 3 + given, minlength=9).reshape(3, 3)
    right = np.diag(table)
    return float((2 * right / np.maximum(table.sum(axis=0) + table.sum(axis=1), 1)).mean())
