"""What a contestant says of texts, in one form for all: probabilities, how labels are chosen from them, and evidence where there is any.

A contestant is a name and a function of records. This library's analyzers and anybody's predictions in a file are made into one here;
suites know neither.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ruminate.analyzer import Analyzer
from ruminate.evaluation.predictions import align, read_predictions
from ruminate.evaluation.records import Record
from ruminate.results import LABELS, Assessment

__all__ = ["Answers", "Contestant", "from_analyzer", "from_predictions"]

Matrix = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Answers:
    """What was said of some texts.

    Attributes
    ----------
    name
        Who said it.
    chances
        Texts x labels, in the order of `ruminate.LABELS`.
    decision
        How much each label is favoured when one is chosen.
    assessments
        Whole assessments, from those that give evidence, turns and reasons to abstain.
    """

    name: str
    chances: Matrix
    decision: tuple[float, float, float] = (1.0, 1.0, 1.0)
    assessments: Sequence[Assessment] | None = None


@dataclass(frozen=True)
class Contestant:
    """A name, a function that answers for records, and the analyzer behind it, if there is one (for suites with texts of their own)."""

    name: str
    answer: Callable[[Sequence[Record]], Answers]
    analyzer: Analyzer | None = None


def from_analyzer(analyzer: Analyzer, name: str | None = None) -> Contestant:
    """A contestant that is an analyzer of this library.

    Examples
    --------
    >>> rules = from_analyzer(Analyzer(model=None))
    >>> rules.answer([Record(id="1", text="I keep going over it.", label="", source="s", group="1")]).chances.shape
    (1, 3)
    """
    title = name or analyzer.scorer.name

    def answer(records: Sequence[Record]) -> Answers:
        found = list(analyzer.assess_many([record.text for record in records]))
        chances = np.array([[one.probabilities[label] for label in LABELS] for one in found]).reshape(-1, len(LABELS))
        return Answers(title, chances, analyzer.scorer.decision, found)

    return Contestant(title, answer, analyzer)


def from_predictions(path: str | Path) -> Contestant:
    """A contestant that is a file of predictions (see `ruminate.evaluation.predictions`); it answers for the ids that it holds.

    Raises
    ------
    InputError
        If the file can't be read as predictions. An id that is asked for and missing raises it when answers are wanted.
    """
    predictions, name = read_predictions(path), Path(path).name

    def answer(records: Sequence[Record]) -> Answers:
        return Answers(name, align([record.id for record in records], predictions))

    return Contestant(name, answer)
