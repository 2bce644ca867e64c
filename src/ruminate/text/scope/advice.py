"""Advice: said to somebody else about that person."""

from __future__ import annotations

import re
from typing import Final

from ruminate.text.scope.context import Context
from ruminate.text.scope.cues import OWN

__all__ = ["advice"]

_YOU: Final = frozenset("you you're youre you'll you've your yours yourself yourselves ur u urself one oneself anyone whoever anybody themselves".split())
_GATE: Final = _YOU | frozenset("dear please try let never don't dont stop".split())
_COUNSEL: Final = re.compile(
    r"(?:^|[.!?,;:]\s|\b(?:please|so|and|just|but|love|hun|to) )\W*(?:(?:don'?t|do not|never|please|stop|try|avoid|remember|ask yourself|tell yourself|"
    r"notice|let|allow|give yourself|be (?:kind|gentle)|imagine|consider)\b)"
    r"|\b(?:you|u|one|anyone|they)(?: \w+)? (?:should(?:n'?t)?|need(?:n'?t)?|must(?:n'?t)?|might|could|can|ought|have to|don'?t have to|may|shouldnt)\b|"
    r"\byou'?d better\b|\b(?:whenever|when|if|next time|every time|the moment) (?:you|u)\b"
    r"|\b(?:my |a |one |pro )?(?:tips?|advice)\b[^.]{0,40}:|\banyone who\b|\bwhoever\b|^dear \w+"
)
_FRAMED: Final = re.compile(
    r"\b(?:you|u|yourself|themselves|anyone who|whoever)\b(?: (?:ever|keep|are|start|begin|find|catch|always|really|\w+ yourself))*\s*(?:think|thinking|tell|"
    r"telling|say|saying|feel|feeling|believe|believing|keeps? \w+ \w+|hear)?(?: (?:yourself|themselves|that|like))*\W*$"
    r"|\b(?:tell|ask|catch|telling|asking) (?:yourself|themselves)[^.;]{0,25}$|\b(?:let|help) (?:your|the|him|her|them)\b[^.;,]{0,25}\b(?:say|think|feel|"
    r"believe)\W*$|\byou (?:should|could|might|can) (?:ask|check|consider|wonder)[^.;,]{0,15}$"
)
_GENERIC: Final = re.compile(
    r"\b(?:you know|thank you|you see|mind you|you guys|you said|you told|you think|do you|if you ask me|if you knew|have you|you (?:should|could|must|"
    r"would)(?:'ve|ve| have)|let me|let's|lets|don'?t (?:ask|tell|get|know|think|want|have|care|feel)(?: me)?(?! yourself| your)|"
    r"(?:i|to|for|about|with|at|from|of|me|miss|love|tell|told|telling|ask|asked|need|want|hurt|lost|failed|let) you)\b"
)


def advice(at: Context) -> bool:
    """Codebook rule 7: counsel to a reader ("you should ask whether it was …", "stop blaming yourself") is no thought about oneself."""
    second = "you" in at.match or "urself" in at.match or at.match.startswith("one ")
    if at.seen.isdisjoint(_GATE) and not second:
        return False
    own = at.opens in OWN or " my" in at.match or at.match.startswith("my ")
    clause = at.clause
    if not OWN.isdisjoint(clause):
        return False
    text = at.before
    if own or (at.is_clause and not second):
        return _FRAMED.search(text) is not None and _COUNSEL.search(text) is not None and OWN.isdisjoint(at.words)
    if not OWN.isdisjoint(at.words[-12:]):
        return False
    if second:
        return (_COUNSEL.search(text) is not None and not _own_you(text)) or clause[:1] == ["dear"] or text.startswith("dear ")
    cue = _COUNSEL.search(" ".join(clause))
    return cue is not None and not at.seen.isdisjoint(_YOU | {"try", "dear"}) and _GENERIC.search(text) is None


def _own_you(text: str) -> bool:
    """The "you" of talk to oneself ("I keep telling myself: you …")."""
    return re.search(r"\b(?:myself|my (?:head|brain|mind)|voice)\b", text) is not None
