"""From contestants to answers on every part of the pool, each text judged by a fit that has not seen it, its source or its writer."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from contestants import Fixed, Learner
from pool import Pool
from ruminate.evaluation.answers import Answers, from_predictions
from ruminate.evaluation.records import Record, label_numbers
from ruminate.scoring.scorer import probabilities
from ruminate.training.calibrate import calibrate, choose_decision
from ruminate.training.examples import text_weights

Matrix = NDArray[np.float64]
_shared: dict[str, object] = {}
"""What the worker processes inherit: passing the texts to each of them would take longer than the fits."""


@dataclass(eq=False)
class Answered:
    """One contestant's answers by part of the pool ("new source", "dev", "behaviour", "authored", collections); parts that it has learned from are left out."""

    name: str
    parts: dict[str, Answers] = field(default_factory=dict)
    seconds: float = 0.0


def _fit(task: tuple[int, str]) -> tuple[int, str, Matrix, float]:
    from threadpoolctl import threadpool_limits

    pool, taking_part = _shared["pool"], _shared["learners"]
    learner = taking_part[task[0]]
    begin = time.process_time()
    with threadpool_limits(limits=1):
        scores = learner.scores(pool, pool.folds(learner.kinds)[task[1]])
    return *task, scores, time.process_time() - begin


def answers_of_learners(pool: Pool, learners: Sequence[Learner], jobs: int) -> Iterator[Answered]:
    """Fit every fold of every learner, the longest first, and put their answers together."""
    _shared.update(pool=pool, learners=learners)
    tasks = [(number, name) for number, learner in enumerate(learners) for name in pool.folds(learner.kinds)]
    tasks.sort(key=lambda task: -len(pool.folds(learners[task[0]].kinds)[task[1]].train))
    scores: dict[int, Matrix] = {number: np.full((len(pool.corpus.examples), 3), np.nan) for number in range(len(learners))}
    spent = dict.fromkeys(scores, 0.0)
    with multiprocessing.get_context("fork").Pool(jobs) as workers:
        for done, (number, name, found, seconds) in enumerate(workers.imap_unordered(_fit, tasks), start=1):
            scores[number][pool.folds(learners[number].kinds)[name].test] = found
            spent[number] += seconds
            if done % 25 == 0 or done == len(tasks):
                print(f"{done} of {len(tasks)} fits", flush=True)
    for number, learner in enumerate(learners):
        yield put_together(pool, learner, scores[number], spent[number])


def put_together(pool: Pool, learner: Learner, scores: Matrix, seconds: float) -> Answered:
    """Calibrated on whole held-out sources of the training texts, as `ruminate.training` calibrates the model that ships."""
    held, targets = pool.rows["train"], pool.corpus.targets()
    weights = text_weights([pool.corpus.examples[at] for at in held.tolist()], authored=1.0, judged=1.0)
    found = calibrate(scores[held], targets[held], weights)
    chances = probabilities(scores + np.array(found.shift), found.temperature)
    decision = choose_decision(chances[held], label_numbers(pool.records["train"]))
    parts = {"new source" if part == "train" else part: Answers(learner.name, chances[pool.rows[part]], decision) for part in pool.records}
    return Answered(learner.name, parts, seconds)


def answers_of_fixed(pool: Pool, contestant: Fixed) -> Answered:
    begin = time.process_time()
    parts = ("dev", "behaviour") if contestant.has_seen else tuple(pool.records)
    found = {"new source" if part == "train" else part: contestant.answer(pool.records[part]) for part in parts}
    return Answered(contestant.name, found, time.process_time() - begin)


def answers_of_predictions(path: Path, dev: Sequence[Record]) -> Answered:
    """Anybody's predictions on the development set, from a file."""
    contestant = from_predictions(path)
    return Answered(contestant.name, {"dev": contestant.answer(dev)})
