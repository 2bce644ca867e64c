"""A text as the rest of the library reads it: words, sentences and flags, all as offsets into the caller's own string.

Texts are read in batches, because a handful of array operations over a hundred texts costs little more than over one.
`Batch` holds the arrays of all its texts end to end; `read` gives the same for a single text. Nothing here depends on
which texts stand beside each other, so a text reads the same alone and in company.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import InputError
from ruminate.text.folding import fold
from ruminate.text.sentences import split_sentences
from ruminate.text.tokens import tokenize
from ruminate.text.words import Hashes

__all__ = ["Batch", "read", "read_batch"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Several texts, read.

    Arrays run over all tokens of all texts ("tokens": words and marks; blanks are left out) or over all sentences.

    Attributes
    ----------
    texts, folded
        The callers' strings, and the same folded (see `ruminate.text.folding`).
    words
        Identity of each token's plain form.
    rows
        Row of each token in the lexicon.
    start, stop
        Character offsets of each token in its own text.
    sentence
        For each token the number of its sentence, counted through the batch.
    first_token
        For each text (and one past the last) where its tokens begin.
    first_sentence
        For each text (and one past the last) where its sentences begin.
    sentence_start, sentence_stop
        Character offsets of each sentence in its own text.
    sentence_token
        For each sentence (and one past the last) where its tokens begin. Every sentence has at least one token.
    """

    texts: tuple[str, ...]
    folded: tuple[str, ...]
    words: Hashes
    rows: NDArray[np.intp]
    start: Ints
    stop: Ints
    sentence: Ints
    first_token: Ints
    first_sentence: Ints
    sentence_start: Ints
    sentence_stop: Ints
    sentence_token: Ints


def read(text: str) -> Batch:
    """Read one text.

    Raises
    ------
    InputError
        If `text` is not a `str`.

    Examples
    --------
    >>> one = read("I froze. Why?")
    >>> [one.texts[0][a:b] for a, b in zip(one.sentence_start, one.sentence_stop)]
    ['I froze.', 'Why?']
    """
    return read_batch((text,))


def read_batch(texts: Sequence[str]) -> Batch:
    """Read several texts at once; the same as reading each alone, and much cheaper.

    Raises
    ------
    InputError
        If one of them is not a `str`; the message says which, and quotes nothing.
    """
    for at, text in enumerate(texts):
        if not isinstance(text, str):
            raise InputError(f"text {at} is of type {type(text).__name__}, not str; decode bytes and drop missing values first")
    if not texts:
        raise InputError("a batch needs at least one text")
    folded = tuple(fold(text) for text in texts)
    tokens = tokenize(folded)
    first_token = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(tokens.lengths, out=first_token[1:])
    spans = [split_sentences(text) for text in texts]
    bounds = np.array([bound for found in spans for bound in found], dtype=np.int64).reshape(-1, 2)
    counts = np.array([len(found) for found in spans], dtype=np.int64)

    shift = np.zeros(len(texts), dtype=np.int64)  # places in all texts end to end, so that one search serves them all
    np.cumsum(np.array([len(text) + 1 for text in texts[:-1]], dtype=np.int64), out=shift[1:])
    begins: Ints = bounds[:, 0] + np.repeat(shift, counts)
    edges = np.zeros(len(begins) + 1, dtype=np.int64)
    edges[1:-1] = np.searchsorted(tokens.start + np.repeat(shift, tokens.lengths), begins[1:])
    edges[-1:] = len(tokens.start)
    tally = np.diff(edges)
    numbers = np.flatnonzero(tally)  # sentences of marks that the tokenizer dropped vanish here
    filled = tally[numbers]
    sentence_token = np.zeros(len(numbers) + 1, dtype=np.int64)
    np.cumsum(filled, out=sentence_token[1:])
    text_of_sentence = np.repeat(np.arange(len(texts)), counts)[numbers]
    return Batch(
        texts=tuple(texts),
        folded=folded,
        words=tokens.words,
        rows=tokens.rows,
        start=tokens.start,
        stop=tokens.stop,
        sentence=np.repeat(np.arange(len(numbers)), filled),
        first_token=first_token,
        first_sentence=np.searchsorted(text_of_sentence, np.arange(len(texts) + 1)),
        sentence_start=bounds[numbers, 0],
        sentence_stop=bounds[numbers, 1],
        sentence_token=sentence_token,
    )
