"""Metrics of weightings are the metrics of the texts that they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, f1_score, precision_recall_curve, roc_auc_score

from ruminate.evaluation.metrics import evaluate_predictions, predicted
from ruminate.evaluation.weighted import METRICS, Judged
from ruminate.scoring.calibration import expected_calibration_error

RANDOM = np.random.default_rng(3)
TRUTH = RANDOM.choice(3, size=400, p=[0.15, 0.2, 0.65])
CHANCES = RANDOM.dirichlet(np.ones(3), size=400) * 0.6 + 0.4 * np.eye(3)[TRUTH] * RANDOM.random((400, 1))
CHANCES = np.round(CHANCES / CHANCES.sum(axis=1, keepdims=True), 2) + 1e-6  # many ties
COUNTS = RANDOM.integers(0, 4, size=(20, 400))


def of_texts(truth: np.ndarray, chances: np.ndarray) -> dict[str, float]:
    given = predicted(chances)
    return {
        "macro-F1": f1_score(truth, given, average="macro"),
        "kappa": cohen_kappa_score(truth, given),
        "AUC rumination": roc_auc_score(truth == 1, chances[:, 1]),
        "AUC reflection": roc_auc_score(truth == 0, chances[:, 0]),
        "precision rumination": (truth[given == 1] == 1).mean(),
        "recall rumination": (given[truth == 1] == 1).mean(),
        "false alarms": (given[truth == 2] == 1).mean(),
        "Brier": ((chances - np.eye(3)[truth]) ** 2).sum(axis=1).mean(),
        "ECE": np.mean([expected_calibration_error(truth == label, chances[:, label]) for label in range(3)]),
    }


@pytest.mark.parametrize("draw", range(0, 20, 5))
def test_a_weighting_is_the_texts_repeated(draw: int) -> None:
    repeated = np.repeat(np.arange(400), COUNTS[draw])
    judged = Judged(TRUTH, predicted(CHANCES), CHANCES)
    for name, value in of_texts(TRUTH[repeated], CHANCES[repeated]).items():
        tolerance = 0.01 if name == "ECE" else 1e-9  # which of two tied texts comes first in a bin is open
        assert METRICS[name](judged, COUNTS.astype(float))[draw] == pytest.approx(value, abs=tolerance), name


def test_recall_at_a_base_rate_is_read_off_the_precision_recall_curve() -> None:
    """With as many copies of the other texts as the base rate asks for, the curve of scikit-learn says the same."""
    judged = Judged(TRUTH, predicted(CHANCES), CHANCES)
    share = (TRUTH == 1).mean()
    weights = np.where(TRUTH == 1, 0.1 / share, 0.9 / (1 - share))
    precision, recall, _ = precision_recall_curve(TRUTH == 1, CHANCES[:, 1], sample_weight=weights)
    assert METRICS["recall at 10 %"](judged, np.ones((1, 400)))[0] == pytest.approx(recall[precision >= 0.5].max())


def test_rumination_that_ranks_last_is_not_found_at_a_low_base_rate() -> None:
    truth = np.array([1] * 5 + [2] * 95)
    chances = np.array([[0.1, 0.2, 0.7]] * 5 + [[0.1, 0.3, 0.6]] * 95)
    found = evaluate_predictions(truth, chances, [str(at) for at in range(100)], draws=5)
    assert found["recall at 10 %"].value == 0.0
    assert np.isnan(found["precision at 10 %"].value)


def test_a_missing_label_has_no_figure() -> None:
    found = evaluate_predictions(np.array([2, 2, 0]), np.eye(3)[[2, 2, 0]], ["a", "b", "c"], draws=10)
    for name in ("AUC rumination", "recall rumination", "precision at 2 %", "recall at 2 %"):
        assert np.isnan(found[name].value), name
        assert np.isnan(found[name].low), name
