"""Look up hundreds of thousands of phrases at once.

Phrases are compiled to sequence identities (see `ruminate.text.words`). A look-up takes three steps over a whole batch of
texts: single words and pairs are looked up directly; of all places, only those remain where the first three words of some
phrase stand (few); at these, the identities of all longer runs come out of one running sum, and are compared exactly. The
cost depends on the length of the text, hardly on the number of phrases.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruminate.text.lookup import Lookup, buckets_of
from ruminate.text.words import Hashes, Run

__all__ = ["PREFIX", "Found", "PhraseTable"]

_WIDE: Final = np.uint64(64 - 22)
_NARROW: Final = np.uint64(64 - 18)
"""Shifts that make of an identity a place in a bit table: a large one for all phrases, and small ones, which stay in the
processor's cache, for what every place of a text is asked: 256 kB against 4 MB is a third of the time of a look-up."""
PREFIX: Final = 3
"""How many words of a phrase are looked at first."""
Ints = NDArray[np.int64]


class Found(NamedTuple):
    """Where phrases stand: parallel arrays of first word, one past the last word, and the phrase's value."""

    start: Ints
    stop: Ints
    value: Ints


class PhraseTable:
    """An immutable table from word sequences to integer values (one sequence may have several); `compile` makes one.

    Parameters
    ----------
    arrays
        What `arrays` gave for a table once compiled.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.arrays = arrays
        self._keys = Lookup(arrays["keys"], arrays["buckets"])
        self._first: NDArray[np.int32] = arrays["first"]
        self._values: NDArray[np.int32] = arrays["values"]
        self._lengths: Ints = arrays["lengths"]
        self._seen = _bits(arrays["seen"])
        self._seen_short = [_bits(arrays[f"seen_{length}"]) for length in range(1, PREFIX)]
        self._seen_two, self._seen_three = _bits(arrays["begins_2"]), _bits(arrays["begins_3"])
        self.size = len(self._values)

    @classmethod
    def compile(cls, phrases: Mapping[int, tuple[Hashes, Ints]], prefixes: tuple[Hashes, Hashes]) -> PhraseTable:
        """Make a table.

        Parameters
        ----------
        phrases
            Length to (identities, values), parallel arrays; each pair once.
        prefixes
            Identities of the first two, and of the first three words of every phrase of at least three.
        """
        identities = np.concatenate([np.zeros(0, dtype=np.uint64), *(pair[0] for pair in phrases.values())])
        values = np.concatenate([np.zeros(0, dtype=np.int64), *(pair[1] for pair in phrases.values())])
        order = np.argsort(identities, kind="stable")
        keys, first = np.unique(identities[order], return_index=True)
        short = {f"seen_{length}": _packed(phrases[length][0] if length in phrases else keys[:0], _NARROW) for length in range(1, PREFIX)}
        return cls({
            "keys": keys,
            "buckets": buckets_of(keys),
            "first": np.append(first, len(values)).astype(np.int32),
            "values": values[order].astype(np.int32),
            "lengths": np.array(sorted(length for length in phrases if length >= PREFIX), dtype=np.int64),
            "seen": _packed(keys, _WIDE),
            **short,
            "begins_2": _packed(prefixes[0], _NARROW),
            "begins_3": _packed(prefixes[1], _WIDE),
        })  # fmt: skip

    def find(self, run: Run, unit: Ints) -> Found:
        """All phrases in a run of words; none reaches over from one `unit` (a sentence number a word) to the next."""
        starts, hashes, lengths = [], [], []
        for length, seen in enumerate(self._seen_short, start=1):
            found = run.of_length(length)
            at = seen[found >> _NARROW].nonzero()[0]
            starts.append(at)
            hashes.append(found[at])
            lengths.append(np.full(len(at), length))
        three = run.of_length(PREFIX)
        at = self._seen_two[run.of_length(PREFIX - 1)[: len(three)] >> _NARROW].nonzero()[0]
        at = at[self._seen_three[three[at] >> _WIDE]]
        if len(at) and len(self._lengths):
            begin = at.repeat(len(self._lengths))
            length_of = np.concatenate([self._lengths] * len(at)) if len(at) < 64 else np.tile(self._lengths, len(at))
            fits = begin + length_of <= len(run.words)
            begin, length_of = begin[fits], length_of[fits]
            found = run.between(begin, length_of)
            kept = self._seen[found >> _WIDE].nonzero()[0]
            starts.append(begin[kept])
            hashes.append(found[kept])
            lengths.append(length_of[kept])
        start, candidates, length_of = np.concatenate(starts), np.concatenate(hashes), np.concatenate(lengths)
        at, slot = self._keys.find(candidates)
        start = start[at]
        stop = start + length_of[at]
        within = (unit[start] == unit[stop - 1]).nonzero()[0]
        slot, start, stop = slot[within], start[within], stop[within]
        first = self._first[slot].astype(np.int64)
        many = self._first[slot + 1] - first
        ends = many.cumsum()
        value = self._values[np.arange(ends[-1] if len(ends) else 0) + (first - (ends - many)).repeat(many)].astype(np.int64)
        return Found(start.repeat(many), stop.repeat(many), value)


def _packed(identities: Hashes, shift: np.uint64) -> NDArray[np.uint8]:
    """A table that says of most identities that they are not among these; eight places a byte."""
    seen = np.zeros(1 << (64 - int(shift)), dtype=np.bool_)
    seen[identities >> shift] = True
    return np.packbits(seen)


def _bits(packed: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The same, a byte a place."""
    return np.unpackbits(packed).view(np.bool_)
