"""Metrics for three labels, with bootstrap intervals that respect groups.

Standard terms, computed by scikit-learn. Macro-F1 and Cohen's kappa judge the labels that are given, AUC the ranking by
probability; "false alarms" is the share of texts labelled neither that are called rumination; "precision at 2 %" is what the
precision of rumination would be if so few texts were rumination. Brier score and ECE (mean over labels, ten bins) judge probabilities.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, f1_score, roc_auc_score

from ruminate.results import LABELS
from ruminate.scoring.calibration import expected_calibration_error

__all__ = ["METRICS", "Estimate", "Numbers", "bootstrap", "evaluate_predictions", "predicted"]

Numbers = NDArray[np.int64]
Matrix = NDArray[np.float64]
REFLECTION, RUMINATION, NEITHER = range(3)


class Estimate(NamedTuple):
    """A figure and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{_short(self.value)} [{_short(self.low)}, {_short(self.high)}]"


def _short(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}".replace("0.", ".", 1)


def predicted(probabilities: Matrix, decision: Sequence[float] = (1.0, 1.0, 1.0)) -> Numbers:
    """The label of each row; `decision` favours labels as `LinearScorer.decision` does."""
    chosen: Numbers = np.argmax(probabilities * np.asarray(decision), axis=1)
    return chosen


def _macro_f1(truth: Numbers, given: Numbers, _: Matrix) -> float:
    return float(f1_score(truth, given, average="macro", labels=[0, 1, 2], zero_division=0.0))


def _kappa(truth: Numbers, given: Numbers, _: Matrix) -> float:
    return float(cohen_kappa_score(truth, given, labels=[0, 1, 2]))


def _auc(label: int) -> Callable[[Numbers, Numbers, Matrix], float]:
    def auc(truth: Numbers, _: Numbers, probabilities: Matrix) -> float:
        is_it = truth == label
        return float(roc_auc_score(is_it, probabilities[:, label])) if 0 < is_it.sum() < len(is_it) else float("nan")

    return auc


def _precision(truth: Numbers, given: Numbers, _: Matrix) -> float:
    called = given == RUMINATION
    return float((truth[called] == RUMINATION).mean()) if called.any() else float("nan")


def _recall(truth: Numbers, given: Numbers, _: Matrix) -> float:
    there = truth == RUMINATION
    return float((given[there] == RUMINATION).mean()) if there.any() else float("nan")


def _false_alarms(truth: Numbers, given: Numbers, _: Matrix) -> float:
    other = truth == NEITHER
    return float((given[other] == RUMINATION).mean()) if other.any() else float("nan")


def _precision_at(share: float) -> Callable[[Numbers, Numbers, Matrix], float]:
    """Precision of rumination if that share of all texts were rumination: hits and false alarms re-weighted."""

    def precision(truth: Numbers, given: Numbers, _: Matrix) -> float:
        there = truth == RUMINATION
        if not there.any() or there.all():
            return float("nan")
        hits, alarms = (given[there] == RUMINATION).mean() * share, (given[~there] == RUMINATION).mean() * (1.0 - share)
        return float(hits / (hits + alarms)) if hits + alarms > 0 else float("nan")

    return precision


def _brier(truth: Numbers, _: Numbers, probabilities: Matrix) -> float:
    return float(((probabilities - np.eye(3)[truth]) ** 2).sum(axis=1).mean())


def _calibration_error(truth: Numbers, _: Numbers, probabilities: Matrix) -> float:
    return float(np.mean([expected_calibration_error(truth == label, probabilities[:, label]) for label in range(3)]))


METRICS: Final[Mapping[str, Callable[[Numbers, Numbers, Matrix], float]]] = {
    "macro-F1": _macro_f1,
    "kappa": _kappa,
    "AUC rumination": _auc(RUMINATION),
    "AUC reflection": _auc(REFLECTION),
    "precision rumination": _precision,
    "recall rumination": _recall,
    "false alarms": _false_alarms,
    "precision at 10 %": _precision_at(0.10),
    "precision at 2 %": _precision_at(0.02),
    "Brier": _brier,
    "ECE": _calibration_error,
}


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
    given = predicted(probabilities, decision)
    point = {name: metric(truth, given, probabilities) for name, metric in METRICS.items()}
    _, number = np.unique(np.asarray(groups), return_inverse=True)
    members = [np.flatnonzero(number == at) for at in range(number.max() + 1)]
    random = np.random.default_rng(seed)
    drawn: dict[str, list[float]] = {name: [] for name in METRICS}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a draw without one of the labels says nothing, and is left out below
        for _ in range(draws):
            at = _draw(members, random)
            for name, metric in METRICS.items():
                drawn[name].append(metric(truth[at], given[at], probabilities[at]))
    return {name: Estimate(value, *_interval(drawn[name])) for name, value in point.items()}


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
