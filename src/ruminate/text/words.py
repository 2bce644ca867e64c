"""One identity a word: the 64-bit hash of its plain form.

spaCy splits contractions in many ways ("don't" → do + n't, "dont" → do + nt, "cannot" → can + not). For look-up they are
one, as are other spellings of a word (see `ruminate.text.spelling`): each token is folded to a plain form, and a word's
identity is spaCy's own string hash of that form, the same in every process and on every machine. Identities of sequences are
rolled up from it, so a thousand phrases cost as much as one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ruminate.text.spelling import SPELLINGS

__all__ = [
    "FILLERS", "MASK", "PLAIN", "SKIPPED_MARKS", "STEPS", "Hashes", "Run",
    "hash_sequence", "hash_text", "hash_word", "hash_words", "tokenizer", "tokenizing",
]  # fmt: skip

Hashes = NDArray[np.uint64]

PLAIN: Final[dict[str, str]] = {
    "'m": "am", "m": "am", "'re": "are", "re": "are", "'ve": "have", "ve": "have", "'ll": "will", "ll": "will", "'s": "is", "s": "is",
    "n't": "not", "nt": "not", "n'": "not", "ca": "can", "wo": "will", "sha": "shall", "d": "'d", "alot": "lot",
    **SPELLINGS,
}
"""Surface form to plain form, one token to one token: contractions, and other spellings. Only what says the same thing."""

FILLERS: Final[frozenset[str]] = frozenset(
    "just really so very literally honestly kinda sorta actually basically seriously truly totally fucking fuckin freaking frickin "
    "bloody damn goddamn simply quite even also lol um uh completely utterly absolutely genuinely probably obviously clearly".split()
)
"""Words that may stand anywhere in a phrase without changing what it says; they are passed over in phrase look-up."""

SKIPPED_MARKS: Final[frozenset[str]] = frozenset(
    [*", ; : \" ' ( ) [ ] { } - -- --- _ ~ / \\ * ** *** ... .. .... … \u2022 > < = + # ! !! !!! . ` '' `` “ ” & |".split(), " ", "  ", "   "]
)
"""Punctuation that phrase look-up passes over. The question mark is not here: patterns may use it."""

MASK: Final = 0xFFFFFFFFFFFFFFFF
_MURMUR: Final = 0xC6A4A7935BD1E995
_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
STEPS: Final = tuple(pow(int(_STEP), length, 1 << 64) for length in range(65))
"""What shifts an identity past a sequence of the given length."""


tokenizing: Final = threading.RLock()
"""Held while the tokenizer works: it has caches of its own and frees the strings of a memory zone, so one thread at a time."""


@cache
def tokenizer() -> Any:
    """Return spaCy's blank English tokenizer; spaCy is imported here, when the first text is read, and nowhere else."""
    import spacy

    return spacy.blank("en").tokenizer


def hash_text(word: str) -> int:
    """The identity of a word of a text: spaCy's hash of strings (MurmurHash64A, seed 1), without spaCy.

    Examples
    --------
    >>> hash_text("failure")
    15426004448993860593
    """
    raw = word.encode("utf-8", "surrogatepass")
    size = len(raw)
    value = (1 ^ size * _MURMUR) & MASK
    whole = size & ~7
    for at in range(0, whole, 8):
        block = int.from_bytes(raw[at : at + 8], "little") * _MURMUR & MASK
        value = (value ^ (block ^ block >> 47) * _MURMUR & MASK) * _MURMUR & MASK
    if size > whole:
        value = (value ^ int.from_bytes(raw[whole:], "little")) * _MURMUR & MASK
    value = (value ^ value >> 47) * _MURMUR & MASK
    return value ^ value >> 47


@cache
def hash_word(word: str) -> int:
    """The same for a word of a pattern or list, already in plain form; kept, since these come again and again."""
    return hash_text(word)


def hash_sequence(words: Iterable[int]) -> int:
    """The identity of a sequence of word identities; equals what `Run` finds where the sequence stands in a text."""
    value = 0
    for word in words:
        value = (value * int(_STEP) + word) & MASK
    return value


@cache
def _powers(size: int) -> tuple[Hashes, Hashes]:
    """Powers of the step and of its inverse, for runs of up to `size` words."""
    with np.errstate(over="ignore"):
        return tuple(
            np.multiply.accumulate(np.concatenate((np.ones(1, dtype=np.uint64), np.full(size, base, dtype=np.uint64))))
            for base in (_STEP, np.uint64(pow(int(_STEP), -1, 1 << 64)))
        )  # type: ignore[return-value]


class Run:
    """A run of words, of which the identity of any stretch is to be had in constant time.

    The identity of a stretch is a polynomial in the step, so it is the difference of two running sums, scaled.
    """

    __slots__ = ("_powers", "_sums", "words")

    def __init__(self, words: Hashes) -> None:
        self.words = words
        self._powers, inverse = _powers(1 << max(10, len(words).bit_length()))
        self._sums = np.zeros(len(words) + 1, dtype=np.uint64)
        np.cumsum(words * inverse[: len(words)], out=self._sums[1:])

    def of_length(self, length: int) -> Hashes:
        """Identities of all stretches of a length, by where they begin."""
        count = max(0, len(self.words) - length + 1)
        return (self._sums[length:] - self._sums[:count]) * self._powers[length - 1 : length - 1 + count] if count else self.words[:0]

    def between(self, start: NDArray[np.int64], length: NDArray[np.int64]) -> Hashes:
        """Identities of the stretches that begin at `start` and have `length` words."""
        stop = start + length
        identities: Hashes = (self._sums[stop] - self._sums[start]) * self._powers[stop - 1]
        return identities


def hash_words(words: Sequence[str]) -> int:
    """The identity of a sequence of plain words."""
    return hash_sequence(hash_word(word) for word in words)
