"""Measures: what is counted in a text beside the signs.

Rates of word categories and phrases, questions, repetition, movement from the first to the last third, novelty, length.
Single measures are weak (r of .10 to .26 in the literature); they matter together. Every measure is documented with its
source in its definition, and `locate` shows the places that a measure counted.

All measures of a batch come out of the same few array passes, per sentence and per text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ruminate.signs.bank import COUNTED, Entry
from ruminate.signs.counting import cancelled_words
from ruminate.text.document import Batch
from ruminate.text.lexicon import lexicon
from ruminate.text.lookup import first_places
from ruminate.text.wordfiles import parse
from ruminate.text.words import Run

__all__ = ["Measure", "Measured", "measure", "measures", "phrase_entries"]

Matrix = NDArray[np.float64]
Ints = NDArray[np.int64]


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
_INSIGHT: Final = ("insight", "learning")
_EASE: Final = ("joy", "calm", "gratitude")
_LAGS: Final = 8
_LEAST: Final = np.array([6, 6, 3, 2, 3, 4])
"""Of how many words, runs or sentences a share of repetition says anything."""
_SMOOTH: Final = 8.0
"""Added to the number of words under a rate, so that one word in a short sentence doesn't make a rate of 30."""


@cache
def _phrases() -> Mapping[str, Mapping[str, object]]:
    return parse(files("ruminate.signs").joinpath("_measures.toml").read_text("utf-8"))


@cache
def phrase_entries() -> tuple[Entry, ...]:
    """The patterns of the phrase measures, to be compiled together with those of the signs."""
    found = []
    for name, raw in _phrases().items():
        patterns, unless = raw["patterns"], raw.get("unless", [])
        assert isinstance(patterns, list)
        assert isinstance(unless, list)
        found += [Entry(kind=COUNTED, id=name, source=source, weight=1.0, unless=frozenset(unless), lists={}) for source in patterns]
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


def measure(batch: Batch, phrase_counts: Ints) -> Measured:
    """Measure a batch; `phrase_counts` is sentences x phrase measures (see `ruminate.signs.counting.own_counts`)."""
    table = lexicon()
    sentences, texts = len(batch.sentence_start), len(batch.texts)
    counted = table.counts(batch.rows, batch.sentence, sentences)
    marks = len(table.categories)
    counted[:, :marks] -= cancelled_words(batch)
    counts = np.concatenate((counted[:, :marks], phrase_counts, counted[:, marks + 1 :]), axis=1)
    words = counted[:, marks]

    running = np.zeros(sentences + 1, dtype=np.int64)
    np.cumsum(words, out=running[1:])
    text_words = running[batch.first_sentence[1:]] - running[batch.first_sentence[:-1]]
    lengths = np.diff(batch.first_sentence)
    third = _thirds(running, batch.first_sentence, lengths)

    everywhere = np.concatenate((text_words, words))
    per_hundred = 100.0 / (everywhere + _SMOOTH)
    tallies = np.zeros((texts + sentences, counts.shape[1]))  # whole numbers, so all sums of them are exact
    tallies[texts:] = counts
    filled = lengths.nonzero()[0]
    if len(filled):
        tallies[filled] = np.add.reduceat(tallies[texts:], batch.first_sentence[filled], axis=0)
    rows = np.zeros((texts + sentences, len(measures())))
    at = tallies.shape[1]
    np.multiply(tallies, per_hundred[:, None], out=rows[:, :at])
    families = tallies[:, : len(table.categories)] @ _families()
    rows[:, -1] = (families[:, 2] - families[:, 0]) * per_hundred
    many = np.concatenate((lengths, np.ones(sentences, dtype=np.int64)))
    rows[:, at : at + 3] = np.log1p(np.stack((everywhere, everywhere / np.maximum(many, 1), many), axis=1))
    rows[:texts, at + 3 : at + 9] = _repetition(batch, words, counts[:, -2], lengths, third)
    rows[:texts, at + 9 : -1] = _movement(families[texts:], words, lengths, third)
    return Measured(sentences=rows[texts:], texts=rows[:texts], words=text_words, third=third)


@cache
def _families() -> Matrix:
    """Which categories belong to the words of distress, of insight, of ease: categories x 3."""
    return np.array([[category.id in family for family in (_DISTRESS, _INSIGHT, _EASE)] for category in lexicon().categories], dtype=np.float64)


def _thirds(running: Ints, bounds: Ints, lengths: Ints) -> Ints:
    """In which third of its text each sentence stands, by the middle of its words; `running` sums words over sentences."""
    begin = np.repeat(running[bounds[:-1]], lengths)
    total = np.repeat(running[bounds[1:]], lengths) - begin
    middle = running[:-1] + running[1:] - 2 * begin
    third: Ints = np.minimum(2, (3 * middle) // np.maximum(2 * total, 1))
    return third


def _movement(families: Matrix, words: Ints, lengths: Ints, third: Ints) -> Matrix:
    """Rates of the three families of words, last third against first, for texts of at least three sentences."""
    texts = len(lengths)
    cell = (np.arange(texts).repeat(lengths) * 3 + third)[:, None] * 4 + np.arange(4)
    weights = np.concatenate((families, words[:, None]), axis=1)
    sums = np.bincount(cell.ravel(), weights.ravel(), minlength=12 * texts).reshape(texts, 3, 4)
    rates = sums[:, :, :3] * (100.0 / (sums[:, :, 3:] + _SMOOTH))
    moves: Matrix = (rates[:, 2] - rates[:, 0]) * (lengths >= 3)[:, None]
    return moves


def _repetition(batch: Batch, words: Ints, questions: Ints, lengths: Ints, third: Ints) -> Matrix:
    """Six shares of what stood before; all kinds of keys are compared in one sort."""
    table = lexicon()
    texts = len(lengths)
    owner = np.arange(texts).repeat(lengths)
    text_of = owner[batch.sentence]

    content = table.content[batch.rows]
    at = content.nonzero()[0]
    runs = Run(batch.words).of_length(3)
    whole = (~table.wordless[batch.rows[: len(runs)]] & (text_of[: len(runs)] == text_of[len(text_of) - len(runs) :])).nonzero()[0]
    begins = batch.sentence_token[:-1]
    second = np.minimum(begins + 1, np.maximum(batch.sentence_token[1:] - 1, 0))
    opening = batch.words[begins] * np.uint64(31) + batch.words[second]
    long_enough = words >= 3
    open_at, ask_at = long_enough.nonzero()[0], (long_enough & (questions > 0)).nonzero()[0]

    owners = (text_of[at], text_of[whole], owner[open_at], owner[ask_at])
    cell = np.concatenate([part + kind * texts for kind, part in enumerate(owners)])
    keys = np.concatenate((batch.words[at], runs[whole], opening[open_at], opening[ask_at]))
    first = first_places(keys ^ (cell + 1).astype(np.uint64) * np.uint64(0xD6E8FEB86659FD93))
    late = (third[batch.sentence[at]] == 2).nonzero()[0]
    cell = np.concatenate((cell, owners[0][late] + 4 * texts))
    every = np.bincount(cell, minlength=5 * texts).reshape(5, texts)
    again = every - np.bincount(cell, np.concatenate((first, first[late])), minlength=5 * texts).reshape(5, texts)
    similar = _similar(batch, content, owner, texts)
    part = np.stack((again[0], again[1], again[2], again[3], similar, every[4] - again[4]), axis=1)
    of = np.stack((every[0], every[1], lengths, lengths, lengths, every[4]), axis=1)
    shares: Matrix = np.where(of >= _LEAST, part / np.maximum(of, 1), 0.0)
    return shares


def _similar(batch: Batch, content: NDArray[np.bool_], owner: Ints, texts: int) -> Ints:
    """Sentences of which an earlier one, up to eight back, holds most content words; by 64-bit signatures of words."""
    if len(owner) < 2:
        return np.zeros(texts, dtype=np.int64)
    bits = np.where(content, np.uint64(1) << (batch.words >> np.uint64(58)), np.uint64(0))
    signature = np.bitwise_or.reduceat(bits, batch.sentence_token[:-1])
    size = np.bitwise_count(signature)
    earlier = np.arange(len(signature))[:, None] - np.arange(1, _LAGS + 1)
    there = np.maximum(earlier, 0)
    smaller = np.minimum(size[:, None], size[there])
    shared = np.bitwise_count(signature[:, None] & signature[there])
    alike = (earlier >= 0) & (owner[there] == owner[:, None]) & (smaller >= 3) & (shared * 4 >= smaller * 3)
    return np.bincount(owner[alike.any(axis=1)], minlength=texts)
