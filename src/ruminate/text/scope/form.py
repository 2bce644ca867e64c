"""Part of a form: a printed question or heading that the writer answers."""

from __future__ import annotations

import re
from typing import Final

from ruminate.text.scope.context import Context

__all__ = ["form"]

_NUMBERED: Final = re.compile(r"(?:\d{1,2}[.)]|q\d*[:.)]|question \d+|prompt:)")
_PROMPT: Final = re.compile(
    r"(?:\d{1,2}[.)]|q\d*[:.)]|question \d+|prompt:|[-*\u2022] ?(?:what|how|why|when|who|which|describe)|(?:what|how|which|when|who|describe|list|write|"
    r"identify)\b|[\w /-]{2,40}:$)"
)
_RATED: Final = re.compile(r"[^\n:?!]{0,50}?(?:\((?:0|1)\s?-\s?\d{1,3}\)\s*)?:\s*\d{1,3}\b(?!:)")
_LABEL: Final = re.compile(r"^[ \t*_#]*[^\n:.?!]{2,50}:[ \t]*\S", re.MULTILINE)
_LABEL_REST: Final = re.compile(r"[^\n:.?!]{0,40}:\s*\S")
_NEIGHBOURS: Final = 200


def form(at: Context) -> bool:
    """Codebook rule 7: the words of a form don't count. Its lines stand alone, end in "?" or ":" (or are numbered), and are answered."""
    folded = at.folded
    if "\n" not in folded:
        return False
    left = folded.rfind("\n", max(0, at.start - 400), at.start) + 1
    if left == 0 and at.start > 400:
        return False
    right = folded.find("\n", at.stop, at.stop + 400)
    if _labelled(at, left, right):
        return True
    if right < 0:
        return False
    line = folded[left:right].strip(" *_#\"\r")
    if (not line.endswith(("?", ":")) and not _NUMBERED.match(line)) or line.count("?") > 1 or not _PROMPT.match(line):
        return False
    answer = folded[right : right + 400].strip()
    return bool(answer) and not answer.split("\n", 1)[0].rstrip().endswith("?")


def _labelled(at: Context, left: int, right: int) -> bool:
    """A label with its answer on the same line ("I blame myself (0-10): 1"), among other such lines."""
    folded = at.folded
    if folded.find(":", at.stop, at.stop + 60) < 0 or folded[left : at.start].strip(" *_#-"):
        return False
    around = folded[max(0, left - _NEIGHBOURS) : left] + (folded[right : right + _NEIGHBOURS] if right >= 0 else "")
    others = len(_LABEL.findall(around))
    return (others >= 1 and _RATED.match(folded, at.stop) is not None) or (others >= 2 and _LABEL_REST.match(folded, at.stop) is not None)
