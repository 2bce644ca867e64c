"""Measures: what is counted in a text beside the signs.

Rates of word categories and phrases, questions, repetition, movement from the first to the last third, novelty, length.
Single measures are weak (r of .10 to .26 in the literature); they matter together. Every measure is documented with its
source in its definition, and `locate` shows the places that a measure counted.

All measures of a batch come out of the same few array passes, per sentence and per text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ruminate.signs.bank import COUNTED, Entry
from ruminate.text.document import Batch
from ruminate.text.lexicon import lexicon
from ruminate.text.words import hash_word, roll

__all__ = ["Measure", "Measured", "measure", "measures", "phrase_entries"]

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: its name, what it says, its unit and where the idea comes from."""

    name: str
    says: str
    unit: str
    source: str
    per_sentence: bool = True


_RATE: Final = "per 100 words"
_SHARE: Final = "share, 0 to 1"
_OTHER: Final = (
    Measure("questions", "question marks", _RATE, "own"),
    Measure("exclamations", "exclamation marks", _RATE, "own"),
    Measure("words", "number of words", "log(1 + words)", "own"),
    Measure("sentence_length", "words a sentence", "log(1 + words)", "own", per_sentence=False),
    Measure("sentences", "number of sentences", "log(1 + sentences)", "own", per_sentence=False),
    Measure("repeated_words", "content words that stood before in the text", _SHARE, "LITERATURE marker 21", per_sentence=False),
    Measure("repeated_runs", "runs of three words that stood before in the text", _SHARE, "LITERATURE marker 21", per_sentence=False),
    Measure("repeated_openings", "sentences that open with the same two words as an earlier one", _SHARE, "LITERATURE marker 21", per_sentence=False),
    Measure("repeated_questions", "questions that open as an earlier one does", _SHARE, "codebook rule 5", per_sentence=False),
    Measure("similar_sentences", "sentences that share most content words with an earlier one", _SHARE, "LITERATURE marker 22; S15", per_sentence=False),
    Measure("new_at_end", "content words of the last third that are new", _SHARE, "LITERATURE marker 24", per_sentence=False),
    Measure("distress_moves", "distress words, last third against first", "difference of rates", "Pennebaker, Mayne & Francis 1997", per_sentence=False),
    Measure("insight_moves", "insight words, last third against first", "difference of rates", "Pennebaker, Mayne & Francis 1997", per_sentence=False),
    Measure("ease_moves", "words of joy, calm and acceptance, last third against first", "difference of rates", "own", per_sentence=False),
    Measure("valence", "words of joy and calm minus words of distress", _RATE, "own"),
)
_DISTRESS: Final = ("worry", "sad", "anger", "guilt_shame", "worthless", "doom")
_EASE: Final = ("joy", "calm", "gratitude")
_LAGS: Final = 8
_SMOOTH: Final = 8.0
"""Added to the number of words under a rate, so that one word in a short sentence doesn't make a rate of 30."""


@cache
def _phrases() -> Mapping[str, Mapping[str, object]]:
    return tomllib.loads(files("ruminate.signs").joinpath("_measures.toml").read_text("utf-8"))


@cache
def phrase_entries() -> tuple[Entry, ...]:
    """The patterns of the phrase measures, to be compiled together with those of the signs."""
    none: frozenset[str] = frozenset()
    found = []
    for name, raw in _phrases().items():
        patterns = raw["patterns"]
        assert isinstance(patterns, list)
        found += [Entry(kind=COUNTED, id=name, source=source, weight=1.0, unless=none, lists={}) for source in patterns]
    return tuple(found)


@cache
def measures() -> tuple[Measure, ...]:
    """All measures, in the order of the columns of `Measured`."""
    words = (Measure(category.id, category.says, _RATE, category.source) for category in lexicon().categories)
    phrases = (Measure(name, str(raw["says"]), _RATE, str(raw["source"])) for name, raw in _phrases().items())
    return (*words, *phrases, *_OTHER)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Measures of a batch: one row a sentence, one row a text, columns as in `measures()`."""

    sentences: Matrix
    texts: Matrix
    words: NDArray[np.int64]
    """Number of words of each text."""
    third: NDArray[np.int64]
    """For each sentence, in which third of its text it stands (0, 1, 2), by words."""


def measure(batch: Batch, phrase_counts: NDArray[np.int64]) -> Measured:
    """Measure a batch; `phrase_counts` is sentences x phrase measures, counted by the pattern bank."""
    table = lexicon()
    is_word = ~table.wordless[batch.rows]
    bounds = batch.sentence_token
    categories = _sums(table.flags[batch.rows], bounds)
    words = _sums(is_word.astype(np.int64), bounds)
    question = _sums((batch.words == np.uint64(hash_word("?"))).astype(np.int64), bounds)
    exclamation = _sums((batch.words == np.uint64(hash_word("!"))).astype(np.int64), bounds)
    counts = np.column_stack([categories, phrase_counts, question, exclamation])
    text_counts, text_words = _sums(counts, batch.first_sentence), _sums(words, batch.first_sentence)

    third = _thirds(words, batch.first_sentence)
    columns = [_repetition(batch, is_word, words, question, text_words, third), _movement(batch, counts, words, third, table.column)]
    texts = _rows(counts=text_counts, words=text_words, sentences=np.diff(batch.first_sentence), extra=np.column_stack(columns), column=table.column)
    none = np.zeros((len(words), sum(part.shape[1] for part in columns)))
    sentences = _rows(counts=counts, words=words, sentences=np.ones(len(words), dtype=np.int64), extra=none, column=table.column)
    return Measured(sentences=sentences, texts=texts, words=text_words, third=third)


def _sums(values: NDArray[np.generic], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sums over runs, also empty ones; whole numbers, so exact in any order."""
    running = np.zeros((len(values) + 1, *values.shape[1:]), dtype=np.int64)
    np.cumsum(values, axis=0, dtype=np.int64, out=running[1:])
    return running[bounds[1:]] - running[bounds[:-1]]


def _rows(*, counts: NDArray[np.int64], words: NDArray[np.int64], sentences: NDArray[np.int64], extra: Matrix, column: Mapping[str, int]) -> Matrix:
    rates = counts * (100.0 / (words + _SMOOTH))[:, None]
    valence = _total(rates, column, _EASE) - _total(rates, column, _DISTRESS)
    length = np.log1p(words / np.maximum(sentences, 1))
    return np.column_stack([rates, np.log1p(words), length, np.log1p(sentences), extra, valence])


def _total(rates: Matrix, column: Mapping[str, int], names: Iterable[str]) -> Matrix:
    """Sum of some columns, added one by one so that the order never depends on the batch."""
    first, *rest = [rates[:, column[name]] for name in names]
    total = first.astype(np.float64)
    for values in rest:
        total = total + values
    return total


def _thirds(words: NDArray[np.int64], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    if not len(words):
        return np.zeros(0, dtype=np.int64)
    running = np.concatenate(([0], np.cumsum(words)))
    lengths = np.diff(bounds)
    begin = np.repeat(running[bounds[:-1]], lengths)
    total = np.repeat(running[bounds[1:]] - running[bounds[:-1]], lengths)
    middle = 2 * (running[:-1] - begin) + words
    return np.minimum(2, (3 * middle) // np.maximum(2 * total, 1))


def _movement(batch: Batch, counts: NDArray[np.int64], words: NDArray[np.int64], third: NDArray[np.int64], column: Mapping[str, int]) -> Matrix:
    several = np.diff(batch.first_sentence) >= 3
    groups = []
    for names in (_DISTRESS, ("insight", "learning"), _EASE):
        total = sum(counts[:, column[name]] for name in names)
        last, first = (
            _sums(np.where(third == part, total, 0), batch.first_sentence) * 100.0 / (_sums(np.where(third == part, words, 0), batch.first_sentence) + _SMOOTH)
            for part in (2, 0)
        )
        groups.append(np.where(several, last - first, 0.0))
    return np.column_stack(groups)


def _repetition(batch: Batch, is_word: NDArray[np.bool_], words: NDArray[np.int64], question: NDArray[np.int64], text_words: NDArray[np.int64], third: NDArray[np.int64]) -> Matrix:
    table = lexicon()
    several = np.diff(batch.first_sentence)
    text_of_sentence = np.repeat(np.arange(len(several)), several)
    text_of = text_of_sentence[batch.sentence]
    salt = np.arange(1, len(several) + 1, dtype=np.uint64) * np.uint64(0xD6E8FEB86659FD93)
    content = is_word & ~table.flags[batch.rows, table.column["function"]].astype(np.bool_)

    at = np.flatnonzero(content)
    first = _is_first(batch.words[at] ^ salt[text_of[at]])
    content_count = np.bincount(text_of[at], minlength=len(several))
    repeated_words = _share(np.bincount(text_of[at[~first]], minlength=len(several)), content_count, 6)

    runs = roll(batch.words, 3)
    repeated_runs = np.zeros(len(several))
    if len(runs) == 3:
        whole = np.flatnonzero((text_of[:-2] == text_of[2:]) & is_word[:-2] & is_word[1:-1] & is_word[2:])
        again = ~_is_first(runs[2][whole] ^ salt[text_of[whole]])
        repeated_runs = _share(np.bincount(text_of[whole[again]], minlength=len(several)), np.bincount(text_of[whole], minlength=len(several)), 6)

    begins = batch.sentence_token[:-1]
    second = np.minimum(begins + 1, np.maximum(batch.sentence_token[1:] - 1, 0))
    opening = batch.words[begins] * np.uint64(31) + batch.words[second] ^ salt[text_of_sentence]
    long_enough = words >= 3
    repeated_openings = _share(_count_repeats(opening, long_enough, text_of_sentence, len(several)), several, 3)
    asked = long_enough & (question > 0)
    repeated_questions = _share(_count_repeats(opening, asked, text_of_sentence, len(several)), several, 2)

    similar = _share(_similar(batch, content, text_of_sentence, len(several)), several, 3)
    late = third[batch.sentence[at]] == 2
    new_at_end = _share(np.bincount(text_of[at[late & first]], minlength=len(several)), np.bincount(text_of[at[late]], minlength=len(several)), 4)
    return np.column_stack([repeated_words, repeated_runs, repeated_openings, repeated_questions, similar, new_at_end])


def _is_first(keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
    flags = np.zeros(len(keys), dtype=np.bool_)
    flags[np.unique(keys, return_index=True)[1]] = True
    return flags


def _share(part: NDArray[np.int64], whole: NDArray[np.int64], least: int) -> Matrix:
    """A share, or 0 where there is too little to say anything."""
    return np.where(whole >= least, part / np.maximum(whole, 1), 0.0)


def _count_repeats(keys: NDArray[np.uint64], chosen: NDArray[np.bool_], text_of: NDArray[np.int64], texts: int) -> NDArray[np.int64]:
    at = np.flatnonzero(chosen)
    return np.bincount(text_of[at[~_is_first(keys[at])]], minlength=texts)


def _similar(batch: Batch, content: NDArray[np.bool_], text_of: NDArray[np.int64], texts: int) -> NDArray[np.int64]:
    """Sentences of which an earlier one, up to eight back, holds most content words; by 64-bit signatures of words."""
    if len(text_of) < 2:
        return np.zeros(texts, dtype=np.int64)
    bits = np.where(content, np.uint64(1) << (batch.words >> np.uint64(58)), np.uint64(0))
    signature = np.bitwise_or.reduceat(bits, batch.sentence_token[:-1])
    size = np.bitwise_count(signature)
    similar = np.zeros(len(signature), dtype=np.bool_)
    for lag in range(1, min(_LAGS, len(signature) - 1) + 1):
        shared = np.bitwise_count(signature[lag:] & signature[:-lag])
        smaller = np.minimum(size[lag:], size[:-lag])
        similar[lag:] |= (smaller >= 3) & (shared * 4 >= smaller * 3) & (text_of[lag:] == text_of[:-lag])
    return np.bincount(text_of[similar], minlength=texts)
