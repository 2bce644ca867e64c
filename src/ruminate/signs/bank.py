"""Compiled patterns: from the notation to phrase look-ups, and from look-ups back to matches.

Patterns without a gap are done when their phrase is found. A pattern with gaps is anchored on its rarest segment; the rest
is checked there only. Among the matches of one sign that overlap, the leftmost and longest stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import SignError
from ruminate.signs.notation import expand
from ruminate.signs.phrases import PhraseTable
from ruminate.text.document import Batch
from ruminate.text.lexicon import lexicon
from ruminate.text.words import MASK, STEPS, Hashes, hash_words, roll, words_of

__all__ = ["COUNTED", "Entry", "Match", "PatternBank"]

COUNTED: Final = "counted"
"""The kind of entries whose matches are only counted, a sentence at a time."""

_FREQUENT: Final = frozenset("i my me a the to of it is am was and that in for not do have be this with on so but he she they them her him his their you we what all at as if would can will like feel think know get about when had did are were".split())
_MANY: Final = 48
Some = list[int] | Hashes
Identities = dict[int, Some]
"""Sequence length to the identities of the sequences of that length."""

_MERGED: Final = {("it", "is"): ("its",), ("i", "will"): ("ill",), ("i", "'d"): ("id",)}
"""Two plain words that people also write as one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One pattern to compile: what it stands for, how much a match counts, what cancels it."""

    kind: str
    id: str
    source: str
    weight: float
    unless: frozenset[str]
    lists: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found: which entry, in which text and sentence of the batch, and its character offsets."""

    entry: int
    text: int
    sentence: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class _Gapped:
    entry: int
    segments: tuple[Mapping[int, frozenset[int]], ...]
    gaps: tuple[int, ...]
    anchor: int


class IdentityLanguage:
    """Sequences as identities, grouped by length: what a look-up needs, without making the sequences themselves.

    Short lists stay lists of `int`; where many meet many, arrays take over. That keeps compiling all patterns to a
    fraction of a second.
    """

    def __init__(self) -> None:
        self._known: dict[str, Identities] = {}

    def word(self, word: str) -> Identities:
        if word not in self._known:
            found: dict[int, list[int]] = {}
            words = words_of(word)
            if not words:
                raise SignError(f"{word!r} is passed over everywhere (a filler or a mark); leave it out of the pattern")
            for variant in _variants(words):
                found.setdefault(len(variant), []).append(hash_words(variant))
            self._known[word] = dict(found)
        return self._known[word]

    def union(self, choices: list[Identities], *, optional: bool) -> Identities:
        found: dict[int, list[Some]] = {0: [[0]]} if optional else {}
        for choice in choices:
            for length, identities in choice.items():
                found.setdefault(length, []).append(identities)
        return {length: _join(several) for length, several in found.items()}

    def product(self, parts: list[Identities]) -> Identities:
        value: Identities = {0: [0]}
        for part in parts:
            grown: dict[int, list[Some]] = {}
            for length, tails in part.items():
                for before, heads in value.items():
                    grown.setdefault(before + length, []).append(_append(heads, tails, length))
            value = {length: _join(several) for length, several in grown.items()}
        return value

    def size(self, value: Identities) -> int:
        return sum(map(len, value.values()))

    def may_be_empty(self, value: Identities) -> bool:
        return 0 in value


class FrequencyLanguage:
    """How often a piece of a pattern is to be expected in running text, roughly: to anchor gapped patterns where it pays."""

    def word(self, word: str) -> float:
        mass = 1.0
        for plain in words_of(word):
            mass *= 0.03 if plain in _FREQUENT else 0.0005
        return mass

    def union(self, choices: list[float], *, optional: bool) -> float:
        return sum(choices) + optional

    def product(self, parts: list[float]) -> float:
        mass = 1.0
        for part in parts:
            mass *= part
        return mass

    def size(self, value: float) -> int:
        return 1

    def may_be_empty(self, value: float) -> bool:
        return False


def _as_sets(value: Identities) -> Mapping[int, frozenset[int]]:
    return {length: frozenset(map(int, some)) for length, some in value.items()}


def _append(heads: Some, tails: Some, length: int) -> Some:
    if len(heads) * len(tails) < _MANY:
        step = STEPS[length]
        return [int(head) * step + int(tail) & MASK for head in heads for tail in tails]
    before = np.asarray(heads, dtype=np.uint64) * np.uint64(STEPS[length])
    return (before[:, None] + np.asarray(tails, dtype=np.uint64)[None, :]).ravel()


def _join(several: list[Some]) -> Some:
    if len(several) == 1:
        return several[0]
    if sum(map(len, several)) < _MANY:
        return list({int(identity): None for some in several for identity in some})
    return np.unique(np.concatenate([np.asarray(some, dtype=np.uint64) for some in several]))


class PatternBank:
    """Patterns, compiled once, immutable, safe to share between threads."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self.counted = tuple(dict.fromkeys(entry.id for entry in entries if entry.kind == COUNTED))
        self._counted_as = [self.counted.index(entry.id) if entry.kind == COUNTED else -1 for entry in entries]
        self._gapped: list[_Gapped] = []
        language = IdentityLanguage()
        phrases: dict[int, list[tuple[Hashes, NDArray[np.int64]]]] = {}
        for number, entry in enumerate(self.entries):
            try:
                pattern = expand(entry.source, entry.lists, language)
            except SignError as error:
                raise SignError(f"{entry.id}: {error}") from error
            anchor, value = 0, number
            if pattern.gaps:
                masses = expand(entry.source, entry.lists, FrequencyLanguage()).segments
                anchor, value = masses.index(min(masses)), -1 - len(self._gapped)
                self._gapped.append(_Gapped(number, tuple(map(_as_sets, pattern.segments)), pattern.gaps, anchor))
            for length, identities in pattern.segments[anchor].items():
                known = np.unique(np.asarray(identities, dtype=np.uint64))
                phrases.setdefault(length, []).append((known, np.full(len(known), value)))
        self._table = PhraseTable(phrases)
        self._column = np.array([*self._counted_as, *(-1 for _ in self._gapped)], dtype=np.int64)
        self._reach = max((length for gapped in self._gapped for segment in gapped.segments for length in segment), default=1)
        self.size = self._table.size + sum(len(some) for gapped in self._gapped for at, segment in enumerate(gapped.segments) if at != gapped.anchor for some in segment.values())
        """How many phrases the patterns stand for."""

    def find(self, batch: Batch) -> tuple[list[Match], NDArray[np.int64]]:
        """Search a batch of texts.

        Returns
        -------
        matches
            In order of place; overlapping ones of the same id reduced to one.
        counts
            Sentences x counted ids: how often the patterns of each counted id stand in each sentence.
        """
        kept = np.flatnonzero(~lexicon().skipped[batch.rows])
        words, sentence = batch.words[kept], batch.sentence[kept]
        found = self._table.find(words, sentence)
        counts = np.zeros((len(batch.sentence_start), len(self.counted)), dtype=np.int64)
        column = self._column[found.value]
        plain = column >= 0
        np.add.at(counts, (sentence[found.start[plain]], column[plain]), 1)
        rest = np.flatnonzero(column < 0)
        if not len(rest):
            return [], counts
        raw: list[tuple[int, int, int]] = []
        rolled: list[Hashes] = []
        for start, stop, value in zip(found.start[rest].tolist(), found.stop[rest].tolist(), found.value[rest].tolist(), strict=True):
            if value >= 0:
                raw.append((start, stop, value))
                continue
            gapped = self._gapped[-1 - value]
            rolled = rolled or roll(words, self._reach)
            if whole := _complete(gapped, rolled, sentence, start, stop):
                if (at := self._counted_as[gapped.entry]) >= 0:
                    counts[sentence[start], at] += 1
                else:
                    raw.append((*whole, gapped.entry))
        return self._place(batch, kept, _leftmost_longest(raw, self.entries)), counts

    @staticmethod
    def _place(batch: Batch, kept: Any, raw: list[tuple[int, int, int]]) -> list[Match]:
        if not raw:
            return []
        table = np.array(raw)
        first, last = kept[table[:, 0]], kept[table[:, 1] - 1]
        text = np.searchsorted(batch.first_token, first, side="right") - 1
        columns = (table[:, 2], text, batch.sentence[first], batch.start[first], batch.stop[last])
        return [Match(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _variants(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    found = {words}
    for pair, merged in _MERGED.items():
        for at in range(len(words) - 1):
            if words[at : at + 2] == pair:
                found.add(words[:at] + merged + words[at + 2 :])
    return found


def _complete(gapped: _Gapped, rolled: Sequence[Hashes], sentence: NDArray[np.int64], start: int, stop: int) -> tuple[int, int] | None:
    """The whole of a gapped pattern whose anchor stands from `start` to `stop`, or None."""
    unit = sentence[start]
    ends = {stop}
    for segment, gap in zip(gapped.segments[gapped.anchor + 1 :], gapped.gaps[gapped.anchor :], strict=True):
        starts = {at for end in ends for at in range(end, end + gap + 1)}
        ends = {at + length for length, known in segment.items() for at in starts if _stands(rolled, sentence, unit, at, length, known)}
        if not ends:
            return None
    begins = {start}
    for segment, gap in zip(gapped.segments[gapped.anchor - 1 :: -1], gapped.gaps[gapped.anchor - 1 :: -1], strict=True) if gapped.anchor else ():
        stops = {at for begin in begins for at in range(begin - gap, begin + 1)}
        begins = {at - length for length, known in segment.items() for at in stops if _stands(rolled, sentence, unit, at - length, length, known)}
        if not begins:
            return None
    return max(begins), max(ends)


def _stands(rolled: Sequence[Hashes], sentence: NDArray[np.int64], unit: int, at: int, length: int, known: frozenset[int]) -> bool:
    """Whether one of the known sequences of a length stands at a place, inside the sentence."""
    if at < 0 or at + length > len(sentence):
        return False
    return bool(int(rolled[length - 1][at]) in known and sentence[at] == unit == sentence[at + length - 1])


def _leftmost_longest(raw: list[tuple[int, int, int]], entries: Sequence[Entry]) -> list[tuple[int, int, int]]:
    raw.sort(key=lambda match: (match[0], -match[1], -entries[match[2]].weight, match[2]))
    reach: dict[str, int] = {}
    kept = []
    for match in raw:
        name = entries[match[2]].id
        if match[0] >= reach.get(name, 0):
            reach[name] = match[1]
            kept.append(match)
    return kept
