"""Look up many thousands of phrases at once.

Phrases are compiled to sequence identities (see `ruminate.text.words`). A look-up rolls the identities of all runs of one
to `longest` words over the whole batch of texts, lets a bit table throw out nearly all of them, and compares the rest
exactly. Its cost depends on the length of the text, not on the number of phrases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruminate.text.words import Hashes, roll

__all__ = ["Found", "PhraseTable"]

_BITS: Final = 20


class Found(NamedTuple):
    """Where phrases stand: parallel arrays of first word, one past the last word, and the phrase's value."""

    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    value: NDArray[np.int64]


class PhraseTable:
    """An immutable table from word sequences to integer values (one sequence may have several)."""

    def __init__(self, phrases: Mapping[int, Sequence[tuple[Hashes, NDArray[np.int64]]]]) -> None:
        """Build the table from (identities, values) arrays, grouped by the length of the sequences."""
        self.longest = max(phrases, default=0)
        self._levels = [self._level(phrases.get(length, ())) for length in range(1, self.longest + 1)]
        self.size = sum(len(values) for *_, values in self._levels)

    @staticmethod
    def _level(pairs: Sequence[tuple[Hashes, NDArray[np.int64]]]) -> tuple[NDArray[np.bool_], Hashes, NDArray[np.int64], NDArray[np.int64]]:
        empty = (np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))
        identities, values = (np.concatenate(column) for column in zip(empty, *pairs, strict=True))
        order = np.argsort(identities, kind="stable")
        keys, first = np.unique(identities[order], return_index=True)
        seen = np.zeros(1 << _BITS, dtype=np.bool_)
        seen[keys >> np.uint64(64 - _BITS)] = True
        return seen, keys, np.append(first, len(values)), values[order]

    def find(self, words: Hashes, unit: NDArray[np.int64]) -> Found:
        """All phrases in a run of words; none reaches over from one `unit` (a sentence number a word) to the next."""
        starts, stops, found = [], [], []
        for length, hashes in enumerate(roll(words, self.longest), start=1):
            seen, keys, first, values = self._levels[length - 1]
            if not len(keys):
                continue
            at = np.flatnonzero(seen[hashes >> np.uint64(64 - _BITS)])
            if not len(at):
                continue
            candidates = hashes[at]
            slot = np.searchsorted(keys, candidates)
            slot[slot == len(keys)] = 0
            exact = (keys[slot] == candidates) & (unit[at] == unit[at + length - 1])
            at, slot = at[exact], slot[exact]
            if not len(at):
                continue
            many = first[slot + 1] - first[slot]
            begin = np.repeat(at, many)
            offset = np.arange(len(begin)) - np.repeat(np.cumsum(many) - many, many)
            starts.append(begin)
            stops.append(begin + length)
            found.append(values[np.repeat(first[slot], many) + offset])
        if not starts:
            none = np.zeros(0, dtype=np.int64)
            return Found(none, none, none)
        return Found(np.concatenate(starts), np.concatenate(stops), np.concatenate(found))
