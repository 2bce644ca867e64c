"""From contestants to answers on every part of the pool, each text judged by a fit that has not seen it, its source or its writer."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from contestants import Fixed, Learner
from pool import Pool
from ruminate.evaluation.answers import Answers, from_predictions
from ruminate.evaluation.records import Record, label_numbers
from ruminate.scoring.scorer import probabilities
from ruminate.training.calibrate import calibrate, choose_decision
from ruminate.training.examples import text_weights
from ruminate.training.holdout import Fitted

Matrix = NDArray[np.float64]
_shared: dict[str, Any] = {}
"""What the worker processes inherit: passing the texts to each of them would take longer than the fits."""


class Task(NamedTuple):
    """One fit: whose, of which fold, and where the search begins."""

    learner: int
    fold: str
    near: Fitted | None


@dataclass(eq=False)
class Answered:
    """One contestant's answers by part of the pool ("new source", "dev", "behaviour", "authored", collections); parts that it has learned from are left out."""

    name: str
    parts: dict[str, Answers] = field(default_factory=dict)
    seconds: float = 0.0


def _fit(task: Task) -> tuple[Task, Matrix, Fitted | None, float]:
    from threadpoolctl import threadpool_limits

    pool, learner = _shared["pool"], _shared["learners"][task.learner]
    begin = time.process_time()
    with threadpool_limits(limits=1):
        scores, found = learner.scores(pool, pool.folds(learner.kinds)[task.fold], task.near)
    return task, scores, found, time.process_time() - begin


def answers_of_learners(pool: Pool, learners: Sequence[Learner], jobs: int) -> Iterator[Answered]:
    """Fit every fold of every learner and put their answers together. The fits on everything come first: the others begin from them."""
    _shared.update(pool=pool, learners=learners)
    folds = [pool.folds(learner.kinds) for learner in learners]
    scores = [np.full((len(pool.corpus.examples), 3), np.nan) for _ in learners]
    spent, near = [0.0] * len(learners), [None] * len(learners)
    total, done = sum(map(len, folds)), 0
    with multiprocessing.get_context("fork").Pool(jobs) as workers:
        for names in ({"whole"}, set().union(*folds) - {"whole"}):
            tasks = [Task(number, name, near[number]) for number, listed in enumerate(folds) for name in listed if name in names]
            tasks.sort(key=lambda task: -len(folds[task.learner][task.fold].train))
            for task, given, found, seconds in workers.imap_unordered(_fit, tasks):
                scores[task.learner][folds[task.learner][task.fold].test] = given
                spent[task.learner] += seconds
                done += 1
                if task.fold == "whole":
                    near[task.learner] = found
                if done % 25 == 0 or done == total:
                    print(f"{done} of {total} fits", flush=True)
    for number, learner in enumerate(learners):
        yield put_together(pool, learner, scores[number], spent[number])


def put_together(pool: Pool, learner: Learner, scores: Matrix, seconds: float) -> Answered:
    """Calibrated on whole held-out sources of the training texts, as `ruminate.training` calibrates the model that ships."""
    held, targets = pool.rows["train"], pool.corpus.targets()
    weights = text_weights([pool.corpus.examples[at] for at in held.tolist()], authored=1.0, judged=1.0)
    found = calibrate(scores[held], targets[held], weights)
    chances = probabilities(scores + np.array(found.shift), found.temperature)
    decision = choose_decision(chances[held], label_numbers(pool.records["train"]))
    parts = {"new source" if part == "train" else part: Answers(learner.name, chances[pool.rows[part]], decision) for part in pool.records if part != "more"}
    return Answered(learner.name, parts, seconds)


def answers_of_fixed(pool: Pool, contestant: Fixed) -> Answered:
    begin = time.process_time()
    parts = [part for part in pool.records if part not in (*contestant.seen, "more")]
    found = {"new source" if part == "train" else part: contestant.answer(pool.records[part]) for part in parts}
    return Answered(contestant.name, found, time.process_time() - begin)


def answers_of_predictions(path: Path, dev: Sequence[Record]) -> Answered:
    """Anybody's predictions on the development set, from a file."""
    contestant = from_predictions(path)
    return Answered(contestant.name, {"dev": contestant.answer(dev)})
