"""Shares, differences and agreement with intervals. All of it is scipy's, statsmodels' and krippendorff's; here it is only called.

Texts of one author are alike, so intervals draw whole authors where authors are known.
"""

from __future__ import annotations

import warnings
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruminate.results import LABELS

__all__ = ["FEWEST_AUTHORS", "Agreement", "Difference", "Interval", "agreement", "difference", "share"]

Numbers = NDArray[Any]
_DRAWS: Final = 999
FEWEST_AUTHORS: Final = 3
"""Fewer can't be drawn from."""
_MANY: Final = 20_000
"""From so many authors on, fewer draws do."""


class Interval(NamedTuple):
    """A figure, its 95 % interval, and how many texts it rests on."""

    value: float
    low: float
    high: float
    texts: int

    @property
    def percent(self) -> str:
        """As a person reads it."""
        return f"{self.value:.1%} [{self.low:.1%}, {self.high:.1%}]" if self.texts else "no texts"

    @property
    def points(self) -> str:
        """A difference of shares, in percentage points, as a person reads it."""
        return f"{100 * self.value:+.1f} [{100 * self.low:+.1f}, {100 * self.high:+.1f}]"


class Difference(NamedTuple):
    """How a group differs from the others: shares, their difference, and Cohen's h."""

    here: float
    others: float
    gap: Interval
    effect: float


class Agreement(NamedTuple):
    """Agreement with labels that people gave, on texts that have a label of both."""

    kappa: Interval
    alpha: float
    accuracy: float
    confusion: Numbers
    left_out: int


def _bootstrap(data: tuple[Numbers, ...], statistic: Any) -> tuple[float, float]:
    from scipy.stats import bootstrap

    draws = _DRAWS if len(data[0]) < _MANY else 199
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a draw in which a group is empty says nothing
        found = bootstrap(data, statistic, paired=True, n_resamples=draws, batch=50, method="percentile", rng=np.random.default_rng(0))
    interval = found.confidence_interval
    if np.isnan(interval.low):  # some draws define nothing: the interval is of those that do
        low, high = np.nanquantile(found.bootstrap_distribution, [0.025, 0.975])
        return float(low), float(high)
    return float(interval.low), float(interval.high)


def _sums(values: Numbers, clusters: Numbers) -> Numbers:
    return np.bincount(clusters, weights=values.astype(np.float64), minlength=int(clusters.max()) + 1)


def _ratio(part: Numbers, whole: Numbers, axis: int = -1) -> Any:
    return part.sum(axis=axis) / np.maximum(whole.sum(axis=axis), 1)


def share(is_it: Numbers, clusters: Numbers | None = None) -> Interval:
    """The share of texts of which something holds: Wilson's interval, or a bootstrap of authors.

    Examples
    --------
    >>> share(np.array([True, False, False, False])).value
    0.25
    """
    count = len(is_it)
    if count == 0:
        return Interval(float("nan"), float("nan"), float("nan"), 0)
    value = float(is_it.mean())
    if clusters is None or len(np.unique(clusters)) < FEWEST_AUTHORS or value in (0.0, 1.0):
        from statsmodels.stats.proportion import proportion_confint

        low, high = proportion_confint(int(is_it.sum()), count, method="wilson")
        return Interval(value, float(low), float(high), count)
    there = np.unique(clusters, return_inverse=True)[1]
    low, high = _bootstrap((_sums(is_it, there), _sums(np.ones(count), there)), _ratio)
    return Interval(value, low, high, count)


def difference(is_it: Numbers, in_group: Numbers, clusters: Numbers | None = None) -> Difference:
    """How the share of a group differs from that of the others, drawing whole authors (texts, where authors aren't known)."""
    from statsmodels.stats.proportion import proportion_effectsize

    drawn = np.arange(len(is_it)) if clusters is None else clusters
    inside, outside = in_group.astype(bool), ~in_group.astype(bool)
    data = tuple(_sums(part, drawn) for part in (is_it & inside, inside, is_it & outside, outside))

    def gap(first: Numbers, of_first: Numbers, second: Numbers, of_second: Numbers, axis: int = -1) -> Any:
        return _ratio(first, of_first, axis) - _ratio(second, of_second, axis)

    here, others = float(is_it[inside].mean()), float(is_it[outside].mean())
    low, high = _bootstrap(data, gap) if len(data[0]) >= FEWEST_AUTHORS else (float("nan"), float("nan"))
    return Difference(here, others, Interval(here - others, low, high, len(is_it)), float(proportion_effectsize(here, others)))


def agreement(human: Numbers, ours: Numbers, clusters: Numbers | None = None) -> Agreement | None:
    """Agreement of our labels with those that people gave; texts on which we abstain are left out, and counted. None where no text has both.

    Examples
    --------
    >>> people = np.array(["neither", "rumination", "neither", "reflection"])
    >>> agreement(people, people).kappa.value
    1.0
    """
    import krippendorff

    both = np.isin(human, LABELS) & np.isin(ours, LABELS)
    if not both.any():
        return None
    theirs, given = human[both].astype(str), ours[both].astype(str)
    drawn = np.arange(both.sum()) if clusters is None else np.unique(clusters[both], return_inverse=True)[1]
    coded = np.array([[LABELS.index(label) for label in side] for side in (theirs, given)])
    cells = np.zeros((int(drawn.max()) + 1, len(LABELS) ** 2))
    np.add.at(cells, (drawn, coded[0] * len(LABELS) + coded[1]), 1)  # a table of confusion for each author: drawing authors adds tables

    def kappa(picked: Numbers) -> float:
        return _kappa(cells[picked.astype(int).ravel()].sum(axis=0))

    value = _kappa(cells.sum(axis=0))
    low, high = (np.nan, np.nan) if len(cells) < FEWEST_AUTHORS or np.isnan(value) else _bootstrap((np.arange(len(cells)),), kappa)
    return Agreement(
        Interval(value, low, high, int(both.sum())),
        float(krippendorff.alpha(coded, level_of_measurement="nominal")) if len(np.unique(coded)) > 1 else float("nan"),
        float((theirs == given).mean()), cells.sum(axis=0).reshape(len(LABELS), -1).astype(np.int64), int((np.isin(human, LABELS) & ~both).sum()),
    )  # fmt: skip


def _kappa(cells: Numbers) -> float:
    """Cohen's kappa as statsmodels has it, from a flat table of confusion; not a number where one label is all there is."""
    from statsmodels.stats.inter_rater import cohens_kappa

    table = cells.reshape(len(LABELS), len(LABELS))
    if np.count_nonzero(table.sum(axis=0) + table.sum(axis=1)) < 2:
        return float("nan")
    return float(cohens_kappa(table, return_results=False))
