"""Signs against signs, and places against places: precision, recall and F1 of what is found in a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ruminate.evaluation.metrics import Estimate
from ruminate.evaluation.records import Record
from ruminate.results import Assessment

__all__ = ["signs_by_text", "spans_by_place"]

Matrix = NDArray[np.float64]


def _scores(both: Matrix, found: Matrix, named: Matrix, *, draws: int = 300) -> dict[str, Estimate]:
    """Precision, recall and F1 of counts a text, with intervals that draw texts."""
    counts = np.random.default_rng(0).multinomial(len(both), np.full(len(both), 1 / len(both)), size=draws)
    weights = np.vstack([np.ones(len(both)), counts])
    hits, seen, true = weights @ both, weights @ found, weights @ named
    with np.errstate(invalid="ignore", divide="ignore"):
        figures = {"precision": hits / seen, "recall": hits / true, "F1": 2 * hits / (seen + true)}
    return {name: Estimate(float(values[0]), *_interval(values[1:])) for name, values in figures.items()}


def _interval(values: Matrix) -> tuple[float, float]:
    kept = values[~np.isnan(values)]
    if not len(kept):
        return float("nan"), float("nan")
    low, high = np.percentile(kept, [2.5, 97.5])
    return float(low), float(high)


def signs_by_text(records: Sequence[Record], assessments: Sequence[Assessment], sides: Mapping[str, str]) -> dict[str, tuple[dict[str, Estimate], int]]:
    """For each sign, for each side (any of its signs), and for all signs together: figures text by text, and in how many texts raters named it.

    Parameters
    ----------
    sides
        Sign id to "reflection" or "rumination".
    """
    given = np.array([[sign in record.signs for sign in sides] for record in records], dtype=np.float64)
    found = np.array([[one.signs.get(sign, 0.0) > 0 for sign in sides] for one in assessments], dtype=np.float64)
    table = {}
    for column, sign in enumerate(sides):
        one, other = found[:, column], given[:, column]
        table[sign] = (_scores(one * other, one, other), int(other.sum()))
    for side in ("rumination", "reflection"):
        here = np.array([name == side for name in sides.values()])
        one, other = found[:, here].max(axis=1), given[:, here].max(axis=1)
        table[f"any sign of {side}"] = (_scores(one * other, one, other), int(other.sum()))
    table["all signs"] = (_scores((found * given).sum(axis=1), found.sum(axis=1), given.sum(axis=1)), int(given.sum()))
    return table


def spans_by_place(records: Sequence[Record], assessments: Sequence[Assessment], sides: Mapping[str, str]) -> dict[str, tuple[dict[str, Estimate], int]]:
    """Places that readers marked against evidence that counts: right when they overlap and name the same sign ("same sign") or the same side.

    Precision is of our evidence, recall of the readers' places. Readers marked the places that carry the text, not every one,
    so precision is a lower bound.
    """
    rows: dict[str, list[tuple[float, float, float, float]]] = {"same sign": [], "same side": []}
    for record, assessment in zip(records, assessments, strict=True):
        if record.spans is None:
            continue
        places = [(sign, record.text.find(quote), record.text.find(quote) + len(quote)) for sign, quote in record.spans if sign in sides]
        places = [place for place in places if place[1] >= 0]
        ours = [(one.sign, one.start, one.end) for one in assessment.evidence if one.cancelled_by is None and one.sign in sides]
        for name, same in (("same sign", lambda a, b: a == b), ("same side", lambda a, b: sides[a] == sides[b])):
            right = sum(any(same(sign, other) and start < end and begin < stop for other, begin, end in places) for sign, start, stop in ours)
            back = sum(any(same(sign, other) and start < end and begin < stop for other, begin, end in ours) for sign, start, stop in places)
            rows[name].append((right, len(ours), back, len(places)))
    table = {}
    for name, counted in rows.items():
        if not counted:
            continue
        right, many, back, wanted = np.array(counted, dtype=np.float64).T
        precision, recall = _scores(right, many, many)["precision"], _scores(back, wanted, wanted)["precision"]
        table[name] = ({"precision": precision, "recall": recall}, int(wanted.sum()))
    return table
