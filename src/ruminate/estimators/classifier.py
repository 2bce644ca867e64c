"""`RuminationClassifier`: learns from own labels, near our weights or from nothing, and explains every decision.

It is multinomial logistic regression on the named features. What is special is where it starts: the penalty pulls the
weights toward *ours* instead of toward zero, so that a few dozen labels move what they have evidence for and leave the
rest as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_consistent_length, check_is_fitted, column_or_1d

from ruminate.analyzer import Analyzer
from ruminate.estimators.features import SignFeatures, extractor_with
from ruminate.results import LABELS
from ruminate.scoring.rules import limits
from ruminate.scoring.scorer import LinearScorer

__all__ = ["Explanation", "RuminationClassifier"]

Matrix = NDArray[np.float64]


class Explanation(NamedTuple):
    """What one feature added to the score of each class; a score is `intercept_` plus the sum of these, and nothing else."""

    feature: str
    value: float
    adds: Mapping[Any, float]


class RuminationClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classifies texts by own labels.

    Parameters
    ----------
    start
        "default": from the weights that `ruminate.assess` uses. "rules": from the rules. "scratch": from nothing. The first
        two need labels of ours ("reflection", "rumination", "neither", or two of them), or `stands_for`.
    stands_for
        For labels of other names, which of ours each stands for, such as ``{0: "neither", 1: "rumination"}``. (scikit-learn's
        `cross_val_predict` numbers the labels when asked for probabilities: hand in ``dict(enumerate(sorted(labels)))``.)
    C
        How far the labels may pull the weights from the start, for features scaled to unit variance; as in
        `sklearn.linear_model.LogisticRegression`, smaller is stronger. With few labels, small is better.
    signs
        Folders of sign files of your own (see `ruminate.Analyzer`).
    class_weight
        None, "balanced", or a mapping of class to weight.
    max_iter, tol
        When the optimizer (L-BFGS) stops.

    Attributes
    ----------
    classes_
        The labels, sorted.
    coef_, intercept_
        Classes x features, and one number a class; for feature values as `SignFeatures` gives them, clipped to `low_`, `high_`.
    feature_names_
        Names of the features.
    low_, high_
        Values are clipped to this range, so that no single odd value can decide.
    n_iter_
        Steps of the optimizer.

    Examples
    --------
    >>> texts = ["It's all my fault, I ruin everything.", "Bought bread.", "I wonder what made it hard. Maybe she was tired."]
    >>> classifier = RuminationClassifier().fit(texts, ["rumination", "neither", "reflection"])
    >>> classifier.predict(texts).tolist()
    ['rumination', 'neither', 'reflection']
    >>> first = classifier.explain(texts)[0][0]
    >>> first.feature in classifier.feature_names_, sorted(first.adds)
    (True, ['neither', 'reflection', 'rumination'])
    """

    def __init__(
        self,
        *,
        start: Literal["default", "rules", "scratch"] = "default",
        stands_for: Mapping[Any, str] | None = None,
        C: float = 0.1,
        signs: Sequence[str | Path] | None = None,
        class_weight: Literal["balanced"] | Mapping[Any, float] | None = None,
        max_iter: int = 500,
        tol: float = 1e-6,
    ) -> None:
        self.start = start
        self.stands_for = stands_for
        self.C = C
        self.signs = signs
        self.class_weight = class_weight
        self.max_iter = max_iter
        self.tol = tol

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Learn from texts and their labels.

        Raises
        ------
        ValueError
            If lengths differ, there is only one class, a setting is out of range, or `start` does not fit the labels.
        InputError
            If `X` is not a column of texts.
        """
        if self.C <= 0:
            raise ValueError("C must be positive")
        features = SignFeatures(signs=self.signs).fit(X)
        rows = features.transform(X)
        labels = column_or_1d(y, warn=True)
        check_consistent_length(rows, labels)
        check_classification_targets(labels)
        classes, codes = np.unique(labels, return_inverse=True)
        if len(classes) < 2:
            raise ValueError(f"at least two classes are needed; the labels hold {len(classes)} class")
        weight = _check_sample_weight(sample_weight, rows) * compute_sample_weight(self.class_weight, labels)
        table = extractor_with(features.own_signs_).table
        begin = self._begin(classes, features)
        low, high = (begin.low, begin.high) if begin is not None else limits(table)
        values = np.clip(rows, low, high)
        spread = values.std(axis=0)
        spread[spread == 0.0] = 1.0
        if begin is None:
            first, first_intercept = np.zeros((len(table.names), len(classes))), np.zeros(len(classes))
        else:
            order = [LABELS.index(label) for label in self._ours(classes)]
            first = begin.weights[:, order] / begin.temperature
            first_intercept = np.array(begin.intercept)[order] / begin.temperature - begin.center @ first
        learned, intercept, steps = _learn(values, codes, weight, (first, first_intercept), (spread, self.C, self.max_iter, self.tol))
        self.classes_ = classes
        self.coef_ = learned.T
        self.intercept_ = intercept
        self.low_, self.high_ = low, high
        self.n_iter_ = steps
        self.feature_names_ = features.feature_names_
        self.features_ = features
        return self

    def _begin(self, classes: NDArray[Any], features: SignFeatures) -> LinearScorer | None:
        if self.start == "scratch":
            return None
        if self.start not in ("default", "rules"):
            raise ValueError(f"start: {self.start!r} is none of 'default', 'rules', 'scratch'")
        ours = self._ours(classes)
        foreign = [label for label in ours if label not in LABELS]
        if foreign or len(set(ours)) < len(ours):
            wrong = f"{', '.join(map(repr, foreign[:5]))} is none of them" if foreign else "two stand for the same"
            raise ValueError(f"start={self.start!r} needs the labels {', '.join(LABELS)}, and {wrong}; use stands_for, or start='scratch'")
        return Analyzer("default" if self.start == "default" else None, signs=features.own_signs_).scorer

    def _ours(self, classes: NDArray[Any]) -> list[Any]:
        """Which of our labels each class is, or stands for."""
        return [(self.stands_for or {}).get(label, label) for label in classes.tolist()]

    def _scorer(self) -> LinearScorer:
        check_is_fitted(self)
        return LinearScorer("own", tuple(self.feature_names_), self.coef_.T, tuple(self.intercept_.tolist()), self.low_, self.high_, np.zeros_like(self.low_))

    def _scores(self, X: Any) -> Matrix:
        scorer = self._scorer()
        return scorer.scores(self.features_.transform(X))

    def decision_function(self, X: Any) -> Matrix:
        """Scores: texts x classes; with two classes one number a text, positive for `classes_[1]`."""
        scores = self._scores(X)
        return scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores

    def predict_proba(self, X: Any) -> Matrix:
        """Probabilities: texts x classes, in the order of `classes_`."""
        chances: Matrix = softmax(self._scores(X), axis=1)
        return chances

    def predict(self, X: Any) -> NDArray[Any]:
        """The likeliest class of each text. It never abstains: that is for `Analyzer`."""
        scores = self._scores(X)
        chosen: NDArray[Any] = self.classes_[np.argmax(scores, axis=1)]
        return chosen

    def explain(self, X: Any) -> list[tuple[Explanation, ...]]:
        """For each text, what each feature added to each class, that which tells the classes apart most first."""
        scorer = self._scorer()
        values = scorer.clip(self.features_.transform(X))
        found = []
        for row in values:
            parts = row[:, None] * scorer.weights
            at = np.flatnonzero(parts.any(axis=1))
            order = at[np.argsort(-np.ptp(parts[at], axis=1), kind="stable")]
            found.append(tuple(self._explanation(column, row, parts) for column in order.tolist()))
        return found

    def _explanation(self, column: int, row: Matrix, parts: Matrix) -> Explanation:
        adds = dict(zip(self.classes_.tolist(), parts[column].tolist(), strict=True))
        return Explanation(self.feature_names_[column], float(row[column]), MappingProxyType(adds))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


def _learn(
    values: Matrix, codes: NDArray[np.int64], weight: Matrix, first: tuple[Matrix, Matrix], settings: tuple[Matrix, float, int, float]
) -> tuple[Matrix, Matrix, int]:
    """Weights and intercepts that fit the labels and stay near the first ones.

    The step away from the first weights is what is searched for, and penalized; the intercepts are free, so that how
    often a label is given follows the labels.
    """
    spread, C, max_iter, tol = settings
    begin, begin_intercept = first
    center = values.mean(axis=0)
    scaled = (values - center) / spread
    base = values @ begin + begin_intercept
    rows, classes = len(values), begin.shape[1]
    truth = np.zeros((rows, classes))
    truth[np.arange(rows), codes] = 1.0

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        step = flat.reshape(-1, classes)
        scores = base + scaled @ step[:-1] + step[-1]
        logs = log_softmax(scores, axis=1)
        wrong = (np.exp(logs) - truth) * weight[:, None]
        value = -float((weight * (logs * truth).sum(axis=1)).sum()) + float((step[:-1] ** 2).sum()) / (2 * C)
        slope = np.vstack((scaled.T @ wrong + step[:-1] / C, wrong.sum(axis=0)))
        return value, slope.ravel()

    found = minimize(loss, np.zeros((len(spread) + 1) * classes), jac=True, method="L-BFGS-B", options={"maxiter": max_iter, "gtol": tol, "ftol": 1e-14})
    step = found.x.reshape(-1, classes)
    change = step[:-1] / spread[:, None]
    return begin + change, begin_intercept + step[-1] - center @ change, int(found.nit)
