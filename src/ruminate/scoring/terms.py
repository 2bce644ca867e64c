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
    found: Ints
    """Term, first and one past the last character of each occurrence: three rows."""

    def places(self, column: int) -> tuple[tuple[int, int], ...]:
        """Character offsets of a term in its text."""
        terms, start, stop = self.found
        at = np.flatnonzero(terms == column)
        return tuple(zip(start[at].tolist(), stop[at].tolist(), strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class FoundTerms:
    """Terms of a batch: rows are its texts, then all their sentences, as in `ruminate.scoring.features.Features`.

    Attributes
    ----------
    rows, columns, values
        One entry a row and term, ordered by row, then column.
    first
        For each text (and one past the last) where its entries begin.
    place_first, places
        The same for the places, and all of them, text after text, as in `TextTerms.found`.
    """

    rows: Ints
    columns: Ints
    values: Matrix
    first: list[int]
    count: int
    place_first: list[int]
    places: Ints

    def of_text(self, at: int) -> TextTerms:
        """What was found in one text of the batch, copied, so that the batch can be forgotten."""
        begin, end = self.first[at], self.first[at + 1]
        places = self.places[:, self.place_first[at] : self.place_first[at + 1]]
        return TextTerms(self.columns[begin:end].copy(), self.values[begin:end].copy(), places.copy())


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
        bits = len(self.terms).bit_length()
        cells, counts = sorted_counts(
            np.concatenate((of_text << bits | column, (of_sentence + texts) << bits | column)), (texts + sentences) << bits
        )
        rows, columns = cells >> bits, cells & ((1 << bits) - 1)
        values = term_frequency(counts) * self.idf[columns]
        length = np.sqrt(np.bincount(rows, weights=values * values, minlength=texts + sentences))
        values /= length[rows]
        bounds = np.arange(texts + 1)
        bits = len(of_text).bit_length()
        order = np.sort(of_text << bits | np.arange(len(of_text))) & ((1 << bits) - 1)  # by text, else as they are
        place_first = np.zeros(texts + 1, dtype=np.int64)
        np.cumsum(np.bincount(of_text, minlength=texts), out=place_first[1:])
        places = np.stack((column[order], batch.start[where[order]], batch.stop[last[order]]))
        return FoundTerms(rows, columns, values, rows.searchsorted(bounds).tolist(), texts, place_first.tolist(), places)
