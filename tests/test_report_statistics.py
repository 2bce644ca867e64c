"""The figures of the report, against hand-made formulas and against what is known of their intervals."""

from __future__ import annotations

import numpy as np
import pytest

from ruminate.report.statistics import agreement, difference, share
from ruminate.results import LABELS


def test_a_share_has_wilsons_interval() -> None:
    one = share(np.array([True, False, False, False]))
    z, p, n = 1.959964, 0.25, 4
    middle, half = (p + z * z / (2 * n)) / (1 + z * z / n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    assert one.value == 0.25
    assert (one.low, one.high) == pytest.approx((middle - half, middle + half), abs=1e-6)


def test_texts_of_one_author_count_as_one() -> None:
    """Forty authors who each wrote ten times the same: the interval is that of forty texts, not of four hundred."""
    by_author = np.arange(40) % 4 == 0
    repeated, authors = np.repeat(by_author, 10), np.repeat(np.arange(40), 10)
    clustered, naive, forty = share(repeated, authors), share(repeated), share(by_author)
    assert clustered.value == naive.value == 0.25
    assert clustered.high - clustered.low == pytest.approx(forty.high - forty.low, rel=0.15)
    assert clustered.high - clustered.low > 2.5 * (naive.high - naive.low)


def test_independent_authors_change_little() -> None:
    rng = np.random.default_rng(3)
    values = rng.random(600) < 0.3
    plain, drawn = share(values), share(values, np.arange(600))
    assert (drawn.low, drawn.high) == pytest.approx((plain.low, plain.high), abs=0.012)


def test_a_difference_and_cohens_h() -> None:
    inside = np.arange(400) < 200
    is_it = np.where(inside, np.arange(400) % 2 == 0, np.arange(400) % 4 == 0)
    found = difference(is_it, inside)
    assert (found.here, found.others, found.gap.value) == (0.5, 0.25, 0.25)
    assert found.effect == pytest.approx(2 * np.arcsin(np.sqrt(0.5)) - 2 * np.arcsin(np.sqrt(0.25)))
    error = 1.96 * np.sqrt(0.5 * 0.5 / 200 + 0.25 * 0.75 / 200)  # the normal interval of two independent shares
    assert (found.gap.low, found.gap.high) == pytest.approx((0.25 - error, 0.25 + error), abs=0.02)
    assert found.gap.points.startswith("+25.0 [+1")


def test_agreement_by_hand() -> None:
    cells = np.array([[20, 2, 8], [3, 30, 7], [5, 1, 124]])
    human = np.repeat(LABELS, cells.sum(axis=1))
    ours = np.concatenate([np.repeat(LABELS, row) for row in cells])
    human, ours = np.append(human, ["unsure", "neither"]), np.append(ours, ["neither", "uncertain"])
    found = agreement(human, ours)
    assert found is not None
    total = cells.sum()
    chance = (cells.sum(axis=0) * cells.sum(axis=1)).sum() / total**2
    same = np.trace(cells) / total
    assert found.accuracy == pytest.approx(same)
    assert found.kappa.value == pytest.approx((same - chance) / (1 - chance))
    counts = cells.sum(axis=0) + cells.sum(axis=1)  # Krippendorff, two raters, nominal, nothing missing
    expected = 1 - (counts * (counts - 1)).sum() / (2 * total * (2 * total - 1))
    assert found.alpha == pytest.approx(1 - (1 - same) / expected)
    assert found.confusion.tolist() == cells.tolist()
    assert (found.kappa.texts, found.left_out) == (200, 1)
    assert found.kappa.low < found.kappa.value < found.kappa.high
    assert found.kappa.high - found.kappa.low == pytest.approx(2 * 1.96 * 0.052, rel=0.25), "about the large-sample interval"


def test_agreement_where_nothing_can_be_told() -> None:
    none = np.array(["neither"] * 5)
    assert agreement(none, np.array(["uncertain"] * 5)) is None
    one_label = agreement(none, none)
    assert one_label is not None
    assert np.isnan(one_label.kappa.value)
    assert one_label.accuracy == 1


def test_clustered_agreement_is_wider() -> None:
    rng = np.random.default_rng(1)
    human, wrong = rng.choice(LABELS, 30), rng.random(30) < 0.3
    ours = np.where(wrong, np.roll(human, 1), human)
    alone, together = agreement(np.repeat(human, 8), np.repeat(ours, 8)), agreement(np.repeat(human, 8), np.repeat(ours, 8), np.repeat(np.arange(30), 8))
    assert alone is not None
    assert together is not None
    assert alone.kappa.value == together.kappa.value
    assert together.kappa.high - together.kappa.low > 2 * (alone.kappa.high - alone.kappa.low)
