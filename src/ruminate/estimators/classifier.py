"""`RuminationClassifier`: learns from own labels, near our weights or from nothing, and explains every decision.

It is multinomial logistic regression on the named features. What is special is where it starts: the penalty pulls the
weights toward *ours* instead of toward zero, so that a few dozen labels move what they have evidence for and leave the
rest as it was. What is learned can be saved as a model folder, and then decides behind every other door.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_consistent_length, check_is_fitted, column_or_1d

from ruminate.analyzer import Analyzer
from ruminate.estimators.features import SignFeatures, as_texts, extractor_with
from ruminate.estimators.learning import extracted_batches, from_nothing, learn, with_classes
from ruminate.results import LABELS
from ruminate.scoring.extraction import Extracted
from ruminate.scoring.features import FeatureTable
from ruminate.scoring.model_file import save_model
from ruminate.scoring.scorer import TERM, LinearScorer, Scored

__all__ = ["Explanation", "RuminationClassifier"]

Matrix = NDArray[np.float64]
_FAR: Final = 1e9
"""Stands in a model file where a value is not clipped: its numbers are finite."""


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
        Classes x features, and one number a class; for feature values as `SignFeatures` gives them, clipped, and counted from
        `scorer_.center`.
    feature_names_
        Names of the features.
    scorer_
        What scores: also the range that values are clipped to, and words that our model weighs, which stay as they are.
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
        texts = as_texts(X)
        features = SignFeatures(signs=self.signs).fit(texts)
        labels = column_or_1d(y, warn=True)
        check_consistent_length(texts, labels)
        check_classification_targets(labels)
        classes, codes = np.unique(labels, return_inverse=True)
        if len(classes) < 2:
            raise ValueError(f"at least two classes are needed; the labels hold {len(classes)} class")
        weight = _check_sample_weight(sample_weight, labels, dtype=np.float64) * compute_sample_weight(self.class_weight, labels)
        extractor = extractor_with(features.own_signs_)
        begin = self._begin(classes, features, extractor.table)
        rows, base = [], []
        for found in extracted_batches(extractor, texts):
            rows.append(found.features.texts)
            base.append(begin.score(found.features.rows, found.batch).scores[: found.features.count])
        settings = (self.C, self.max_iter, self.tol)
        self.scorer_, self.n_iter_ = learn(begin, np.concatenate(rows), np.concatenate(base), codes, weight, settings)
        self.classes_ = classes
        self.coef_, self.intercept_ = self.scorer_.weights.T, np.array(self.scorer_.intercept)
        self.shares_ = np.bincount(codes, weights=weight) / weight.sum()
        self.feature_names_ = features.feature_names_
        self.own_signs_ = features.own_signs_
        return self

    def _begin(self, classes: NDArray[Any], features: SignFeatures, table: FeatureTable) -> LinearScorer:
        if self.start == "scratch":
            return from_nothing(table, len(classes))
        if self.start not in ("default", "rules"):
            raise ValueError(f"start: {self.start!r} is none of 'default', 'rules', 'scratch'")
        ours = self._ours(classes)
        foreign = [label for label in ours if label not in LABELS]
        if foreign or len(set(ours)) < len(ours):
            wrong = f"{', '.join(map(repr, foreign[:5]))} is none of them" if foreign else "two stand for the same"
            raise ValueError(f"start={self.start!r} needs the labels {', '.join(LABELS)}, and {wrong}; use stands_for, or start='scratch'")
        scorer = Analyzer("default" if self.start == "default" else None, signs=features.own_signs_).scorer
        return with_classes(scorer, [LABELS.index(label) for label in ours])

    def _ours(self, classes: NDArray[Any]) -> list[Any]:
        """Which of our labels each class is, or stands for."""
        return [(self.stands_for or {}).get(label, label) for label in classes.tolist()]

    def _scored(self, X: Any) -> Iterator[tuple[Extracted, Scored]]:
        check_is_fitted(self)
        for found in extracted_batches(extractor_with(self.own_signs_), as_texts(X)):
            yield found, self.scorer_.score(found.features.rows, found.batch)

    def _scores(self, X: Any) -> Matrix:
        parts = [scored.scores[: found.features.count] for found, scored in self._scored(X)]
        return np.concatenate(parts) if parts else np.empty((0, len(self.classes_)))

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
        return [self._explained(row, scored, at) for found, scored in self._scored(X) for at, row in enumerate(found.features.texts)]

    def _explained(self, row: Matrix, scored: Scored, at: int) -> tuple[Explanation, ...]:
        scorer = self.scorer_
        values = scorer.clip(row[None, :])[0]
        names, parts = list(self.feature_names_), (values - scorer.center)[:, None] * scorer.weights
        if scored.terms is not None and scorer.vocabulary is not None and scorer.term_weights is not None:
            words = scored.terms.of_text(at)
            names += [f"{TERM}{scorer.vocabulary.terms[column]}" for column in words.columns.tolist()]
            values = np.concatenate((values, words.values))
            parts = np.concatenate((parts, scorer.term_weights[words.columns] * words.values[:, None]))
        classes = self.classes_.tolist()
        some = np.flatnonzero(parts.any(axis=1))
        order = some[np.argsort(-np.ptp(parts[some], axis=1), kind="stable")]
        return tuple(
            Explanation(names[column], float(values[column]), MappingProxyType(dict(zip(classes, parts[column].tolist(), strict=True))))
            for column in order.tolist()
        )

    def save(self, folder: str | Path, *, name: str) -> None:
        """Write what was learned as a model folder: numbers and words, no code.

        `ruminate.Analyzer(model=folder, signs=…)` then decides by it, and with it every other door. It adds what an analyzer
        does beyond `predict`: it abstains. Own signs are not part of the folder; hand them in again.

        Parameters
        ----------
        folder
            Made if it isn't there.
        name
            Stands in `Assessment.decided_by` as "model:<name>".

        Raises
        ------
        ValueError
            If the classes are not our three labels, or don't stand for them.
        """
        check_is_fitted(self)
        ours = self._ours(self.classes_)
        if sorted(map(str, ours)) != sorted(LABELS):
            raise ValueError(f"a model that others can use gives the labels {', '.join(LABELS)}; these are {', '.join(map(str, ours))} (see stands_for)")
        order = [ours.index(label) for label in LABELS]
        first, second, third = self.shares_[order].tolist()
        scorer = with_classes(self.scorer_, order)
        low, high = np.maximum(scorer.low, -_FAR), np.minimum(scorer.high, _FAR)
        units = {feature.name: feature.unit for feature in extractor_with(self.own_signs_).table.features}
        save_model(folder, replace(scorer, name=f"model:{name}", base_rates=(first, second, third), low=low, high=high), units)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags

