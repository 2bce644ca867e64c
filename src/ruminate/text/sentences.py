"""Sentence ends in writing as it really is: no capitals, "...", missing spaces, lists, line breaks, emoji.

Rules on characters, no trained model. A wrong boundary costs little here (a sentence is the unit of evidence and of the
course through a text), so the rules prefer the plain reading: strong marks end a sentence, line breaks end a sentence
unless the line was wrapped, "..." ends one only where a new one visibly begins.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["split_sentences"]

_CANDIDATE: Final = re.compile(r"\n\s*|[.!?\u2026\u3002\uff01\uff1f]+[\"'\u201d\u2019)\]*_]*(?=\s|$)|(?<=[a-zA-Z0-9][a-zA-Z0-9])[.!?]+(?=[A-Z][a-z' \u2019])|[!?]+(?=[A-Za-z])|[\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F]+(?=\s+[A-Z])")
_ABBREVIATION: Final = re.compile(
    r"(?:^|[\s(\"'])(?:mr|mrs|ms|dr|st|vs|etc|e\.g|i\.e|eg|ie|approx|prof|jr|sr|dept|inc|ltd|fig|cf|al|vol|pp|sgt|rev|hon|gen|[A-HJ-Z])$",
    re.IGNORECASE,
)
_MAY_END: Final = re.compile(r"(?:etc|inc|ltd|jr|sr|al)$", re.IGNORECASE)
_LIST_NUMBER: Final = re.compile(r"(?:^|\n)[ \t]*(?:\d{1,3}|[a-zA-Z])$")
_BULLET: Final = re.compile(r"[-*\u2022\u00b7>\u2013+]\s|\d{1,3}[.)]\s|\[[ xX]?\]")
_WRAPPED: Final = 50
_NEXT_WORD: Final = re.compile(r"\s*(\S)")


def split_sentences(text: str) -> list[tuple[int, int]]:
    r"""Character offsets (start, stop) of the sentences of a text, blanks around them left out.

    Examples
    --------
    >>> text = "i dunno.Then it hit me... like really hit me!! ok\n- call mum\n- sleep"
    >>> [text[a:b] for a, b in split_sentences(text)]
    ['i dunno.', 'Then it hit me... like really hit me!!', 'ok', '- call mum', '- sleep']
    """
    if not text or text.isspace():
        return []
    spans: list[tuple[int, int]] = []
    begin = 0
    no_capitals: bool | None = None
    for found in _CANDIDATE.finditer(text):
        mark, end = found.group(), found.end()
        first = mark[0]
        if first == "\n":
            if _is_wrapped(text, found.start(), end):
                continue
        elif first in ".\u2026":
            if no_capitals is None:
                no_capitals = text == text.lower()
            if not _ends_at_stop(text, begin, found.start(), mark, end, no_capitals):
                continue
        elif mark[-1] in "\"'\u201d\u2019)" and (follow := _NEXT_WORD.match(text, end)) and follow[1].islower():
            continue
        _add(spans, text, begin, end)
        begin = end
    _add(spans, text, begin, len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    piece = text[begin:end]
    left = len(piece) - len(piece.lstrip())
    stop = begin + len(piece.rstrip())
    start = begin + left
    if start >= stop:
        return
    if spans and not any(map(str.isalnum, text[start:stop])) and stop - start <= 3 and "\n" not in text[spans[-1][1] : start]:
        spans[-1] = (spans[-1][0], stop)  # a stray mark belongs to the sentence before
        return
    spans.append((start, stop))


def _is_wrapped(text: str, at: int, end: int) -> bool:
    """A line break inside a sentence: the line is long, has no stop at its end, and the next goes on in lower case."""
    if end >= len(text) or text.count("\n", at, end) > 1:
        return False
    line_start = text.rfind("\n", 0, at) + 1
    if at - line_start < _WRAPPED or text[at - 1 - (text[at - 1] == "\r")] in ".!?:\u2026":
        return False
    return text[end].islower() and not _BULLET.match(text, end)


def _ends_at_stop(text: str, begin: int, at: int, mark: str, end: int, no_capitals: bool) -> bool:
    follow = _NEXT_WORD.match(text, end)
    if follow is None:
        return True
    lower = follow[1].islower()
    if "?" in mark or "!" in mark:
        return not (mark[-1] in "\"'\u201d\u2019)" and lower)
    if mark[0] == "\u2026" or mark.startswith(".."):
        if "\n" in text[end : follow.start(1)]:
            return True
        return not lower or (no_capitals and len(text[begin:at].split()) >= 4)
    if mark[-1] in "\"'\u201d\u2019)" and lower:
        return no_capitals and mark[-1] == ")"
    before = text[max(begin, at - 12) : at]
    if _LIST_NUMBER.search(text[max(0, at - 5) : at]) and (at < 4 or "\n" in text[max(0, at - 5) : at]):
        return False
    if _ABBREVIATION.search(before):
        return bool(_MAY_END.search(before)) and not lower
    return not (before[-2:].lower() in (".m", "p.m") and lower)
