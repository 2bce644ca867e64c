"""Quoted: inside quotation marks, and not as the writer's own thought."""

from __future__ import annotations

import re
from typing import Final

from ruminate.text.scope.context import Context
from ruminate.text.scope.voices import is_taken_on, speaks_other

__all__ = ["quoted"]

_LONGEST: Final = 600
_LEAD: Final = 70
_TOKEN: Final = re.compile(r"[^\W_](?:[\w'-]*\w)?|[^\w\s']")
_SENTENCE: Final = re.compile(r"[.!?]\s")
_SINGLE: Final = re.compile(r"(?<![a-z0-9])'(?=[a-z])((?:[^'\n]|(?<=[a-z])'(?=[a-z])){8,400})'(?![a-z])")
_OWN_VOICE: Final = re.compile(
    r"\b(?:my|the|a|this|that)\s+(?:own\s+|inner\s+|stupid\s+|little\s+|same\s+)?(?:head|mind|brain|voice|inner voice|inner critic|critic|thoughts?|anxiety|"
    r"depression|gut|heart|conscience|self-talk|monologue|journal|diary|notebook)\b"
    r"|\b(?:part of me|thought (?:is|was|that)|thoughts? like|feeling that|feels? like|it hits me|to myself|(?:tell|telling|told|ask|asking|asked) myself|"
    r"what if|i (?:just |always |still )*(?:know|knew|keep|kept|heard|hear|guess|swear|realized|realised)|i'm like|i was like|im like)\b"
)
_OWN_TAG: Final = re.compile(
    r"[\s,]*(?:i|my (?:head|brain|mind))\s+(?:\w+\s+){0,2}?(?:think|thought|say|said|tell|told|keep|kept|ask|asked|wonder|wondered|repeat|whisper|mutter|"
    r"mumble|yell|scream)"
)


def quoted(at: Context) -> bool:
    r"""Codebook rule 7: quoted words don't count, unless they are the writer's own thought ("I keep thinking \"…\"") or taken on."""
    folded = at.folded
    if at.start and folded[at.start - 2 : at.start].strip() == ">" and folded[max(0, at.start - 3) : at.start].lstrip(" \n").startswith(">"):
        return True
    quote = _double(at) or _single(at)
    if quote is None:
        return False
    start, stop = quote
    if len(folded[start + 1 : stop].split()) < 3 and stop - start - 1 <= at.stop - at.start + 1:
        return False
    if not folded[:start].strip() and not folded[stop + 1 :].strip(" \n\"'.") and start < _LONGEST:
        return False  # the whole text stands in quotation marks: that's how it was passed on, no quotation
    trail = folded[stop + 1 : stop + 61]
    if is_taken_on(trail):
        return False
    lead = _SENTENCE.split(folded[max(0, start - _LEAD) : start])[-1]
    other = speaks_other(_TOKEN.findall(lead))
    own = other is False or (other is None and _OWN_VOICE.search(lead) is not None) or _OWN_TAG.match(trail) is not None
    return not own


def _double(at: Context) -> tuple[int, int] | None:
    """The marks around a match, if what stands before it opens and what stands after it closes a quotation."""
    folded = at.folded
    left = folded.rfind('"', max(0, at.start - _LONGEST), at.start)
    if left < 0 or folded[left + 1 : left + 2].isspace() or (left and folded[left - 1] in "0123456789.,!?" and left + 1 != at.start):
        return None
    if left and folded[left - 1].isalnum():
        return None
    right = folded.find('"', at.stop, at.stop + _LONGEST)
    if right < 0 or "\n" in folded[left:right]:
        return None
    return left, right


def _single(at: Context) -> tuple[int, int] | None:
    folded = at.folded
    left = max(0, at.start - _LONGEST // 2)
    if folded.find("'", at.stop, at.stop + _LONGEST // 2) < 0 or (folded.find(" '", left, at.start) < 0 and folded[left : left + 1] != "'"):
        return None
    window = folded[left : at.stop + _LONGEST // 2]
    for quote in _SINGLE.finditer(window):
        if quote.start() + left < at.start and at.stop < quote.end() + left:
            return quote.start() + left, quote.end() + left - 1
    return None
