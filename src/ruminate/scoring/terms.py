"""Words and pairs of words as features: found by identity for a whole batch, weighed by TF-IDF, and traced to their places.

A vocabulary is fixed when a model is trained. A text's value for a term is (1 + log count) times the term's inverse
document frequency, the row scaled to length one: what scikit-learn calls sublinear TF-IDF with the l2 norm. Each sentence
gets a row of its own as well. Pairs never reach over the end of a sentence; no stop words are left out, because function
words carry the signal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ruminate.text.document import Batch
from ruminate.text.lookup import Lookup, sorted_counts
from ruminate.text.words import STEPS, Hashes, hash_words

__all__ = ["FoundTerms", "TextTerms", "Vocabulary", "pair_identities", "term_frequency"]

Ints = NDArray[np.int64]
Matrix = NDArray[np.float64]
_STEP: Final = np.uint64(STEPS[1])
_FREQUENCY: Final = np.array([0.0, *(1.0 + log(count) for count in range(1, 2048))])


def term_frequency(counts: Ints) -> Matrix:
    """Sublinear frequency, 1 + log(count), looked up: a vectorized logarithm may differ in the last bit from place to place."""
    frequency: Matrix = _FREQUENCY[np.minimum(counts, len(_FREQUENCY) - 1)]
    return frequency


def pair_identities(words: Hashes) -> Hashes:
    """The identity of each word with the word after it, as `hash_words` gives it for the two."""
    pairs: Hashes = words[:-1] * _STEP + words[1:]
    return pairs


@dataclass(frozen=True, slots=True, eq=False)
class TextTerms:
    """The terms of one text: which, with what value, and where they stand (one row an occurrence)."""

    columns: Ints
    values: Matrix
    place_column: Ints
    place_start: Ints
    place_stop: Ints

    def places(self, column: int) -> tuple[tuple[int, int], ...]:
        """Character offsets of a term in its text."""
        at = np.flatnonzero(self.place_column == column)
        return tuple(zip(self.place_start[at].tolist(), self.place_stop[at].tolist(), strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class FoundTerms:
    """Terms of a batch: rows are its texts, then all their sentences, as in `ruminate.scoring.features.Features`.

    Attributes
    ----------
    rows, columns, values
        One entry a row and term, ordered by row, then column.
    first
        For each text (and one past the last) where its entries begin.
    """

    rows: Ints
    columns: Ints
    values: Matrix
    first: Ints
    count: int
    place_first: Ints
    place_column: Ints
    place_start: Ints
    place_stop: Ints

    def of_text(self, at: int) -> TextTerms:
        """What was found in one text of the batch, copied, so that the batch can be forgotten."""
        here = slice(int(self.first[at]), int(self.first[at + 1]))
        places = slice(int(self.place_first[at]), int(self.place_first[at + 1]))
        of_places = (part[places].copy() for part in (self.place_column, self.place_start, self.place_stop))
        return TextTerms(self.columns[here].copy(), self.values[here].copy(), *of_places)


class Vocabulary:
    """Known terms, ordered by identity; immutable.

    Parameters
    ----------
    terms
        Words, or two words with a blank between, in plain form.
    idf
        Inverse document frequency of each term.
    """

    def __init__(self, terms: Sequence[str], idf: Matrix, keys: Hashes | None = None) -> None:
        if keys is None:
            keys = np.array([hash_words(term.split(" ")) for term in terms], dtype=np.uint64)
            order = np.argsort(keys)
            terms, idf, keys = [terms[at] for at in order.tolist()], idf[order], keys[order]
        self.terms = tuple(terms)
        self.idf = idf
        self.keys: Hashes = keys
        self._lookup = Lookup(keys)

    def __len__(self) -> int:
        return len(self.terms)

    def find(self, batch: Batch) -> FoundTerms:
        """All terms of a batch."""
        texts, sentences = len(batch.texts), len(batch.sentence_start)
        sentence = batch.sentence
        single, single_column = self._lookup.find(batch.words)
        double, double_column = self._lookup.find(pair_identities(batch.words))
        within = (sentence[double] == sentence[double + 1]).nonzero()[0]
        double, double_column = double[within], double_column[within]
        where, last = np.concatenate((single, double)), np.concatenate((single, double + 1))
        column = np.concatenate((single_column, double_column))
        of_sentence = sentence[where]
        of_text = np.arange(texts).repeat(np.diff(batch.first_sentence))[of_sentence]
        size = max(len(self.terms), 1)
        cells, counts = sorted_counts(np.concatenate((of_text, of_sentence + texts)) * size + np.concatenate((column, column)), (texts + sentences) * size)
        rows, columns = cells // size, cells % size
        values = term_frequency(counts) * self.idf[columns]
        length = np.sqrt(np.bincount(rows, weights=values * values, minlength=texts + sentences))
        values /= length[rows]
        bounds = np.arange(texts + 1)
        many = max(len(of_text), 1)
        order = np.sort(of_text * many + np.arange(len(of_text))) % many  # by text, else as they are
        return FoundTerms(
            rows, columns, values, rows.searchsorted(bounds), texts, of_text[order].searchsorted(bounds),
            column[order], batch.start[where[order]], batch.stop[last[order]],
        )  # fmt: skip
