"""Fitting the linear scorer: logistic regression on shares of labels, its numbers turned into named weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ruminate.results import LABELS
from ruminate.scoring.scorer import LinearScorer
from ruminate.scoring.terms import Vocabulary, term_frequency
from ruminate.training.design import Counted, TermChoice, choose_terms
from ruminate.training.solver import fit_shares

__all__ = ["Settings", "Space", "fit_space", "make_space"]

Matrix = NDArray[np.float64]
Ints = NDArray[np.int64]
_REACH: Final = 4.0
"""Features are clipped at that many standard deviations from their mean."""
_DENSE: Final = 0.9
"""A feature that is not zero in so large a share of texts has no natural zero: it counts from its mean."""


_RULE_15: Final = {"turn_to_reflection": (1.0, -1.0, 0.0), "turn_to_rumination": (-1.0, 1.0, 0.0)}
"""Codebook rule 15: where a text turns and stays turned, the mode it ends in wins. Such texts are too rare in real collections for a
fit to learn that, so each point of a turn's strength speaks at least so much for where it goes, and against where it came from."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen, on held-out sources.

    Attributes
    ----------
    inverse_penalty
        scikit-learn's `C`.
    scale
        Size of a standard deviation of a table feature beside the unit length of a text's terms.
    favour
        Weight of the labels in the fit, in the order of `LABELS`: the rarer ones count more.
    authored, judged
        Mean weight of an authored text, and of one with soft labels, where a real labelled one has 1.
    terms
        Which words and pairs are taken.
    blocks
        Which of "table" and "terms" are used.
    tolerance
        The largest slope at which the search for the best weights ends.
    """

    inverse_penalty: float = 0.5
    scale: float = 0.3
    favour: tuple[float, float, float] = (2.0, 1.5, 1.0)
    authored: float = 1.0
    judged: float = 1.0
    terms: TermChoice = field(default_factory=TermChoice)
    blocks: tuple[str, ...] = ("table", "terms")
    tolerance: float = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """How texts become columns, from one set of training texts: vocabulary, document frequencies, scaling."""

    columns: Ints
    idf: Matrix
    mean: Matrix
    spread: Matrix
    center: Matrix
    settings: Settings

    def matrix(self, counted: Counted, rows: Ints) -> Any:
        """Texts x (table, terms), sparse."""
        parts = []
        if "table" in self.settings.blocks:
            low, high = self.mean - _REACH * self.spread, self.mean + _REACH * self.spread
            table = (np.clip(counted.rows[rows], low, high) - self.center) / self.spread * self.settings.scale
            parts.append(sparse.csr_matrix(table))
        if "terms" in self.settings.blocks:
            terms = counted.counts[rows][:, self.columns].tocsr()
            terms.data = term_frequency(terms.data.astype(np.int64)) * self.idf[terms.indices]
            length = np.sqrt(np.asarray(terms.multiply(terms).sum(axis=1)).ravel())
            parts.append(sparse.diags(1.0 / np.where(length > 0, length, 1.0)) @ terms)
        return sparse.hstack(parts).tocsr()

    def held_to_codebook(self, weights: Matrix, names: tuple[str, ...]) -> Matrix:
        """The fitted weights (columns x labels), where the codebook knows better than rare examples corrected."""
        if "table" not in self.settings.blocks:
            return weights
        held = weights.copy()
        for name, least in _RULE_15.items():
            at = names.index(name)
            floor = np.array(least) * self.spread[at] / self.settings.scale
            held[at] = np.where(floor > 0, np.maximum(held[at], floor), np.where(floor < 0, np.minimum(held[at], floor), held[at]))
        return held

    def scorer(self, counted: Counted, names: tuple[str, ...], weights: Matrix, intercept: Matrix, name: str) -> LinearScorer:
        """The fitted numbers (columns x labels) as a scorer."""
        count = len(names) if "table" in self.settings.blocks else 0
        table = np.zeros((len(names), len(LABELS)))
        if count:
            table = weights[:count] * (self.settings.scale / self.spread)[:, None]
        vocabulary, terms = None, None
        if "terms" in self.settings.blocks:
            known = [counted.terms[column] for column in self.columns.tolist()]
            vocabulary = Vocabulary(known, self.idf)
            place = {term: at for at, term in enumerate(known)}
            terms = weights[count:][[place[term] for term in vocabulary.terms]]
        first, second, third = intercept.tolist()
        return LinearScorer(
            name=name, features=names, weights=table, intercept=(first, second, third), low=self.mean - _REACH * self.spread,
            high=self.mean + _REACH * self.spread, center=self.center, vocabulary=vocabulary, term_weights=terms,
        )  # fmt: skip


def make_space(counted: Counted, rows: Ints, sources: Sequence[str], settings: Settings) -> Space:
    """The columns for a set of training texts."""
    columns, idf = choose_terms(counted, rows, sources, settings.terms)
    table = counted.rows[rows]
    mean = table.mean(axis=0)
    center = np.where((table != 0).mean(axis=0) >= _DENSE, mean, 0.0)
    return Space(columns, idf, mean, table.std(axis=0) + 1e-9, center, settings)


def fit_space(
    matrix: Any, targets: Matrix, weights: Matrix, settings: Settings, start: tuple[Matrix, Matrix] | None = None
) -> tuple[Matrix, Matrix]:
    """Weights (columns x labels) and intercepts of a logistic regression on shares of labels; a text counts by its weight and its labels' favour."""
    shares = targets * weights[:, None] * np.asarray(settings.favour)
    return fit_shares(matrix, shares, settings.inverse_penalty, tolerance=settings.tolerance, start=start)
