"""Probabilities that mean what they say: fitting temperature and start, and re-estimating base rates on new texts.

The ranking of texts survives a new collection; how common the labels are does not. Where unlabeled texts of the new
collection are at hand, their base rates can be estimated from the probabilities themselves.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["BaseRates", "estimate_base_rates", "expected_calibration_error"]

Matrix = NDArray[np.float64]
_LEAST: Final = 0.002


class BaseRates(NamedTuple):
    """Estimated shares of the labels, and in how many rounds they were found."""

    shares: tuple[float, float, float]
    rounds: int


def estimate_base_rates(probabilities: Matrix, base_rates: Matrix, *, strength: float = 20.0, most_rounds: int = 500) -> BaseRates:
    """Shares of the labels in a collection, by expectation maximization for label shift.

    Parameters
    ----------
    probabilities
        Texts x labels, calibrated for `base_rates`.
    base_rates
        The shares for which they are calibrated.
    strength
        How many texts of the old shares are mixed in, so that a handful of new texts doesn't carry the estimate away.
    most_rounds
        Stops there if it hasn't settled.

    Examples
    --------
    >>> rare = np.array([[0.05, 0.05, 0.90]] * 400)
    >>> round(estimate_base_rates(rare, np.array([0.2, 0.2, 0.6])).shares[2], 2)
    0.98

    References
    ----------
    Saerens, Latinne & Decaestecker (2002), Adjusting the outputs of a classifier to new a priori probabilities.
    """
    old = base_rates / base_rates.sum()
    shares = old.copy()
    done = 0
    for done in range(1, most_rounds + 1):  # noqa: B007 - the count is part of the result
        shifted = probabilities * (shares / old)
        shifted /= shifted.sum(axis=1, keepdims=True)
        new = np.maximum((shifted.sum(axis=0) + strength * old) / (len(probabilities) + strength), _LEAST)
        new /= new.sum()
        moved = float(np.abs(new - shares).max())
        shares = new
        if moved < 1e-7:
            break
    first, second, third = shares.tolist()
    return BaseRates((first, second, third), done)


def expected_calibration_error(truth: NDArray[np.bool_], probabilities: Matrix, *, bins: int = 10) -> float:
    """How far probabilities of one label are from its share, over bins of equal size (ECE).

    Examples
    --------
    >>> expected_calibration_error(np.array([True, False]), np.array([1.0, 0.0]), bins=2)
    0.0
    """
    parts = np.array_split(np.argsort(probabilities, kind="stable"), bins)
    return float(sum(len(part) * abs(truth[part].mean() - probabilities[part].mean()) for part in parts if len(part)) / len(truth))
