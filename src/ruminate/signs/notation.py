"""The notation in which sign patterns are written, and its expansion into plain phrases.

A person who knows how people talk, and no Python, should be able to read and write a pattern. Six marks are enough:

    word            the word itself; contractions and plain forms are one ("i'm" = "i am" = "im", "can't" = "cannot")
    (a|b c|d)       one of these
    [a|b]           one of these, or nothing
    {keep}          any form of the verb: keep, keeps, kept, keeping
    $others         one entry of a named list
    ~2              up to two words of any kind (within the sentence)

A pattern expands to *segments* (split at the gaps), each a set of word sequences. Expansion is exhaustive on purpose:
looking up thousands of fixed sequences costs a fraction of running token patterns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final, Protocol

from ruminate.errors import SignError
from ruminate.signs.inflection import inflect

__all__ = ["MAX_EXPANSION", "Language", "Pattern", "WordLanguage", "expand"]

MAX_EXPANSION: Final = 6000
"""A pattern with more sequences than this is a mistake, or should be two patterns."""

_LEXER: Final = re.compile(r"\s*(?:(?P<gap>~\d+)|(?P<name>\$[a-z_]+)|(?P<mark>[(){}\[\]|])|(?P<word>[^\s(){}\[\]|$~]+))")

class Language(Protocol):
    """What a piece of a pattern stands for, in one representation: as words to read, or as identities to look up."""

    def word(self, word: str) -> Any:
        """What a single word stands for."""

    def union(self, choices: list[Any], *, optional: bool) -> Any:
        """Any one of the choices (or nothing)."""

    def product(self, parts: list[Any]) -> Any:
        """One part after the other."""

    def size(self, value: Any) -> int:
        """How many sequences a value holds."""

    def may_be_empty(self, value: Any) -> bool:
        """Whether the empty sequence is among them."""


Words = tuple[str, ...]


class WordLanguage(Language):
    """Sequences as tuples of words: for people, tests and messages."""

    def word(self, word: str) -> tuple[Words, ...]:
        return ((word,),)

    def union(self, choices: list[tuple[Words, ...]], *, optional: bool) -> tuple[Words, ...]:
        found = {sequence: None for choice in choices for sequence in choice}
        return (*found, ()) if optional else tuple(found)

    def product(self, parts: list[tuple[Words, ...]]) -> tuple[Words, ...]:
        return tuple({tuple(word for words in choice for word in words): None for choice in product(*parts)})

    def size(self, value: tuple[Words, ...]) -> int:
        return len(value)

    def may_be_empty(self, value: tuple[Words, ...]) -> bool:
        return () in value


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, expanded.

    `segments` are the runs between gaps, each what its `Language` makes of it; `gaps[i]` is how many words may stand
    between segment `i` and segment `i + 1`.
    """

    source: str
    segments: tuple[Any, ...]
    gaps: tuple[int, ...]


class _Parser:
    """Recursive descent over the marks; each level returns what it stands for in the given language."""

    def __init__(self, source: str, lists: Mapping[str, Sequence[str]], language: Language, known: dict[str, Any], trail: tuple[str, ...] = ()) -> None:
        self.source = source
        self.known = known
        self.lists = lists
        self.language = language
        self.trail = trail
        self.tokens = self._lex(source)
        self.at = 0

    def _lex(self, source: str) -> list[tuple[str, str]]:
        tokens, at, size = [], 0, len(source.rstrip())
        while at < size:
            found = _LEXER.match(source, at)
            if found is None:
                raise self.fail(f"can't read {source[at:].strip()!r}")
            kind = str(found.lastgroup)
            tokens.append((kind, found[kind]))
            at = found.end()
        return tokens

    def fail(self, why: str) -> SignError:
        return SignError(f"pattern {self.source!r}: {why}")

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def pattern(self) -> Pattern:
        segments: list[Any] = []
        gaps: list[int] = []
        while True:
            run = self.sequence(closing="")
            if self.language.may_be_empty(run):
                raise self.fail("a part of it may be empty; at least one word must always be there")
            segments.append(run)
            kind, value = self.peek()
            if kind == "end":
                return Pattern(self.source, tuple(segments), tuple(gaps))
            if kind != "gap":
                raise self.fail(f"unexpected {value!r}")
            gaps.append(int(value[1:]))
            self.at += 1

    def sequence(self, closing: str) -> Any:
        parts: list[Any] = []
        while True:
            kind, value = self.peek()
            if kind == "end" or (kind == "gap" and not closing) or value in ("|", closing):
                return self.join(parts)
            if kind == "gap":
                raise self.fail("a gap can't stand inside brackets")
            self.at += 1
            parts.append(self.item(kind, value))

    def item(self, kind: str, value: str) -> Any:
        if kind == "word":
            return self.language.word(value)
        if kind == "name":
            return self.named(value[1:])
        if value == "(":
            return self.language.union(self.choices(")"), optional=False)
        if value == "[":
            return self.language.union(self.choices("]"), optional=True)
        if value == "{":
            return self.language.union([self.phrase(form) for verb in self.verbs() for form in inflect(verb)], optional=False)
        raise self.fail(f"unexpected {value!r}")

    def phrase(self, words: str) -> Any:
        return self.language.product([self.language.word(word) for word in words.split()])

    def choices(self, closing: str) -> list[Any]:
        found: list[Any] = []
        while True:
            found.append(self.sequence(closing))
            _, value = self.peek()
            self.at += 1
            if value == closing:
                return found
            if value != "|":
                raise self.fail(f"{closing!r} is missing")

    def verbs(self) -> list[str]:
        found: list[str] = []
        words: list[str] = []
        while True:
            kind, value = self.peek()
            self.at += 1
            if kind == "word":
                words.append(value)
            elif value in ("|", "}") and words:
                found.append(" ".join(words))
                words = []
                if value == "}":
                    return found
            else:
                raise self.fail("between { and } stand verbs, with | between them")

    def named(self, name: str) -> Any:
        if name not in self.lists:
            raise self.fail(f"there is no list ${name} (known: {', '.join(sorted(self.lists))})")
        if name in self.trail:
            raise self.fail(f"list ${name} contains itself")
        if name not in self.known:
            found: list[Any] = []
            for entry in self.lists[name]:
                pattern = _Parser(entry, self.lists, self.language, self.known, (*self.trail, name)).pattern()
                if pattern.gaps:
                    raise self.fail(f"list ${name}: an entry can't hold a gap")
                found.append(pattern.segments[0])
            self.known[name] = self.language.union(found, optional=False)
        return self.known[name]

    def join(self, parts: list[Any]) -> Any:
        if len(parts) == 1:
            return parts[0]
        size = 1
        for part in parts:
            size *= self.language.size(part)
        if size > MAX_EXPANSION:
            raise self.fail(f"stands for {size} phrases, more than {MAX_EXPANSION}; split it or use shorter lists")
        return self.language.product(parts)


def expand(
    source: str, lists: Mapping[str, Sequence[str]] | None = None, language: Language | None = None, known: dict[str, Any] | None = None
) -> Pattern:
    """Expand one pattern into the word sequences that it stands for.

    Parameters
    ----------
    source
        The pattern, in the notation of this module.
    lists
        The named lists that `$name` may refer to; entries are patterns without gaps.
    language
        How sequences are represented; as tuples of words unless something else is given.
    known
        What named lists stand for, filled as they are read: to be handed in again with the same lists and language.

    Raises
    ------
    SignError
        If the pattern can't be read, may be empty, names an unknown list or stands for too many phrases.

    Examples
    --------
    >>> expand("i (keep|kept) [on] thinking").segments[0][0]
    ('i', 'keep', 'on', 'thinking')
    >>> expand("i'm ~2 fraud").gaps
    (2,)
    """
    parser = _Parser(source, lists or {}, language or WordLanguage(), {} if known is None else known)
    if not parser.tokens:
        raise SignError("a pattern is empty")
    return parser.pattern()
