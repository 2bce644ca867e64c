"""How spaCy's English tokenizer cuts a chunk (what stands between two blanks), without importing spaCy for the plain ones.

Importing spaCy takes longer than everything else that a first answer needs. Most chunks of English writing are a word, a
contraction, or either with quotes and punctuation around it. For these, spaCy's own procedure is repeated here step by
step on the few marks that can occur; its table of special cases (contractions, abbreviations, emoticons) is taken from
the installed spaCy once and kept (see `ruminate.text.kept`). Every other chunk, and every doubtful one, goes to spaCy
itself. A test compares the two on all short combinations of letters and marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from ruminate.text.kept import Kept, fetch, keep
from ruminate.text.lexicon import lexicon
from ruminate.text.spelling import spelled_out
from ruminate.text.words import FILLERS, PLAIN, SKIPPED_MARKS, hash_text, tokenizer, tokenizing

__all__ = ["Cutter", "cut_all", "cutter", "rules_of", "tokenizer_fingerprint", "words_of"]

_KNOWN_RULES: Final = frozenset(["da3f619948314220"])
"""Checksums of the punctuation rules of spaCy that the steps below repeat; with any other rules spaCy cuts every chunk."""
_OPENING: Final = frozenset("\"'([*,:;!?)]\u2026")
_CLOSING: Final = frozenset("\"')]*,:;!?([\u2026")
_LETTER: Final = "[a-z\u00df-\u00f6\u00f8-\u00ff]"
_SHAPE: Final = re.compile(
    f"[\"'(\\[*]*+(?:(?:{_LETTER}+(?:(?:'|-{{1,3}}|/){_LETTER}+)*+|[0-9]++(?:st|nd|rd|th|s)?+)?[.,!?;:)\\]\"'*\u2026]*|{_LETTER}+-{{1,3}}|-{{1,3}})"
)
"""A word, words with hyphens, or a number, between quotes, brackets and marks; or a word that breaks off; or a dash."""
_INFIX: Final = re.compile(f"\\.\\.+|\u2026|(?<=[a-z\u00df-\u00f6\u00f8-\u00ff0-9])(?:-{{1,3}}|/)(?={_LETTER})")
_WIDEST: Final = 6
"""More pieces than this are not searched for special cases among them."""


@dataclass(frozen=True, slots=True, eq=False)
class Cutter:
    """What is known of the installed tokenizer.

    Attributes
    ----------
    plain
        Whether its rules are those that are repeated here.
    special
        Chunks with a cut of their own, and the lengths of the pieces.
    """

    plain: bool
    special: Mapping[str, tuple[int, ...]]

    def cut(self, chunk: str) -> list[str] | None:
        """The pieces of a folded chunk, which join to the chunk; None if only spaCy can tell.

        Examples
        --------
        >>> cutter().cut("(don't!)")
        ['(', 'do', "n't", '!', ')']
        """
        if not self.plain:
            return None
        special = self.special
        if chunk in special:
            return self._pieces(chunk)
        if chunk.isalpha() or len(chunk) == 1:
            return [chunk]
        if _SHAPE.fullmatch(chunk) is None:
            return None
        before: list[str] = []
        after: list[str] = []
        rest, size = chunk, 0
        while rest and len(rest) != size and rest not in special:
            size = len(rest)
            opening = _opening(rest)
            if opening and rest[opening:] in special:
                before.append(rest[:opening])
                rest = rest[opening:]
                break
            closing = _closing(rest[opening:])
            if closing and rest[:-closing] in special:
                after.append(rest[-closing:])
                rest = rest[:-closing]
                break
            if opening:
                before.append(rest[:opening])
            if closing:
                after.append(rest[-closing:])
            rest = rest[opening : size - closing]
        is_special = rest in special
        middle = self._pieces(rest) if is_special else _middle(rest)
        pieces = [*before, *middle, *reversed(after)]
        return None if self._meets_special(pieces, len(before), len(middle) if is_special else 0) else pieces

    def _pieces(self, chunk: str) -> list[str]:
        found, at = [], 0
        for length in self.special[chunk]:
            found.append(chunk[at : at + length])
            at += length
        return found

    def _meets_special(self, pieces: list[str], first: int, many: int) -> bool:
        """Whether pieces that were cut apart make up a special case again; those of a special case itself don't count."""
        special = self.special
        size = len(pieces)
        if size > _WIDEST:
            return True
        for start in range(size):
            text = ""
            for stop in range(start, size):
                text += pieces[stop]
                if text in special and not (first <= start <= stop < first + many or special[text] == (len(pieces[start]),)):
                    return True
        return False


def _opening(text: str) -> int:
    """Length of what spaCy takes off at the beginning."""
    if text.startswith(".."):
        return len(text) - len(text.lstrip("."))
    return int(text[0] in _OPENING)


def _closing(text: str) -> int:
    """Length of what spaCy takes off at the end."""
    if not text:
        return 0
    if text.endswith(("'s", "\u2026\u2026")):
        return 2
    if text[-1] == ".":
        dots = len(text) - len(text.rstrip("."))
        return dots if dots > 1 else int(len(text) > 1)
    return int(text[-1] in _CLOSING)


def _middle(text: str) -> list[str]:
    """The pieces between hyphens and the like."""
    pieces, start = [], 0
    for found in _INFIX.finditer(text):
        at, stop = found.span()
        if at:
            pieces += [text[start:at], text[at:stop]] if at > start else [text[at:stop]]
            start = stop
    return [*pieces, text[start:]] if start < len(text) else pieces


@cache
def cutter() -> Cutter:
    """What is known of the tokenizer of the installed spaCy: from what was kept, else from spaCy itself."""
    fingerprint = tokenizer_fingerprint()
    kept = fetch("english", fingerprint)
    if kept is None:
        kept = Kept(_ask_spacy(), {})
        keep("english", fingerprint, kept)
    said = kept.data
    return Cutter(said["plain"], {chunk: tuple(lengths) for chunk, lengths in said["special"].items()})


def cut_all(chunks: Sequence[str]) -> list[list[tuple[int, int, int]]]:
    """Identity, first character and length of each token of each chunk; blanks are none."""
    own = cutter()
    cuts = [own.cut(chunk) for chunk in chunks]
    left = iter(_cut_by_spacy([chunk for chunk, pieces in zip(chunks, cuts, strict=True) if pieces is None]))
    return [_placed(next(left) if pieces is None else pieces) for pieces in cuts]


def words_of(phrase: str) -> tuple[str, ...]:
    """Split a phrase as a text would be split, each word in plain form, fillers and skipped marks left out."""
    own = cutter()
    words: list[str] = []
    for chunk in phrase.split():
        pieces = own.cut(chunk)
        words += [word for word, _, _ in spelled_out(_cut_by_spacy([chunk])[0] if pieces is None else pieces, _known())]
    plain = [PLAIN.get(word, word) for word in words]
    return tuple(word for word in plain if word not in FILLERS and word not in SKIPPED_MARKS)


def _placed(pieces: list[str]) -> list[tuple[int, int, int]]:
    """Identities are those of what the pieces say: a symbol's name ("number", "mark", "root"), which spaCy gives a small number, is a word as any other."""
    return [(hash_text(word), at, size) for word, at, size in spelled_out(pieces, _known()) if not word.isspace()]


@cache
def _known() -> frozenset[str]:
    """Words that letters drawn out may be shortened to."""
    return lexicon().surfaces


def _cut_by_spacy(chunks: list[str]) -> list[list[str]]:
    if not chunks:
        return []
    with tokenizing:
        split = tokenizer()
        with split.vocab.memory_zone():
            return [[token.text for token in split(chunk)] for chunk in chunks]


@cache
def tokenizer_fingerprint() -> str:
    """Changes whenever another spaCy is installed, the rules that are known change, or what is kept of them (the number at the beginning)."""
    return sha256(f"2\0{_spacy_version()}\0{'|'.join(sorted(_KNOWN_RULES))}".encode()).hexdigest()


def _spacy_version() -> str:
    """The version of spaCy that would be imported, without importing it: its file of versions, which is a few lines."""
    found = find_spec("spacy")
    folders = found.submodule_search_locations if found is not None else None
    for folder in folders or ():
        about = Path(folder) / "about.py"
        if about.is_file():
            return f"{folder}\0{about.read_text('utf-8')}"
    return "unknown"


def _ask_spacy() -> dict[str, Any]:
    with tokenizing:
        split = tokenizer()
        special = {chunk: [len(token) for token in split(chunk)] for chunk in split.rules if chunk and not any(map(str.isspace, chunk))}
    return {
        "plain": split.token_match is None and rules_of(split) in _KNOWN_RULES,
        "special": special,
    }


def rules_of(split: Any) -> str:
    """Checksum of the punctuation rules of a tokenizer."""
    rules = (split.prefix_search, split.suffix_search, split.infix_finditer, split.url_match)
    return sha256("\0".join(rule.__self__.pattern for rule in rules).encode()).hexdigest()[:16]
