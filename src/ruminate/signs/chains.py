"""Patterns with gaps: found by their rarest segment, then completed to both sides.

Only one segment of such a pattern, its anchor, is looked up like a phrase. Where it stands, the segments after it and
before it are asked for at every place within reach, all chains of a batch at once. A chain takes the farthest place that
fits, and never leaves its sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ruminate.text.lookup import Lookup, buckets_of
from ruminate.text.words import Hashes, Run

__all__ = ["Chain", "Chains"]

Ints = NDArray[np.int64]
_SALT = np.uint64(0xC2B2AE3D27D4EB4F)


@dataclass(frozen=True, slots=True)
class Chain:
    """One pattern with gaps: its value, the numbers of its segments, the gaps between them, and which one is the anchor."""

    value: int
    segments: tuple[int, ...]
    gaps: tuple[int, ...]
    anchor: int

    def steps(self) -> list[tuple[int, int, int]]:
        """(direction, segment, gap) of each segment but the anchor: first those after it, then those before it."""
        after = [(1, self.segments[at], self.gaps[at - 1]) for at in range(self.anchor + 1, len(self.segments))]
        before = [(-1, self.segments[at], self.gaps[at]) for at in range(self.anchor - 1, -1, -1)]
        return after + before


class Chains:
    """All chains, ready to be completed; `compile` makes them.

    Parameters
    ----------
    arrays
        What `arrays` gave for chains once compiled.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.arrays = arrays
        self.values: Ints = arrays["chain_values"]
        shape = (3, -1, len(self.values))
        self._direction, self._segment, self._gap = arrays["chain_steps"].reshape(shape if len(self.values) else (3, 1, 0))
        self._lengths: Ints = arrays["segment_lengths"]
        self._first: Ints = arrays["segment_first"]
        self._keys = Lookup(arrays["segment_keys"], arrays["segment_buckets"])

    @classmethod
    def compile(cls, chains: Sequence[Chain], segments: Sequence[dict[int, Hashes]]) -> Chains:
        """Make them.

        Parameters
        ----------
        chains
            The patterns with gaps.
        segments
            Identities of each segment, by length.
        """
        steps = [chain.steps() for chain in chains]
        depth = max(map(len, steps), default=0)
        table = np.zeros((3, depth + 1, len(chains)), dtype=np.int64)  # a direction of 0 ends a chain
        for at, found in enumerate(steps):
            for place, step in enumerate(found):
                table[:, place, at] = step
        salted = [known ^ _salt(np.array([number])) for number, segment in enumerate(segments) for known in segment.values()]
        keys = np.unique(np.concatenate([np.zeros(0, dtype=np.uint64), *salted]))
        return cls({
            "chain_values": np.array([chain.value for chain in chains], dtype=np.int64),
            "chain_steps": table.ravel(),
            "segment_lengths": np.array([length for segment in segments for length in sorted(segment)], dtype=np.int64),
            "segment_first": np.cumsum([0, *map(len, segments)]),
            "segment_keys": keys,
            "segment_buckets": buckets_of(keys),
        })  # fmt: skip

    def complete(self, chain: Ints, begin: Ints, end: Ints, run: Run, unit: Ints) -> tuple[Ints, Ints, Ints]:
        """Where whole patterns stand.

        Parameters
        ----------
        chain, begin, end
            Numbers of the chains whose anchors were found, and where.
        run, unit
            The words, and the sentence number of each.

        Returns
        -------
        start, stop, value
            Places and values of the whole patterns.
        """
        done: list[tuple[Ints, Ints, Ints]] = []
        for depth in range(len(self._direction)):
            direction = self._direction[depth, chain]
            over = direction == 0
            if over.any():
                done.append((begin[over], end[over], self.values[chain[over]]))
                chain, begin, end, direction = chain[~over], begin[~over], end[~over], direction[~over]
            if not len(chain):
                break
            row, start, stop = self._fitting(depth, chain, begin, end, direction, run, unit)
            chain, direction = chain[row], direction[row]
            begin, end = np.where(direction > 0, begin[row], start), np.where(direction > 0, stop, end[row])
        if not done:
            return begin[:0], begin[:0], begin[:0]
        first, last, value = (np.concatenate(column) for column in zip(*done, strict=True))
        return first, last, value

    def _fitting(self, depth: int, chain: Ints, begin: Ints, end: Ints, direction: Ints, run: Run, unit: Ints) -> tuple[Ints, Ints, Ints]:
        """For each chain that goes on: its row, and the farthest place at which its next segment stands."""
        segment, gap = self._segment[depth, chain], self._gap[depth, chain]
        lengths = self._first[segment + 1] - self._first[segment]
        many = lengths * (gap + 1)
        ends = many.cumsum()
        row = np.arange(len(chain)).repeat(many)
        number = np.arange(ends[-1]) - (ends - many).repeat(many)
        skip, which = np.divmod(number, lengths[row])
        length = self._lengths[self._first[segment][row] + which]
        start = np.where(direction[row] > 0, end[row] + skip, begin[row] - skip - length)
        inside = ((start >= 0) & (start + length <= len(unit))).nonzero()[0]
        row, start, length = row[inside], start[inside], length[inside]
        stop = start + length
        inside = ((unit[start] == unit[begin[row]]) & (unit[stop - 1] == unit[begin[row]])).nonzero()[0]
        row, start, length, stop = row[inside], start[inside], length[inside], stop[inside]
        salted = run.between(start, length) ^ _salt(segment[row])
        known, _ = self._keys.find(salted)
        row, start, stop = row[known], start[known], stop[known]
        reach = np.where(direction[row] > 0, stop, -start)
        order = np.lexsort((reach, row))
        row, start, stop = row[order], start[order], stop[order]
        last = np.ones(len(row), dtype=np.bool_)
        last[:-1] = row[1:] != row[:-1]
        return row[last], start[last], stop[last]


def _salt(segment: Ints) -> Hashes:
    """What tells the same words in one segment from those in another."""
    return (segment + 1).astype(np.uint64) * _SALT
