"""Metrics for three labels, with bootstrap intervals that respect groups.

Standard terms. Macro-F1 and Cohen's kappa judge the labels that are given, AUC the ranking by
probability; "false alarms" is the share of texts labelled neither that are called rumination; "precision at 2 %" is what the
precision of rumination would be if so few texts were rumination, and "recall at 2 %" how much of it a threshold could find there
before more than half of what it calls rumination is something else. Brier score and ECE (mean over labels, ten bins) judge probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruminate.evaluation.weighted import METRICS, Judged
from ruminate.results import LABELS

__all__ = ["METRICS", "Estimate", "Numbers", "bootstrap", "clustered_mean", "evaluate_predictions", "predicted"]

Numbers = NDArray[np.int64]
Matrix = NDArray[np.float64]
_AT_ONCE: Final = 4_000_000
"""So many weights of texts are held at a time."""


class Estimate(NamedTuple):
    """A figure and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        interval = "" if np.isnan(self.low) else f" [{_short(self.low)}, {_short(self.high)}]"
        return f"{_short(self.value)}{interval}"


def _short(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}".replace("0.", ".", 1)


def predicted(probabilities: Matrix, decision: Sequence[float] = (1.0, 1.0, 1.0)) -> Numbers:
    """The label of each row; `decision` favours labels as `LinearScorer.decision` does."""
    chosen: Numbers = np.argmax(probabilities * np.asarray(decision), axis=1)
    return chosen


def evaluate_predictions(
    truth: Numbers, probabilities: Matrix, groups: Sequence[str], *, decision: Sequence[float] = (1.0, 1.0, 1.0), draws: int = 1000, seed: int = 0
) -> dict[str, Estimate]:
    """All metrics with 95 % intervals.

    Parameters
    ----------
    truth
        True labels as numbers, in the order of `ruminate.LABELS`.
    probabilities
        Texts x labels.
    groups
        What is drawn as a whole in the bootstrap (contrast set, author, or the text itself).
    decision
        How much each label is favoured when one is chosen.
    draws, seed
        Bootstrap draws, and where they start.

    Examples
    --------
    >>> figures = evaluate_predictions(np.array([0, 1, 2, 2]), np.eye(3)[[0, 1, 2, 2]], ["a", "b", "c", "d"], draws=20)
    >>> figures["macro-F1"].value
    1.0
    """
    if probabilities.shape != (len(truth), len(LABELS)):
        raise ValueError(f"{len(truth)} labels need probabilities of shape ({len(truth)}, {len(LABELS)}), not {probabilities.shape}")
    judged = Judged(truth, predicted(probabilities, decision), probabilities)
    names, number = np.unique(np.asarray(groups), return_inverse=True)
    point = {name: float(metric(judged, np.ones((1, len(truth))))[0]) for name, metric in METRICS.items()}
    random = np.random.default_rng(seed)
    counts = np.array([np.bincount(random.integers(len(names), size=len(names)), minlength=len(names)) for _ in range(draws)])
    drawn: dict[str, list[float]] = {name: [] for name in METRICS}
    step = max(1, _AT_ONCE // max(1, len(truth)))
    for begin in range(0, draws, step):
        weights = counts[begin : begin + step][:, number].astype(np.float64)
        for name, metric in METRICS.items():
            drawn[name] += metric(judged, weights).tolist()
    return {name: Estimate(value, *_interval(drawn[name])) for name, value in point.items()}


def clustered_mean(values: Matrix, groups: Sequence[str], *, draws: int = 1000, seed: int = 0) -> Estimate:
    """A mean with its 95 % interval; groups are drawn as a whole.

    Examples
    --------
    >>> clustered_mean(np.array([1.0, 1.0, 0.0, 0.0]), ["a", "a", "b", "c"], draws=50).value
    0.5
    """
    if not len(values):
        return Estimate(float("nan"), float("nan"), float("nan"))
    names, number = np.unique(np.asarray(groups), return_inverse=True)
    sums, sizes = np.bincount(number, weights=values), np.bincount(number)
    counts = np.random.default_rng(seed).integers(len(names), size=(draws, len(names)))
    return Estimate(float(values.mean()), *_interval((sums[counts].sum(axis=1) / sizes[counts].sum(axis=1)).tolist()))


def bootstrap(figure: Callable[[Numbers], float], members: Sequence[Numbers], *, draws: int = 1000, seed: int = 0) -> Estimate:
    """A figure of rows with its 95 % interval; `members` are the rows of each group, and groups are drawn as a whole."""
    random = np.random.default_rng(seed)
    everything = np.concatenate(members)
    return Estimate(figure(everything), *_interval([figure(_draw(members, random)) for _ in range(draws)]))


def _draw(members: Sequence[Numbers], random: np.random.Generator) -> Numbers:
    return np.concatenate([members[group] for group in random.integers(len(members), size=len(members))])


def _interval(values: Sequence[float]) -> tuple[float, float]:
    kept = [value for value in values if not np.isnan(value)]
    if not kept:
        return float("nan"), float("nan")
    low, high = np.percentile(kept, [2.5, 97.5])
    return float(low), float(high)
