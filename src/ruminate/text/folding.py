"""Fold a text for look-up without moving a single character.

Everything downstream reports offsets into the caller's own string, so the folded text has the same length, always. It is
lower case, with straight quotes and dashes, white space as blanks (line breaks stay: scope needs them), and nothing that a
tokenizer could choke on.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["LONGEST_RUN", "cut_runs", "fold"]

LONGEST_RUN: Final = 60
"""Longer runs without a blank are cut before tokenizing (one character taken for a blank): tokenizing "((((…" costs quadratic time."""

_FROM: Final = {
    "'": "\u2018\u2019\u201a\u201b\u02bc\u2032\u00b4\u0060\uff07",
    '"': "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
    " ": "\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200e\u200f\u2060\ufeff\u0085\u00ad" + "".join(map(chr, range(0x2000, 0x200B))),
    "i": "\u0130",  # the one letter whose lower-case form is longer than itself
    "?": "\uff1f\u061f", "!": "\uff01", ".": "\uff0e\u3002", ",": "\uff0c",
}
_CONTROLS: Final = dict.fromkeys((*range(10), *range(11, 32), 127, *range(128, 160)), " ")
_SURROGATES: Final = dict.fromkeys(range(55296, 57344), "�")
_TABLE: Final = {**_SURROGATES, **_CONTROLS, **{ord(char): to for to, chars in _FROM.items() for char in chars}}
_RUN: Final = re.compile(rf"[^ \n]{{{LONGEST_RUN},}}")


def fold(text: str) -> str:
    r"""Return the text in lower case with plain quotes, dashes and blanks; `len(fold(t)) == len(t)` for every `str`.

    Examples
    --------
    >>> fold("I can\u2019t\nSTOP\u2026")
    "i can't\nstop…"
    """
    folded = text.translate(_TABLE).lower()
    if len(folded) != len(text):  # some future Unicode version may know a second such letter
        folded = "".join(low if len(low := char.lower()) == 1 else char for char in text.translate(_TABLE))
    return folded


def cut_runs(folded: str) -> str:
    """The folded text with every run that is longer than `LONGEST_RUN` cut by blanks, for a tokenizer."""
    return _RUN.sub(_cut, folded)


def _cut(run: re.Match[str]) -> str:
    chars = list(run.group())
    chars[LONGEST_RUN - 1 :: LONGEST_RUN] = " " * len(chars[LONGEST_RUN - 1 :: LONGEST_RUN])
    return "".join(chars)
