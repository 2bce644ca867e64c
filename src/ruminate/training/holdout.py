"""Predictions for texts whose source (or group) the fitted model has not seen: what every choice is made on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruminate.training.design import Counted
from ruminate.training.examples import AUTHORED, JUDGED, Example, text_weights
from ruminate.training.fit import Settings, fit_space, make_space

__all__ = ["Corpus", "Fitted", "Fold", "by_source", "fit_fold", "fold_scores", "folds_of_groups", "held_out_scores"]

Matrix = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Examples with their counts."""

    examples: Sequence[Example]
    counted: Counted

    @property
    def sources(self) -> list[str]:
        """The source of each example."""
        return [example.source for example in self.examples]

    @property
    def origins(self) -> list[str]:
        """The same, texts with soft labels counted with the collection that they are from."""
        return [source.removeprefix(f"{JUDGED}:") for source in self.sources]

    def targets(self, held_out: str = "") -> Matrix:
        """Texts x labels, as they are when that source is held out."""
        return np.array([example.target_without(held_out) for example in self.examples])


class Fold(NamedTuple):
    """What is learned from, what is tested, and the source that is held out ("" where the texts' groups are)."""

    train: Ints
    test: Ints
    held_out: str = ""


class Fitted(NamedTuple):
    """What a fit found: the table's weights, those of its terms with their columns among all terms, and intercepts."""

    table: Matrix
    columns: Ints
    terms: Matrix
    intercept: Matrix

    def start(self, columns: Ints) -> tuple[Matrix, Matrix]:
        """The same for another choice of terms: new ones begin at zero."""
        terms = np.zeros((len(columns), self.terms.shape[1]))
        _, here, there = np.intersect1d(columns, self.columns, assume_unique=True, return_indices=True)
        terms[here] = self.terms[there]
        return np.vstack((self.table, terms)), self.intercept


def fold_scores(corpus: Corpus, fold: Fold, settings: Settings) -> Matrix:
    """Scores of test texts (texts x labels) by a model of the training texts; vocabulary and scaling are theirs too."""
    return fit_fold(corpus, fold, settings)[0]


def fit_fold(corpus: Corpus, fold: Fold, settings: Settings, near: Fitted | None = None) -> tuple[Matrix, Fitted]:
    """The same with what the fit found; `near`, from nearly the same texts, is where the search begins (it ends at the same place)."""
    train, test, held_out = fold
    space = make_space(corpus.counted, train, corpus.origins, settings)
    weights = text_weights([corpus.examples[at] for at in train.tolist()], authored=settings.authored, judged=settings.judged)
    columns = space.columns if "terms" in settings.blocks else space.columns[:0]
    start = None if near is None else near.start(columns)
    fitted, intercept = fit_space(space.matrix(corpus.counted, train), corpus.targets(held_out)[train], weights, settings, start)
    held = space.held_to_codebook(fitted, corpus.counted.names)
    scores: Matrix = np.asarray(space.matrix(corpus.counted, test) @ held) + intercept
    count = len(fitted) - len(columns)
    return scores, Fitted(fitted[:count], columns, fitted[count:], intercept)


def by_source(corpus: Corpus) -> list[Fold]:
    """One fold a real labelled source: its texts are tested (but those to learn from only), everything of the other sources is learned from."""
    sources = np.array(corpus.origins)
    labelled = np.array([not example.learn_only and example.source != AUTHORED for example in corpus.examples])
    return [
        Fold(np.flatnonzero(sources != source), np.flatnonzero((sources == source) & labelled), source)
        for source in sorted(set(sources[labelled].tolist()))
    ]


def folds_of_groups(groups: Sequence[str], number: int, seed: int = 0) -> Ints:
    """A fold number for each text; a group is never torn.

    Examples
    --------
    >>> folds_of_groups(["a", "b", "a"], 2).tolist() in ([0, 1, 0], [1, 0, 1])
    True
    """
    names, number_of = np.unique(np.asarray(groups), return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(names))
    fold: Ints = (order % number)[number_of]
    return fold


def held_out_scores(
    corpus: Corpus, folds: Sequence[Fold], settings: Settings, *, n_jobs: int = 1, say: Callable[[str], None] | None = None
) -> Matrix:
    """Scores of all texts that some fold tests (texts x labels, nan for the others)."""
    from joblib import Parallel, delayed

    scores = np.full((len(corpus.examples), 3), np.nan)
    done = Parallel(n_jobs=n_jobs, return_as="generator")(delayed(fold_scores)(corpus, fold, settings) for fold in folds)
    for number, (fold, found) in enumerate(zip(folds, done, strict=True), start=1):
        scores[fold.test] = found
        if say is not None:
            say(f"fold {number} of {len(folds)}: {len(fold.test)} texts held out {fold.held_out}")
    return scores
