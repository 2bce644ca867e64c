"""Tokens of folded texts, by spaCy's tokenizer, each distinct chunk tokenized once.

spaCy's tokenizer works on one chunk between blanks at a time. So the tokens of a chunk, and everything that is looked up
for them, can be kept: a text is then split at blanks, and its tokens are gathered from a table. That costs a fraction of
tokenizing it anew, and the text is still cut exactly as spaCy cuts each chunk. The table is bounded, so that memory stays
flat however many texts go by.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ruminate.text.chunks import cut_all
from ruminate.text.folding import LONGEST_RUN, cut_runs
from ruminate.text.lexicon import lexicon
from ruminate.text.words import Hashes, tokenizing

__all__ = ["Tokens", "tokenize"]

Ints = NDArray[np.int64]
_MOST_CHUNKS: Final = 100_000
"""When more distinct chunks than this are known, the table is begun anew (about 20 MB)."""


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """Tokens of several texts, end to end: identity, lexicon row, character offsets, and how many each text has."""

    words: Hashes
    rows: NDArray[np.intp]
    start: Ints
    stop: Ints
    lengths: Ints


class _Columns:
    """What is known of each token of each chunk, in arrays that grow by doubling. Rows once written never change."""

    def __init__(self, room: int = 4096) -> None:
        self.words = np.zeros(room, dtype=np.uint64)
        self.rows = np.zeros(room, dtype=np.intp)
        self.start = np.zeros(room, dtype=np.int64)
        self.stop = np.zeros(room, dtype=np.int64)
        self.first = np.zeros(room, dtype=np.int64)
        self.many = np.zeros(room, dtype=np.int64)
        self.size = np.ones(room, dtype=np.int64)  # of the chunk with its blank; the empty chunk is known from the start

    def grown(self, tokens: int, chunks: int) -> _Columns:
        """The same columns, with room for that many tokens and chunks."""
        if tokens < len(self.words) and chunks < len(self.many):
            return self
        larger = _Columns(2 * max(tokens, chunks, len(self.words)))
        for name in ("words", "rows", "start", "stop", "first", "many", "size"):
            old = getattr(self, name)
            getattr(larger, name)[: len(old)] = old
        return larger


class _Memo:
    """The table of known chunks. Reading needs no lock; learning new chunks takes the one of the tokenizer, whatever the table."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {"": 0}  # two blanks in a row leave an empty chunk: no tokens
        self.columns = _Columns()
        self._tokens = 0

    def learn(self, chunks: Sequence[str]) -> None:
        """Tokenize chunks that are not known yet."""
        table = lexicon()
        with tokenizing:
            new = [chunk for chunk in dict.fromkeys(chunks) if chunk not in self.numbers]
            cut = cut_all(new)
            flat = np.array([token for tokens in cut for token in tokens], dtype=np.uint64).reshape(-1, 3)
            many = np.array([len(tokens) for tokens in cut], dtype=np.int64)
            begin, known = self._tokens, len(self.numbers)
            columns = self.columns.grown(begin + len(flat) + 1, known + len(new) + 1)
            rows = table.rows(flat[:, 0])
            plain = table.plain[rows]
            here = slice(begin, begin + len(flat))
            columns.words[here] = np.where(plain == 0, flat[:, 0], plain)
            columns.rows[here] = rows
            columns.start[here] = flat[:, 1]
            columns.stop[here] = flat[:, 1] + flat[:, 2]
            columns.many[known : known + len(new)] = many
            columns.size[known : known + len(new)] = np.array(list(map(len, new)), dtype=np.int64) + 1
            columns.first[known : known + len(new)] = begin + np.cumsum(many) - many
            self.columns = columns
            self._tokens = begin + len(flat)
            self.numbers.update(zip(new, range(known, known + len(new)), strict=True))


_current = [_Memo()]


def _memo() -> _Memo:
    """The table in use; begun anew when it has grown too large. Whoever still reads the old one keeps it."""
    memo = _current[0]
    if len(memo.numbers) > _MOST_CHUNKS:
        memo = _current[0] = _Memo()
    return memo


def tokenize(folded: Sequence[str]) -> Tokens:
    """Tokens of folded texts; blanks are none."""
    memo = _memo()
    joined = " ".join(folded).replace("\n", " ")
    chunks = joined.split(" ")
    numbers = list(map(memo.numbers.get, chunks))
    if None in numbers:
        unknown = [chunk for chunk, number in zip(chunks, numbers, strict=True) if number is None]
        if max(map(len, unknown)) >= LONGEST_RUN:  # such a chunk is never learned, so it is always among the unknown ones
            chunks = cut_runs(joined).split(" ")
            unknown = [chunk for chunk in chunks if chunk not in memo.numbers]
        memo.learn(unknown)
        numbers = list(map(memo.numbers.get, chunks))
    columns = memo.columns
    number = np.array(numbers, dtype=np.int64)
    size = columns.size[number]
    place = np.cumsum(size) - size
    many = columns.many[number]
    ends = np.cumsum(many)
    token = np.arange(ends[-1]) + np.repeat(columns.first[number] - (ends - many), many)
    begin = np.repeat(place, many)
    start, stop = begin + columns.start[token], begin + columns.stop[token]
    if len(folded) == 1:
        return Tokens(columns.words[token], columns.rows[token], start, stop, np.array([len(token)]))
    bounds = _bounds(folded)
    first = np.searchsorted(start, bounds)
    lengths = np.diff(first)
    shift = np.repeat(bounds[:-1], lengths)
    return Tokens(columns.words[token], columns.rows[token], start - shift, stop - shift, lengths)


def _bounds(folded: Sequence[str]) -> Ints:
    """Where each text begins when all are joined by a blank, and one past the last."""
    bounds = np.zeros(len(folded) + 1, dtype=np.int64)
    np.cumsum(np.array(list(map(len, folded)), dtype=np.int64) + 1, out=bounds[1:])
    return bounds


if hasattr(os, "register_at_fork"):
    # A fork waits until no thread is tokenizing, so that the child begins with a whole table and a free lock.
    os.register_at_fork(before=tokenizing.acquire, after_in_parent=tokenizing.release, after_in_child=tokenizing.release)
