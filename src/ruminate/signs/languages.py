"""Three readings of the pattern notation: as identities to look up, as first words, and as how often a piece is to be expected."""

from __future__ import annotations

from typing import Final

import numpy as np

from ruminate.errors import SignError
from ruminate.signs.phrases import PREFIX
from ruminate.text.chunks import words_of
from ruminate.text.words import MASK, STEPS, Hashes, hash_word, hash_words

__all__ = ["FrequencyLanguage", "IdentityLanguage", "PrefixLanguage", "as_arrays"]

_FREQUENT: Final = frozenset(
    "i my me a the to of it is am was and that in for not do have be this with on so but he she they them him her his their you we what "
    "all at as if would can will like feel think know get about when had did are were".split()
)
_MANY: Final = 48
Some = list[int] | Hashes
Prefixes = frozenset[tuple[int, ...]]
Identities = dict[int, Some]
"""Sequence length to the identities of the sequences of that length."""

_MERGED: Final = {("it", "is"): ("its",), ("i", "will"): ("ill",), ("i", "'d"): ("id",)}
"""Two plain words that people also write as one."""


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
        value: Identities = parts[0] if parts else {0: [0]}
        for part in parts[1:]:
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


def as_arrays(value: Identities) -> dict[int, Hashes]:
    """Each identity once, in order, by the length of its sequence."""
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


def _variants(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    found = {words}
    for pair, merged in _MERGED.items():
        for at in range(len(words) - 1):
            if words[at : at + 2] == pair:
                found.add(words[:at] + merged + words[at + 2 :])
    return found
