"""Compiled patterns: from the notation to phrase look-ups, and from look-ups back to matches.

Patterns without a gap are done when their phrase is found. Of a pattern with gaps one segment is looked up, and the
pattern completed from there (see `ruminate.signs.chains`). Among the matches of one sign that overlap, the leftmost and longest stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import SignError
from ruminate.signs.chains import Chain, Chains
from ruminate.signs.notation import expand
from ruminate.signs.phrases import PREFIX, PhraseTable
from ruminate.text.document import Batch
from ruminate.text.lexicon import lexicon
from ruminate.text.words import MASK, STEPS, Hashes, Run, hash_sequence, hash_word, hash_words, words_of

__all__ = ["COUNTED", "Entry", "Match", "PatternBank"]

COUNTED: Final = "counted"
"""The kind of entries whose matches are only counted, a sentence at a time."""

_FREQUENT: Final = frozenset(
    "i my me a the to of it is am was and that in for not do have be this with on so but he she they them him her his their you we what "
    "all at as if would can will like feel think know get about when had did are were".split()
)
_MANY: Final = 48
Some = list[int] | Hashes
Ints = NDArray[np.int64]
Prefixes = frozenset[tuple[int, ...]]
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


class PrefixLanguage:
    """The first three words of each sequence, as tuples of word identities: few, so that they can be made one by one."""

    def __init__(self) -> None:
        self._known: dict[str, Prefixes] = {}

    def word(self, word: str) -> Prefixes:
        if word not in self._known:
            self._known[word] = frozenset(tuple(map(hash_word, variant))[:PREFIX] for variant in _variants(words_of(word)))
        return self._known[word]

    def union(self, choices: list[Prefixes], *, optional: bool) -> Prefixes:
        return frozenset().union(*choices, ((),) if optional else ())

    def product(self, parts: list[Prefixes]) -> Prefixes:
        done: set[tuple[int, ...]] = set()
        unfinished: set[tuple[int, ...]] = {()}
        for part in parts:
            grown = {(head + tail)[:PREFIX] for head in unfinished for tail in part}
            unfinished = {sequence for sequence in grown if len(sequence) < PREFIX}
            done |= grown - unfinished
            if not unfinished:
                break
        return frozenset(done | unfinished)

    def size(self, value: Prefixes) -> int:  # noqa: ARG002 - the size is checked when the identities are made
        return 1

    def may_be_empty(self, value: Prefixes) -> bool:
        return () in value


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

    def size(self, value: float) -> int:  # noqa: ARG002 - the size is checked when the identities are made
        return 1

    def may_be_empty(self, value: float) -> bool:  # noqa: ARG002
        return False


def _as_arrays(value: Identities) -> dict[int, Hashes]:
    return {length: np.unique(np.asarray(some, dtype=np.uint64)) for length, some in value.items()}


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
        identities, prefixes = IdentityLanguage(), PrefixLanguage()
        phrases: dict[int, list[tuple[Hashes, Ints]]] = {}
        begins: set[tuple[int, ...]] = set()
        segments: list[dict[int, Hashes]] = []
        chains: list[Chain] = []
        for number, entry in enumerate(self.entries):
            try:
                pattern = expand(entry.source, entry.lists, identities)
            except SignError as error:
                raise SignError(f"{entry.id}: {error}") from error
            anchor, value = 0, number
            if pattern.gaps:
                masses = expand(entry.source, entry.lists, FrequencyLanguage()).segments
                anchor, value = masses.index(min(masses)), len(self.entries) + len(chains)
                numbers = tuple(range(len(segments), len(segments) + len(pattern.segments)))
                segments += [_as_arrays(segment) for segment in pattern.segments]
                chains.append(Chain(number, numbers, pattern.gaps, anchor))
            for length, known in _as_arrays(pattern.segments[anchor]).items():
                phrases.setdefault(length, []).append((known, np.full(len(known), value)))
            begins |= expand(entry.source, entry.lists, prefixes).segments[anchor]
        joined = {length: (np.concatenate([known for known, _ in pairs]), np.concatenate([values for _, values in pairs])) for length, pairs in phrases.items()}
        whole = [head for head in begins if len(head) == PREFIX]
        two, three = (np.array([hash_sequence(head[:length]) for head in whole], dtype=np.uint64) for length in (PREFIX - 1, PREFIX))
        self._table = PhraseTable(joined, (two, three))
        self._chains = Chains(chains, segments)
        self._column = np.array(self._counted_as, dtype=np.int64)
        others = [segments[number] for chain in chains for at, number in enumerate(chain.segments) if at != chain.anchor]
        self.size = self._table.size + sum(len(known) for segment in others for known in segment.values())
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
        sentence = batch.sentence[kept]
        run = Run(batch.words[kept])
        start, stop, value = self._table.find(run, sentence)
        anchors = (value >= len(self.entries)).nonzero()[0]
        if len(anchors):
            whole = (value < len(self.entries)).nonzero()[0]
            chained = self._chains.complete(value[anchors] - len(self.entries), start[anchors], stop[anchors], run, sentence)
            start, stop, value = (np.concatenate((column[whole], more)) for column, more in zip((start, stop, value), chained, strict=True))
        column = self._column[value]
        plain = (column >= 0).nonzero()[0]
        width = len(self.counted)
        cells = sentence[start[plain]] * width + column[plain]
        counts = np.bincount(cells, minlength=len(batch.sentence_start) * width).reshape(len(batch.sentence_start), width)
        rest = (column < 0).nonzero()[0]
        raw = list(zip(start[rest].tolist(), stop[rest].tolist(), value[rest].tolist(), strict=True))
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
