"""Sentence ends in writing as it really is: no capitals, "...", missing spaces, lists, line breaks, emoji.

Rules on characters, no trained model. A wrong boundary costs little here (a sentence is the unit of evidence and of the
course through a text), so the rules prefer the plain reading: strong marks end a sentence, line breaks end a sentence
unless the line was wrapped, "..." ends one only where a new one visibly begins.

One search finds the runs of marks; what is decided about each looks at a few characters around it only, so that the cost
is linear in the text, whatever the text.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["split_sentences"]

_BREAKS: Final = "\n\r\u2028\u2029"
_ASKING: Final = "!?\uff01\uff1f\u061f"
_WIDE: Final = "\u3002\uff01\uff1f"
_STOPS: Final = ".\u2026\u3002" + _ASKING
_EMOJI: Final = "\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\ufe0f"
_CLOSERS: Final = "\"'\u201d\u2019\u00bb)"
"""After these a lower-case word goes on with the sentence (`"Stop!" he said`)."""
_CANDIDATE: Final = re.compile(rf"[{_BREAKS}{_STOPS}{_EMOJI}:;](?:(?<![{_BREAKS}:;])[{_STOPS}{_EMOJI}\u200d]*+[{_CLOSERS}\]*_]*+)?+")
_BLANKS: Final = re.compile(r"\s*+")
_EMOTICON: Final = re.compile(r"[:;][-']?[)(DPpO/|]+(?=\s+[A-Z][a-z])")
_TRAIL: Final = re.compile(rf"(?:[ \t\u00a0]++(?:[{_EMOJI}\u200d]++|[:;=][-']?[)(DPpO/|]++|[{_STOPS}]++)(?=\s|$))++")
"""What hangs on to a finished sentence: emoji, an emoticon, stray marks."""
_SPACED: Final = re.compile(r"(?: \.+)++(?=\s|$)")

_TITLES: Final = frozenset("mr mrs ms dr st vs e.g i.e eg ie approx prof cf sgt rev hon gen p.s".split())
"""Never at the end of a sentence."""
_NUMBERED: Final = frozenset("no fig vol pp ch sec nr al".split())
"""Go on before a number ("No. 5", "et al. 2008")."""
_MAY_END: Final = frozenset("etc inc ltd jr sr al dept".split())
"""Go on before lower case only."""
_MONTHS: Final = frozenset("Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec".split())
_LETTERED: Final = frozenset("plan option vitamin part type grade group class level section step hepatitis number letter point".split())
"""A letter after these is a name of its own and no initial ("plan B.")."""
_PREPOSITIONS: Final = frozenset("at around by until till since about from before after".split())
_INITIALS: Final = re.compile(r"(?:[A-Za-z]{1,2}\.)+[A-Za-z]")
_LIST_MARK: Final = re.compile(r"\d{1,3}|[A-Za-z]|[ivx]{1,5}")
_BULLET: Final = re.compile(r"[-*\u2022\u00b7>\u2013+]\s|\d{1,3}[.)]\s|\[[ xX]?\]")
_WRAPPED: Final = 50
"""Shorter lines were ended by hand."""
_ADDRESS: Final = re.compile(r"@|://|www\.|/", re.IGNORECASE)
_ENDINGS: Final = frozenset(
    "com org net edu gov info co uk de fr nl eu ca au io app ai dev tv html htm php js py txt pdf doc docx xls xlsx csv jpg jpeg png gif mp3 "
    "mp4 zip md json exe".split()
)
"""Ends of addresses and of file names."""
_REACH: Final = 40


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
    begin = done = 0
    size = len(text)
    capitals: list[bool] = []
    for found in _CANDIDATE.finditer(text):
        at, end = found.span()
        if at < done:
            continue
        first = text[at]
        if first in _BREAKS:
            end = done = _BLANKS.match(text, at).end()  # type: ignore[union-attr]
            if _is_wrapped(text, at, end):
                continue
        elif first in ":;":
            emoticon = _EMOTICON.match(text, at)
            if emoticon is None or not text[at - 1 : at].isspace():
                continue
            end = done = emoticon.end()
        else:
            if end < size and first == "." and text.startswith(" .", end) and (spaced := _SPACED.match(text, end)):
                end = done = spaced.end()
            if not _ends(text, begin, at, end, capitals):
                continue
            if end + 1 < size and not text[end + 1].isalnum() and (trail := _TRAIL.match(text, end)):
                end = done = trail.end()
        _add(spans, text, begin, end)
        begin = end
    _add(spans, text, begin, size)
    return spans


def _add(spans: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    piece = text[begin:end]
    stop = begin + len(piece.rstrip())
    start = end - len(piece.lstrip())
    if start >= stop:
        return
    if stop - start <= 3 and spans and not any(map(str.isalnum, text[start:stop])) and "\n" not in text[spans[-1][1] : start]:
        spans[-1] = (spans[-1][0], stop)  # a stray mark belongs to the sentence before
        return
    spans.append((start, stop))


def _is_wrapped(text: str, at: int, end: int) -> bool:
    """A line break inside a sentence: the line is long, has no stop at its end, and the next goes on in lower case."""
    if at < _WRAPPED or end >= len(text) or not text[end].islower():
        return False
    blanks = text[at:end]
    if (sum(map(blanks.count, "\n\u2028\u2029")) or blanks.count("\r")) > 1:
        return False  # a blank line
    line = text[at - _WRAPPED : at]
    return not any(mark in line for mark in _BREAKS) and line[-1] not in ".!?:\u2026" and not _BULLET.match(text, end)


def _ends(text: str, begin: int, at: int, end: int, capitals: list[bool]) -> bool:
    """Whether the marks at `at` to `end` end a sentence; `capitals` remembers whether the text has any, once that was asked."""
    if end >= len(text):
        return True
    mark = text[at:end]
    follow = text[end]
    if not follow.isspace():
        return mark[0] in _WIDE or _ends_unspaced(text, at, end, mark)
    nearest = end + 1
    if nearest < len(text) and text[nearest].isspace():
        nearest = _BLANKS.match(text, nearest).end()  # type: ignore[union-attr]
    if nearest >= len(text):
        return True
    follow = text[nearest]
    if mark == ".":  # by far the most common one; the rules for the others would come to the same
        return not _is_abbreviated(text, begin, at, follow)
    return _ends_before(text, begin, at, end, nearest, capitals)


def _ends_before(text: str, begin: int, at: int, end: int, nearest: int, capitals: list[bool]) -> bool:
    """The same for marks after which a blank and then, at `nearest`, more of the text follows."""
    mark, follow = text[at:end], text[nearest]
    lower = follow.islower()
    if mark[0] not in _STOPS and not any(char in _STOPS for char in mark[:4]):
        return follow.isascii() and follow.isupper()  # emoji end a sentence before a capital
    if any(char in mark for char in _ASKING):
        return not (lower and mark[-1] in _CLOSERS)
    if mark[0] == "\u2026" or (len(mark) > 1 and mark[1] in ". "):
        return _ends_at_dots(text, begin, at, end, nearest, capitals)
    if lower and mark[-1] in _CLOSERS:
        return mark[-1] == ")" and _has_no_capitals(text, capitals)
    return not _is_abbreviated(text, begin, at, follow)


def _ends_at_dots(text: str, begin: int, at: int, end: int, nearest: int, capitals: list[bool]) -> bool:
    """Dots end a sentence before a line break or a capital; where there are no capitals, after four words."""
    if not text[begin:at].strip():
        return False  # they lead the sentence
    if not text[nearest].islower() or "\n" in text[end:nearest]:
        return True
    return text[end - 1] not in _CLOSERS and _has_no_capitals(text, capitals) and len(text[begin:at].split(None, 4)) >= 4


def _has_no_capitals(text: str, capitals: list[bool]) -> bool:
    if not capitals:
        capitals.append(text != text.lower())
    return not capitals[0]


def _ends_unspaced(text: str, at: int, end: int, mark: str) -> bool:
    """The blank after the mark is missing ("tired.Then", "so what??i left"); addresses and file names have none either."""
    follow = text[end]
    if mark[-1] not in ".!?" or not follow.isalpha() or not follow.isascii():
        return False
    left = text[max(0, at - _REACH) : at].rpartition(" ")[2]
    right = text[end : end + _REACH].partition(" ")[0]
    if left.lower() == "www" or _ADDRESS.search(left) or _ADDRESS.search(right.partition(".")[0]):
        return False
    if mark[-1] != ".":
        return True
    word = right.split(".", 1)[0].rstrip("\"'\u201d\u2019),;:!?\n")
    ending = right.rstrip("\"'\u201d\u2019),;:!?.\n").rpartition(".")[2].lower()
    if len(left) < 2 or not left[-2:].isalnum() or (ending in _ENDINGS and (follow.islower() or "." in right)):
        return False
    if follow.isupper():
        return len(right) == 1 or right[1].islower() or right[1] in "'\u2019"
    if len(mark) > 1:
        return False
    return word.lower() not in _ENDINGS and (len(word) > 1 or word == "i") and word[:2].isalpha() and left[-2:].isalpha() and "." not in left


def _is_abbreviated(text: str, begin: int, at: int, follow: str) -> bool:
    """The stop belongs to an abbreviation, an initial or a list number, and the sentence goes on."""
    if at - begin > 6 and text[at - 7 : at].isalpha():
        return False  # too long a word
    before = text[max(begin, at - 12) : at]
    words = before.split()
    word = words[-1].lstrip("(\"'[\u201c\u2018") if words else ""
    if len(word) > 6 or not word:
        return False
    if len(words) == 1 and not text[begin : at - len(before)].strip() and _LIST_MARK.fullmatch(word):
        return True  # nothing but a list number yet
    small = word.lower()
    if len(word) == 1:
        return word.isupper() and word != "I" and not (len(words) > 1 and words[-2].lower() in _LETTERED)
    if small in _TITLES or (small in _NUMBERED and follow.isdigit()) or (word in _MONTHS and (follow.isdigit() or follow.islower())):
        return True
    if small in _MAY_END:
        return follow.islower()
    if "." in word and _INITIALS.fullmatch(word):
        return follow.islower() or (small in {"a.m", "p.m"} and follow == "I" and _is_time_only(text[max(begin, at - 30) : at]))
    return False


def _is_time_only(before: str) -> bool:
    """Whether it's a time only: "At 4 a.m." can't stand alone."""
    words = before.split()
    return len(words) <= 4 and words[0].lower() in _PREPOSITIONS
