"""Negated: the text says that it is not so."""

from __future__ import annotations

import re
from typing import Final

from ruminate.text.scope.context import Context, last
from ruminate.text.scope.cues import NEGATIVES

__all__ = ["negated"]

_NT: Final = r"(?:do|does|did|is|was|are|were|wo|would|have|has|had|ca|could|ai|should|must|need)n'?t"
_NOT: Final = re.compile(
    rf"(?<![\w'-])(?:not(?! (?:only|just|merely|to mention|even mention))|never|cannot|without(?! (?:fail|(?:a )?doubt|question))|{_NT}|neither|nor|hardly|"
    rf"no longer|stopped|(?:i|i've|ive|have|finally) quit|rather than|instead of|"
    r"free (?:of|from)|refus(?:e|ed|ing) to|anything but|far from|nothing like|nothing about|no need (?:to|for)|no (?:point|reason|sign|proof|evidence|way)|"
    r"no (?=one )|nobody|none of|"
    r"(?:managed|learned|learnt|able) to (?:stop|quit)|doubts?(?= that$|$))(?![\w'-])"
)
_AFFIRMS: Final = re.compile(
    rf"\b(?:{_NT}|cannot|not|never)\s+(?:even\s+|really\s+|actually\s+|seem\s+to\s+|quite\s+|ever\s+|for the life of me\s+|want\s+to\s+)*"
    r"(?:help|stop|stopped|shake|believe(?= (?:how|that i|i|what|this))|believe$|believe that$|understand|get over|let go|forget|forgive|stand|bear|accept|"
    r"escape|deny|denying|doubt|get past|quit|keep from|"
    r"see how|figure out|know|remember|care|surprised|surprise|shocked|sleep|eat|rest|focus|concentrate|breathe|relax|mind|admit|manage to stop|sure|certain|"
    r"tell|told|talk|say why|gonna lie|going to lie)\b"
    rf"|\b{_NT}\s+(?:just|only|merely)\b|\bwhy\s+(?:{_NT}|do|am)\b|\bnot\s+(?:good\s+)?enough\b|\bnothing but\b|\bno (?:matter|wonder|doubt|question|idea|"
    rf"way around|end|surprise)\b|^no\b(?= (?:,|i\b))"
    r"|\b(?:nobody|no one|don'?t|doesn'?t|not)\s+(?:has|have|needs?|had)\s+(?:(?:\w+\s+)?to\s+)?(?:tell|remind)\b|\bneed (?:\w+ )?to (?:tell|remind)\b|"
    r"\bwish(?:ed)? (?:that )?(?:i|we) [\w']+|\bif only\b"
    r"|\b(?:never|not|n'?t|cannot|nothing|hardly)\b.* (?:without|stopped|stop|quit)\b|\bmore than (?:not|once)\b"
)
_RAISED: Final = re.compile(
    r"\b(?:think|thinking|thought|believe|believing|believed|feel|feeling|felt|suppose|say|saying|mean|means|meant|meaning|claim|assume|imply|implies|"
    r"convinced|going to say|agree|buy|true|fair|"
    r"conclude|proof|evidence|sign|proves?|shows?|suggests?|makes? me|the case|as if|as though|like|because|not that|isn't that|reason)(?: (?:that|like|"
    r"as if|as though|this|is|for a (?:second|moment|minute)))*$"
)
_RAISING: Final = re.compile(
    r"\b(?:think|thinking|thought|believe|believed|feel|feels|say|saying|mean|means|meant|suppose|convinced|true|agree|assume|conclude)\b"
)
_EVERY: Final = re.compile(
    r"\b(?:not|never|no|isn'?t|hardly) (?:a|one|a single|once|even one)? ?(?:single )?(?:day|night|hour|minute|moment|week|time)s?\b.* (?:when|where|that|i|"
    r"without)\b"
)
_DENIED_AFTER: Final = re.compile(
    r"^[^.!?;]{0,25}?\b(?:is|was|are|were)(?:\s+(?:simply|just))?(?:n'?t| not)\s+(?:true|fair|right|so|the (?:case|truth|whole story)|how it (?:was|is)|"
    r"a fact|what happened)\b"
    r"|^[\"']?,?\s+no longer\s*[.!?,]?$|^[^.!?;]{0,10}?\b(?:no longer (?:is|feels|sounds)|doesn't (?:hold|fit|feel true))\b"
)
_ASKED: Final = re.compile(r"\W*(?:(?:so|and|but|or) )?(?:is|was|am|are|were|did|do|does|have|has|could|would|should|will)\b")
_ANSWERED_NO: Final = re.compile(r"[\"')\s]*(?:no[,.!]|no,? (?:it|i|of course)\b|nope\b|not at all\b|of course not\b)")
_FINITE: Final = frozenset("am is was are were has had do did".split())
_DENIAL: Final = 60
"""Characters after a match within which a denial of it ("… is simply not true") has begun."""
_NEAR: Final = 3
"""Words that may stand between a negation and what it negates ("didn't lie there and …")."""
_FAR: Final = 7
"""The same where the negation is raised to a verb of thinking ("don't think that it was all …")."""


def negated(at: Context) -> bool:
    """Codebook rule 8: "I'm not blaming myself" is no sign; a denial ends where the clause ends ("…, but I keep asking")."""
    if _denied_after(at):
        return True
    if at.seen.isdisjoint(NEGATIVES):
        return False
    words = at.words
    if words[-1] in {"because", "that"} and len(words) > 1 and words[-2] in {"not", "isn't", "wasn't", "isnt", "wasnt"}:
        return True  # "not because I'm …", "it's not that I'm …" deny; the link would end the clause below
    if NEGATIVES.isdisjoint(at.clause):
        return False
    clause = " ".join(at.clause)
    cue = last(_NOT, clause)
    if cue is None or _EVERY.search(at.before) or any(found.end() > cue.start() for found in _AFFIRMS.finditer(clause)):
        return False
    between = clause[cue.end() :]
    if at.is_clause:
        return cue.group().startswith("doubt") or (len(between.replace(" ,", "").split()) <= _FAR + 3 and _RAISED.search(clause[cue.start() :]) is not None)
    if "," in between or at.opens in NEGATIVES or at.opens in _FINITE:
        return False
    count = len(between.split())
    return count <= _NEAR or (count <= _FAR and (between.endswith((" and", " or", " nor")) or _RAISING.search(between) is not None))


def _denied_after(at: Context) -> bool:
    after = at.after
    near = after[:_DENIAL]
    if near and ("n't" in near or "nt " in near or "not " in near or "no longer" in near) and _DENIED_AFTER.search(after):
        return True
    if not after.rstrip(" \"')").endswith("?"):
        return False
    return _ASKED.match(at.folded, at.sentence[0]) is not None and _ANSWERED_NO.match(at.folded, at.sentence[1], at.sentence[1] + 30) is not None
