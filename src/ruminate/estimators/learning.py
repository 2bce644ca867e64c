"""What the classifier learns: a step away from given weights, and what becomes of texts on the way.

The scorer is the library's own (`ruminate.scoring.scorer.LinearScorer`), with as many columns of weights as there are
classes. Words that it weighs stay as they are; only the weights of the named features and the intercepts move.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax

from ruminate.errors import InputError
from ruminate.scoring.extraction import Extracted, Extractor
from ruminate.scoring.features import FeatureTable
from ruminate.scoring.rules import limits
from ruminate.scoring.scorer import LinearScorer

__all__ = ["extracted_batches", "from_nothing", "learn", "with_classes"]

Matrix = NDArray[np.float64]
_BATCH = 128


def extracted_batches(extractor: Extractor, texts: Sequence[str]) -> Iterator[Extracted]:
    """What is found in the texts, a batch at a time.

    Raises
    ------
    InputError
        If one of them is not a `str`; the message says which, and quotes nothing.
    """
    for begin in range(0, len(texts), _BATCH):
        batch = texts[begin : begin + _BATCH]
        for at, text in enumerate(batch, begin):
            if not isinstance(text, str):
                raise InputError(f"text {at} is of type {type(text).__name__}, not str; decode bytes and fill or drop missing values first")
        yield extractor.extract(batch)


def from_nothing(table: FeatureTable, classes: int) -> LinearScorer:
    """A scorer that says nothing yet."""
    low, high = limits(table)
    nothing: Any = (0.0,) * classes
    weights, center = np.zeros((len(table.names), classes)), np.zeros(len(table.names))
    return LinearScorer(name="own", features=table.names, weights=weights, intercept=nothing, low=low, high=high, center=center)


def with_classes(scorer: LinearScorer, order: Sequence[int]) -> LinearScorer:
    """The same scorer with only these columns, in this order, and its temperature worked into its weights."""
    at, by = list(order), scorer.temperature
    changed: dict[str, Any] = {
        "weights": scorer.weights[:, at] / by,
        "intercept": tuple((np.array(scorer.intercept)[at] / by).tolist()),
        "term_weights": None if scorer.term_weights is None else scorer.term_weights[:, at] / by,
        "decision": (1.0,) * len(at),
    }
    return replace(scorer, name="own", temperature=1.0, base_rates=None, **changed)


def learn(
    begin: LinearScorer, rows: Matrix, base: Matrix, codes: NDArray[np.int64], weight: Matrix, settings: tuple[float, int, float]
) -> tuple[LinearScorer, int]:
    """A scorer that fits the labels and stays near the first one, and in how many steps it was found.

    The step away from the first weights is what is searched for, and penalized, for features scaled to unit variance; the
    intercepts are free, so that how often a label is given follows the labels.

    Parameters
    ----------
    begin
        The scorer to begin with.
    rows, base
        Feature rows of the texts, and their scores by `begin`.
    codes, weight
        The class of each text, as a column, and how much the text counts.
    settings
        Inverse strength of the penalty, most steps, and the slope at which to stop.
    """
    strength, most, slope_left = settings
    values = begin.clip(rows) - begin.center
    spread, mean = values.std(axis=0), values.mean(axis=0)
    spread[spread == 0.0] = 1.0
    scaled = (values - mean) / spread
    classes = base.shape[1]
    truth = np.eye(classes)[codes]

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        step = flat.reshape(-1, classes)
        logs = log_softmax(base + scaled @ step[:-1] + step[-1], axis=1)
        wrong = (np.exp(logs) - truth) * weight[:, None]
        value = -float((weight * (logs * truth).sum(axis=1)).sum()) + float((step[:-1] ** 2).sum()) / (2 * strength)
        slope = np.vstack((scaled.T @ wrong + step[:-1] / strength, wrong.sum(axis=0)))
        return value, slope.ravel()

    options = {"maxiter": most, "gtol": slope_left, "ftol": 1e-14}
    found = minimize(loss, np.zeros((len(spread) + 1) * classes), jac=True, method="L-BFGS-B", options=options)
    step = found.x.reshape(-1, classes)
    change = step[:-1] / spread[:, None]
    moved: Any = tuple((np.array(begin.intercept) + step[-1] - mean @ change).tolist())
    return replace(begin, weights=begin.weights + change, intercept=moved), int(found.nit)
