"""Who takes part. Those that learn all go the same way: whole sources held out calibrate them and choose how labels are favoured.

So no contestant gains or loses by a threshold: ours and the baselines are given the same care.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pool import Pool
from ruminate.analyzer import Analyzer
from ruminate.evaluation.answers import Answers, from_analyzer
from ruminate.evaluation.records import Record, label_numbers
from ruminate.results import LABELS
from ruminate.scoring.encoder import encoder_installed
from ruminate.training import Settings
from ruminate.training.design import TermChoice
from ruminate.training.holdout import Corpus, Fitted, Fold, fit_fold
from ruminate.training.solver import fit_shares

Matrix = NDArray[np.float64]
TOLERANCE = 1e-4
"""Moves no probability of a fold by more than .004, and takes half the time."""
REAL = ("train", "more")
ALL = (*REAL, "authored")
SHIPPED = "ruminate, trained model (as shipped)"
DEEP = "ruminate, deep model (as shipped)"
RULES = "ruminate, rules only"
SEEN = ("train", "authored", "worry", "teachers", "journals")
"""What a shipped model has learned from, or from texts of the same collections."""


Scores = Callable[[Pool, Fold, Fitted | None], tuple[Matrix, Fitted | None]]


@dataclass(frozen=True)
class Learner:
    """A contestant that learns: from which kinds of text, and scores (log probabilities will do) of the texts that a fold tests.

    `scores` is also given what the fit on everything found (None at first), as a place to begin from, and returns what it found.
    """

    name: str
    kinds: tuple[str, ...]
    scores: Scores


@dataclass(frozen=True)
class Fixed:
    """A contestant that doesn't learn here: what it says of records, and which parts of the pool it has learned from before."""

    name: str
    answer: Callable[[Sequence[Record]], Answers]
    seen: tuple[str, ...] = ()


def on_numbers(feature: str) -> Scores:
    """Logistic regression on the numbers of `pool.features`."""

    def scores(pool: Pool, fold: Fold, _: Fitted | None) -> tuple[Matrix, None]:
        from scipy import sparse

        values = pool.features[feature]
        train, test = values[fold.train], values[fold.test]
        if np.isnan(train).any() or np.isnan(test).any():
            raise ValueError(f"{feature}: some texts have no numbers; export all of them")
        mean, spread = train.mean(axis=0), train.std(axis=0) + 1e-9
        weights, intercept = fit_shares(sparse.csr_matrix((train - mean) / spread), balanced(pool, fold), 1.0)
        return (test - mean) / spread @ weights + intercept, None

    return scores


def balanced(pool: Pool, fold: Fold) -> Matrix:
    """Certain labels; each label weighs the same in all."""
    labels = pool.corpus.targets()[fold.train].argmax(axis=1)
    hard = np.eye(3)[labels]
    return hard * (len(labels) / (3 * np.maximum(hard.sum(axis=0), 1)))


def on_words(pool: Pool, fold: Fold, _: Fitted | None) -> tuple[Matrix, None]:
    """TF-IDF of words and pairs of words, logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = pool.texts
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    train = vectorizer.fit_transform([texts[at] for at in fold.train.tolist()])
    weights, intercept = fit_shares(train.tocsr(), balanced(pool, fold), 4.0, tolerance=TOLERANCE)
    return np.asarray(vectorizer.transform([texts[at] for at in fold.test.tolist()]) @ weights) + intercept, None


def ours(settings: Settings, *, without: Callable[[str], bool] = lambda _: False) -> Scores:
    """Our own training with these settings, some columns of the table set to zero."""

    def scores(pool: Pool, fold: Fold, near: Fitted | None) -> tuple[Matrix, Fitted]:
        counted = pool.corpus.counted
        gone = np.array([without(name) for name in counted.names])
        rows = np.where(gone, 0.0, counted.rows) if gone.any() else counted.rows
        return fit_fold(Corpus(pool.corpus.examples, replace(counted, rows=rows)), fold, settings, near)

    return scores


_DERIVED = ("kinds_of_", "matches_of_", "dwelling_", "reflecting_", "cancelled_matches", "turn_to_")


def of_signs(column: str) -> bool:
    """Whether a column of the table comes from signs."""
    return column.startswith(("sign:", *_DERIVED))


PLAIN = Settings(tolerance=TOLERANCE)


def learners(pool: Pool) -> list[Learner]:
    """Baselines and peers on real texts; our model whole, and without each of its parts."""
    found = [Learner(f"{name} + logistic regression", REAL, on_numbers(name)) for name in pool.features]
    found += [
        Learner("TF-IDF words 1-2 + logistic regression", REAL, on_words),
        Learner("the same, learned from authored texts too", ALL, on_words),
        Learner("ruminate, trained anew as it ships", ALL, ours(PLAIN)),
        Learner("… without words and pairs (signs, measures)", ALL, ours(replace(PLAIN, blocks=("table",)))),
        Learner("… without pairs of words", ALL, ours(replace(PLAIN, terms=TermChoice(single=True)))),
        Learner("… without signs", ALL, ours(PLAIN, without=of_signs)),
        Learner("… without measures", ALL, ours(PLAIN, without=lambda column: not of_signs(column))),
        Learner("… without the further labels", ("train", "authored"), ours(PLAIN)),
        Learner("… from real texts alone", REAL, ours(PLAIN)),
        Learner("… from authored texts alone", ("authored",), ours(PLAIN)),
    ]
    if len(pool.rows["judged"]):
        found.append(Learner("… with a larger model's soft labels too", (*ALL, "judged"), ours(PLAIN)))
    return found


def majority(train: Sequence[Record]) -> Fixed:
    shares = np.bincount(label_numbers(train), minlength=len(LABELS)) / len(train)
    return Fixed("majority", lambda records: Answers("majority", np.tile(shares, (len(records), 1))))


def plain_phrases(records: Sequence[Record]) -> Answers:
    """The phrases that the codebook quotes for each sign, as they stand there: two kinds of sign make a label."""
    phrases = tomllib.loads((Path(__file__).parent / "codebook_phrases.toml").read_text("utf-8"))
    rows = []
    for record in records:
        low = record.text.lower().replace("’", "'")
        kinds = {side: sum(any(phrase in low for phrase in listed) for listed in signs.values()) for side, signs in phrases.items()}
        scores = np.array([kinds["reflection"], kinds["rumination"], 1.5])
        rows.append(np.exp(scores) / np.exp(scores).sum())
    return Answers("phrases", np.array(rows).reshape(-1, 3))


def fixed(train: Sequence[Record]) -> list[Fixed]:
    rules, model = from_analyzer(Analyzer(model=None), RULES), from_analyzer(Analyzer(), SHIPPED)
    deep = [Fixed(DEEP, from_analyzer(Analyzer("deep"), DEEP).answer, seen=SEEN)] if encoder_installed() else []
    return [
        majority(train), Fixed("phrases quoted in the codebook, no fitting", plain_phrases), Fixed(RULES, rules.answer, seen=("train", "worry", "teachers", "journals")), Fixed(SHIPPED, model.answer, seen=SEEN), *deep,
    ]  # fmt: skip
