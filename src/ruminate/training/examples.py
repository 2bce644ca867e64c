"""What a trainer learns from: texts with a target for each label, a weight, a source, and a group that no split tears.

Three kinds: real texts with raters' labels, authored texts, and real texts that a larger model has judged (soft labels,
joined to a user's own copies by the sha256 of the text).
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import InputError
from ruminate.evaluation.records import Record
from ruminate.results import LABELS

__all__ = ["AUTHORED", "JUDGED", "Example", "SoftLabels", "examples_of", "judged_examples", "read_soft_labels", "text_weights"]

Target = tuple[float, float, float]
"""Shares of the labels."""
AUTHORED: Final = "authored"
"""The source of all texts written for this project."""
JUDGED: Final = "judged"
"""What the sources of texts with soft labels begin with."""
_DOUBT: Final = {1: 0.25, 2: 0.10, 3: 0.04}
"""How much of the target is spread over all labels, by the rater's confidence."""
_TIE: Final = 0.05
_SOURCE_POWER: Final = 0.4
"""A source weighs its number of texts to the power of one minus this: large ones don't drown the others."""


@dataclass(frozen=True, slots=True)
class Example:
    """One text to learn from.

    Attributes
    ----------
    text
        The text.
    target
        Shares of the labels, summing to one.
    source, group
        Where it is from, and what must stay on one side of a split.
    learn_only
        Never tested or calibrated on (see `ruminate.evaluation.records.Record`).
    unseen
        For a soft label: the target to be used when a source is held out, by that source.
    """

    text: str
    target: Target
    source: str
    group: str
    learn_only: bool = False
    unseen: Mapping[str, Target] = field(default_factory=dict)

    def target_without(self, source: str) -> Target:
        """The target when that source is held out."""
        return self.unseen.get(source, self.target)


def target_of(record: Record) -> Target:
    """The votes' shares (or the label), smoothed the more the less the raters were sure; where votes are split evenly, the label counts a little more."""
    given = record.votes or (record.label,)
    doubt = _DOUBT[min(3, max(1, round(record.confidence)))]
    votes = [given.count(label) + _TIE * (label == record.label) for label in LABELS]
    first, second, third = (count / sum(votes) * (1.0 - doubt) + doubt / len(LABELS) for count in votes)
    return first, second, third


def examples_of(records: Sequence[Record]) -> list[Example]:
    """Examples of labelled texts."""
    return [Example(record.text, target_of(record), record.source, record.writer or record.group, record.learn_only) for record in records]


@dataclass(frozen=True, slots=True)
class SoftLabels:
    """Shares of the labels that larger models gave to texts.

    Attributes
    ----------
    without
        For each model the sources that it has not learned from; the first has learned from all. When a source is held out,
        the shares of a model that hasn't seen it are taken, or the held-out source would speak through the others' texts.
    shares
        By sha256 of the text, one triple a model.
    """

    without: tuple[frozenset[str], ...]
    shares: Mapping[str, tuple[Target, ...]]


def read_soft_labels(path: str | Path) -> SoftLabels:
    """Soft labels from (gzipped) JSON lines: first `{"without": [[sources], …]}`, then `{"sha256": …, "p": [[three shares], …]}`.

    Raises
    ------
    InputError
        If a line is no such object.
    """
    file = Path(path)
    raw = file.read_bytes()
    lines = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8").splitlines()
    shares: dict[str, tuple[Target, ...]] = {}
    number = 1
    try:
        without = tuple(frozenset(sources) for sources in json.loads(lines[0])["without"])
        for number, line in enumerate(lines[1:], start=2):  # noqa: B007 - told when a line is wrong
            entry = json.loads(line)
            shares[str(entry["sha256"])] = tuple((float(first), float(second), float(third)) for first, second, third in entry["p"])
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(f"{file.name}, line {number}: not a soft label (needs sha256 and triples p): {type(error).__name__}") from None
    return SoftLabels(without, shares)


def judged_examples(path: str | Path, soft: SoftLabels, labelled: Collection[str] = ()) -> list[Example]:
    """Unlabeled texts (JSON lines with `source` and `text`) joined to their soft labels; texts without one, and those labelled since, are left out."""
    found, known = [], set(labelled)
    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            raw = json.loads(line)
            key = sha256(raw["text"].encode()).hexdigest()
            if key in soft.shares and raw["text"] not in known:
                given = soft.shares[key]
                by_source = {source: target for target, sources in zip(given, soft.without, strict=True) for source in sources}
                found.append(Example(raw["text"], given[0], f"{JUDGED}:{raw['source']}", key, learn_only=True, unseen=by_source))
    return found


def text_weights(examples: Sequence[Example], *, authored: float, judged: float) -> NDArray[np.float64]:
    """One weight a text; real labelled texts weigh one on average, the other kinds what is given."""
    many = Counter(example.source for example in examples)
    weights = np.array([many[example.source] ** -_SOURCE_POWER for example in examples])
    kinds = np.array([1 if example.source == AUTHORED else 2 if example.source.startswith(JUDGED) else 0 for example in examples])
    for kind, mean in enumerate((1.0, authored, judged)):
        if np.any(kinds == kind):
            weights[kinds == kind] *= mean / weights[kinds == kind].mean()
    return weights
