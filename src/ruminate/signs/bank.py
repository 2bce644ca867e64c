"""Compiled patterns: from the notation to phrase look-ups, and from look-ups back to matches.

Patterns without a gap are done when their phrase is found. Of a pattern with gaps one segment is looked up, and the
pattern completed from there (see `ruminate.signs.chains`). Among the matches of one sign that overlap, the leftmost and longest stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruminate.signs.compiling import Entry, compiled_patterns
from ruminate.text.document import Batch
from ruminate.text.lexicon import lexicon
from ruminate.text.words import Run

__all__ = ["COUNTED", "Entry", "Found", "Match", "PatternBank"]

COUNTED: Final = "counted"
"""The kind of entries whose matches are only counted, a sentence at a time."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found: which entry, in which text and sentence of the batch, and its character offsets."""

    entry: int
    text: int
    sentence: int
    start: int
    stop: int


class Found(NamedTuple):
    """What a bank found in a batch.

    Attributes
    ----------
    matches
        In order of place; overlapping ones of the same id reduced to one.
    counts
        Sentences x counted ids: how often the patterns of each counted id stand in each sentence, those left out that something may cancel.
    doubtful
        Matches of counted ids that something may cancel: they count once it is known that nothing does.
    """

    matches: list[Match]
    counts: NDArray[np.int64]
    doubtful: list[Match]


class PatternBank:
    """Patterns, compiled once, immutable, safe to share between threads."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self.counted = tuple(dict.fromkeys(entry.id for entry in entries if entry.kind == COUNTED))
        counted_as = [self.counted.index(entry.id) if entry.kind == COUNTED else -1 for entry in entries]
        self._column = np.array(counted_as, dtype=np.int64)
        self._doubtful = np.array([entry.kind == COUNTED and bool(entry.unless) for entry in entries], dtype=np.bool_)
        numbers: dict[str, int] = {}
        self._name = np.array([numbers.setdefault(entry.id, len(numbers)) for entry in entries], dtype=np.int64)
        self._weight = np.array([entry.weight for entry in entries], dtype=np.float64)
        compiled = compiled_patterns(self.entries)
        self._table, self._chains = compiled.table, compiled.chains
        self.size = compiled.size
        """How many phrases the patterns stand for."""

    def find(self, batch: Batch) -> Found:
        """Search a batch of texts."""
        kept = np.flatnonzero(~lexicon().skipped[batch.rows])
        sentence = batch.sentence[kept]
        run = Run(batch.words[kept])
        start, stop, value = self._table.find(run, sentence)
        anchors = (value >= len(self.entries)).nonzero()[0]
        if len(anchors):
            whole = (value < len(self.entries)).nonzero()[0]
            chained = self._chains.complete(value[anchors] - len(self.entries), start[anchors], stop[anchors], run, sentence)
            start, stop, value = (np.concatenate((column[whole], more)) for column, more in zip((start, stop, value), chained, strict=True))
        column = self._column[value]
        doubtful = self._doubtful[value]
        plain = ((column >= 0) & ~doubtful).nonzero()[0]
        width = len(self.counted)
        cells = sentence[start[plain]] * width + column[plain]
        counts = np.bincount(cells, minlength=len(batch.sentence_start) * width).reshape(len(batch.sentence_start), width)
        open_ = doubtful.nonzero()[0]
        rest = (column < 0).nonzero()[0]
        matches = _placed(batch, kept, *self._leftmost_longest(start[rest], stop[rest], value[rest]))
        return Found(matches, counts, _placed(batch, kept, start[open_], stop[open_], value[open_]))

    def _leftmost_longest(self, start: Ints, stop: Ints, value: Ints) -> tuple[Ints, Ints, Ints]:
        """In order of place; of matches of one id that overlap, the first, then the longest, then the weightiest stays."""
        order = np.lexsort((value, -self._weight[value], -stop, start))
        start, stop, value = start[order], stop[order], value[order]
        reach: dict[int, int] = {}
        kept = []
        for at, (begin, end, name) in enumerate(zip(start.tolist(), stop.tolist(), self._name[value].tolist(), strict=True)):
            if begin >= reach.get(name, 0):
                reach[name] = end
                kept.append(at)
        return start[kept], stop[kept], value[kept]


def _placed(batch: Batch, kept: Ints, start: Ints, stop: Ints, value: Ints) -> list[Match]:
    """Matches with their places in the texts; they are given by entry and words, of which `kept` are the tokens."""
    first, last = kept[start], kept[stop - 1]
    text = np.searchsorted(batch.first_token, first, side="right") - 1
    columns = (value, text, batch.sentence[first], batch.start[first], batch.stop[last])
    return [Match(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
