"""Where identities stand in a sorted table, in about one step each.

Identities are hashes, so their first bits say nearly where in a sorted table they stand: a small table of buckets, by
these bits, takes the place of a binary search, which would miss the processor's cache at nearly every step.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ruminate.text.words import Hashes

__all__ = ["Lookup", "buckets_of", "first_places", "sorted_counts"]

Ints = NDArray[np.int64]
_BITS: Final = 64


class Lookup:
    """A table of sorted identities, each once; immutable.

    Parameters
    ----------
    keys
        The identities, in order.
    buckets
        What `buckets_of` gives for them, if that is known already.

    Examples
    --------
    >>> table = Lookup(np.array([5, 1 << 40, 1 << 63], dtype=np.uint64))
    >>> at, slot = table.find(np.array([7, 1 << 63, 5], dtype=np.uint64))
    >>> at.tolist(), slot.tolist()
    ([1, 2], [2, 0])
    """

    __slots__ = ("_buckets", "_shift", "keys")

    def __init__(self, keys: Hashes, buckets: NDArray[np.int32] | None = None) -> None:
        self.keys = keys
        self._buckets = buckets_of(keys) if buckets is None else buckets
        self._shift = np.uint64(_BITS - (len(self._buckets) - 1).bit_length() + 1)

    def find(self, identities: Hashes) -> tuple[Ints, Ints]:
        """Which of these are known, by position, and their places in the table."""
        bucket = (identities >> self._shift).view(np.int64)
        slot = self._buckets.take(bucket)
        same = self.keys.take(slot, mode="clip") == identities if len(self.keys) else np.zeros(len(identities), dtype=np.bool_)
        known = same.nonzero()[0]
        places = slot[known].astype(np.int64)
        left = (~same).nonzero()[0]
        slot, stop = slot[left] + 1, self._buckets.take(bucket[left] + 1)
        more = (slot < stop).nonzero()[0]
        if not len(more):
            return known, places
        found = np.full(len(identities), -1, dtype=np.int64)
        found[known] = places
        at, slot, stop = left[more], slot[more], stop[more]
        while len(at):
            same = self.keys.take(slot) == identities[at]
            found[at[same]] = slot[same]
            slot = slot + 1
            more = (~same & (slot < stop)).nonzero()[0]
            at, slot, stop = at[more], slot[more], stop[more]
        known = (found >= 0).nonzero()[0]
        return known, found[known]


def buckets_of(keys: Hashes) -> NDArray[np.int32]:
    """For each value of the first bits (and one past the last) where its identities begin; most buckets hold one or none."""
    bits = min(max(len(keys).bit_length() + 2, 4), 20)
    counts = np.bincount((keys >> np.uint64(_BITS - bits)).view(np.int64), minlength=1 << bits)
    buckets = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=buckets[1:])
    return buckets


def first_places(keys: Hashes) -> NDArray[np.bool_]:
    """Whether each key stands for the first time.

    A stable sort would tell, but it is many times slower than a plain one. So the position takes the place of the last
    bits of a key, and it is looked whether keys were confounded by that.

    Examples
    --------
    >>> first_places(np.array([8, 9, 8], dtype=np.uint64)).tolist()
    [True, True, False]
    """
    size = len(keys)
    low = np.uint64((1 << size.bit_length()) - 1)
    order = (np.sort(keys & ~low | np.arange(size, dtype=np.uint64)) & low).view(np.int64)
    ranked = keys[order]
    fresh = ranked[1:] != ranked[:-1]
    if ((((ranked[1:] ^ ranked[:-1]) & ~low) == 0) & fresh).any():
        order = keys.argsort(kind="stable")
        ranked = keys[order]
        fresh = ranked[1:] != ranked[:-1]
    flags = np.ones(size, dtype=np.bool_)
    flags[order[1:]] = fresh
    return flags


def sorted_counts(cells: Ints, limit: int) -> tuple[Ints, Ints]:
    """The different numbers, in order, and how often each stands there; all are below `limit`.

    Examples
    --------
    >>> numbers, counts = sorted_counts(np.array([3, 1, 3]), 4)
    >>> numbers.tolist(), counts.tolist()
    ([1, 3], [1, 2])
    """
    ranked = np.sort(cells.astype(np.int32) if limit < 1 << 31 else cells)
    first = np.concatenate((np.ones(min(len(ranked), 1), dtype=np.bool_), ranked[1:] != ranked[:-1])).nonzero()[0]
    counts = np.diff(first, append=len(ranked))
    return ranked[first].astype(np.int64), counts
