"""What is measured beside the plain table: pairs, hard kinds, slices, calibration, abstention, the turn, the signs.

Each suite is a function of records and predictions (texts x labels, in the order of `ruminate.LABELS`), and returns plain
numbers. Nothing here knows which system made the predictions, apart from the suites that need evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruminate.evaluation.metrics import Estimate, Numbers, clustered_mean, evaluate_predictions, predicted
from ruminate.evaluation.records import Record, label_numbers
from ruminate.results import LABELS, Assessment

__all__ = ["Slice", "abstention_curve", "contrast_pairs", "hard_kinds", "rater_ceiling", "reliability", "shift_found", "slices", "within_source"]

Matrix = NDArray[np.float64]
REFLECTION, RUMINATION, NEITHER = range(3)


class Slice(NamedTuple):
    """A part of the texts: its name, how many, and how they were judged."""

    name: str
    texts: int
    figures: Mapping[str, Estimate]


def contrast_pairs(records: Sequence[Record], chances: Matrix) -> dict[str, Estimate]:
    """How often the right one of two texts of a contrast set ranks higher.

    "rumination": P(rumination) of the ruminating text against the reflecting and the plain one; "reflection" likewise. Sets
    are drawn as a whole for the interval.
    """
    sets: dict[str, dict[str, int]] = defaultdict(dict)
    for at, record in enumerate(records):
        if record.contrast is not None:
            sets[record.contrast][record.label] = at
    right: dict[str, list[list[float]]] = {"rumination": [], "reflection": [], "all": []}
    for members in sets.values():
        both: list[float] = []
        for label, column in (("rumination", RUMINATION), ("reflection", REFLECTION)):
            others = [at for other, at in members.items() if other != label] if label in members else []
            pairs = [float(chances[members[label], column] > chances[at, column]) for at in others]
            right[label].append(pairs)
            both += pairs
        right["all"].append(both)
    return {name: _mean_over_groups([group for group in groups if group]) for name, groups in right.items()}


def _mean_over_groups(groups: Sequence[Sequence[float]]) -> Estimate:
    names = [str(number) for number, group in enumerate(groups) for _ in group]
    return clustered_mean(np.array([value for group in groups for value in group]), names)


def hard_kinds(records: Sequence[Record], chances: Matrix, decision: Sequence[float] = (1.0, 1.0, 1.0)) -> dict[str, tuple[Estimate, int]]:
    """Share of right labels by hard kind, and how many texts it has."""
    right = predicted(chances, decision) == label_numbers(records)
    by_kind: dict[str, list[list[float]]] = defaultdict(list)
    for record, ok in zip(records, right.tolist(), strict=True):
        if record.hard is not None:
            by_kind[record.hard].append([float(ok)])
    return {kind: (_mean_over_groups(found), len(found)) for kind, found in sorted(by_kind.items())}


def slices(
    records: Sequence[Record], chances: Matrix, key: Callable[[Record], str | None], *, decision: Sequence[float] = (1.0, 1.0, 1.0), least: int = 20,
    draws: int = 300,
) -> list[Slice]:
    """The plain table for each part of the texts that has at least so many."""
    parts: dict[str, list[int]] = defaultdict(list)
    for at, record in enumerate(records):
        name = key(record)
        if name is not None:
            parts[name].append(at)
    truth = label_numbers(records)
    return [
        Slice(name, len(at), evaluate_predictions(truth[at], chances[at], [records[index].group for index in at], decision=decision, draws=draws))
        for name, at in sorted(parts.items())
        if len(at) >= least
    ]


def within_source(records: Sequence[Record], chances: Matrix, *, least: int = 5) -> dict[str, float]:
    """Mean over sources of the AUC inside each: what knowing the source can't give."""
    truth, sources = label_numbers(records), np.array([record.source for record in records])
    found: dict[str, list[float]] = {"rumination": [], "reflection": []}
    from sklearn.metrics import roc_auc_score

    for source in np.unique(sources):
        here = sources == source
        for name, column in (("rumination", RUMINATION), ("reflection", REFLECTION)):
            is_it = truth[here] == column
            if least <= is_it.sum() <= here.sum() - least:
                found[name].append(float(roc_auc_score(is_it, chances[here, column])))
    return {name: float(np.mean(values)) if values else float("nan") for name, values in found.items()}


def reliability(truth: Numbers, chances: Matrix, *, bins: int = 10) -> dict[str, list[tuple[float, float, int]]]:
    """For each label (mean probability, share, texts) in bins of equal width; empty bins are left out."""
    found = {}
    for column, label in enumerate(LABELS):
        place = np.minimum((chances[:, column] * bins).astype(int), bins - 1)
        members = [np.flatnonzero(place == at) for at in range(bins)]
        found[label] = [(float(chances[at, column].mean()), float((truth[at] == column).mean()), len(at)) for at in members if len(at)]
    return found


def abstention_curve(truth: Numbers, chances: Matrix, decision: Sequence[float] = (1.0, 1.0, 1.0)) -> list[tuple[float, float]]:
    """(coverage, risk): share of the texts that are answered, most confident first, and share of wrong labels among them."""
    order = np.argsort(-chances.max(axis=1), kind="stable")
    wrong = (predicted(chances, decision) != truth)[order]
    risk = np.cumsum(wrong) / np.arange(1, len(wrong) + 1)
    at = np.unique(np.linspace(max(0, len(wrong) // 20), len(wrong) - 1, 40).astype(int))
    return [((index + 1) / len(wrong), float(risk[index])) for index in at.tolist()]


def rater_ceiling(records: Sequence[Record]) -> dict[str, float]:
    """One rater's votes against the label that most gave: macro-F1 and kappa, mean over raters. Model raters of one family."""
    from sklearn.metrics import cohen_kappa_score, f1_score

    voted = [record for record in records if len(record.votes) >= 2]
    if not voted:
        return {}
    truth = label_numbers(voted)
    raters = [[LABELS.index(record.votes[number]) for record in voted] for number in range(min(len(record.votes) for record in voted))]
    return {
        "macro-F1": float(np.mean([f1_score(truth, votes, average="macro") for votes in raters])),
        "kappa": float(np.mean([cohen_kappa_score(truth, votes) for votes in raters])),
    }


def shift_found(records: Sequence[Record], assessments: Sequence[Assessment]) -> dict[str, float]:
    """Of texts that turn: how many turns are found, the right way, and within one sentence of the place; and false turns elsewhere."""
    turning = [(record, found) for record, found in zip(records, assessments, strict=True) if record.shift is not None]
    still = [found for record, found in zip(records, assessments, strict=True) if record.shift is None]
    seen = [(record, found) for record, found in turning if found.shift is not None]
    placed = [(record, found) for record, found in seen if record.turn and record.turn in record.text]
    right = [found.shift is not None and found.shift.direction == record.shift for record, found in seen]
    near = [abs(_sentence_at(found, record.text.index(record.turn or "")) - found.shift.sentence) <= 1 for record, found in placed if found.shift is not None]
    return {
        "texts that turn": len(turning),
        "turn found": len(seen) / max(len(turning), 1),
        "right way, of those": float(np.mean(right)) if right else float("nan"),
        "within one sentence, of those": float(np.mean(near)) if near else float("nan"),
        "false turns elsewhere": float(np.mean([found.shift is not None for found in still])) if still else float("nan"),
    }


def _sentence_at(found: Assessment, place: int) -> int:
    return max((at for at, sentence in enumerate(found.sentences) if sentence.start <= place), default=0)
