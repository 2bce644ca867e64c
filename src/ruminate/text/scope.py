"""Whose thought is it, and is it meant? What cancels a match.

Codebook rules 7 and 8: only the writer's own thoughts, now. A match counts unless something around it says otherwise: it
is negated, said or thought by another person, quoted, about another person, about a past self, only supposed, part of a
form's question, or advice to somebody. The rules look at the sentence around the match (for quotes and forms also at the
lines around it), clause by clause, with closed classes of words; no parser is needed or used.

Every rule is held by the table of cases in `tests/cases/scope.toml`, in both directions.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

__all__ = ["REASONS", "cancelled_by"]

REASONS: Final = ("form", "quoted", "negated", "reported", "past_self", "hypothetical", "advice", "other_person")
"""Why a match may be cancelled, in the order in which the reasons are tried."""

_I: Final = r"(?:i|we)"
_OTHERS: Final = (
    r"(?:he|she|they|everyone|everybody|someone|somebody|people|(?:my|the|a|an|his|her|their|our|this|that|one|another|some|many|most|other|every)(?: \w+){0,2}? "
    r"(?:mom|mum|dad|mother|father|sister|brother|husband|wife|boyfriend|girlfriend|partner|ex|friends?|clients?|patients?|students?|pupils?|boss|manager|supervisor|"
    r"therapist|counsellor|counselor|teacher|doctor|nurse|colleagues?|coworkers?|parents|family|kids?|child(?:ren)?|son|daughter|aunt|uncle|gran(?:dma|dmother|dpa|dfather)?|"
    r"roommate|flatmate|classmates?|mentor|pastor|man|woman|men|women|girls?|boys?|guy|lady|person|couple|mentee|trainee|neighbou?r|cousin|landlord|coach|"
    r"book|article|film|movie|song|character|lyrics?|poem|post|podcast|novel|narrator|hero|heroine|actor|singer|writer|author|member|caller|resident|group)"
    r"|mom|mum|dad|grandma|grandpa|\[name\]|xxxx|@user)"
)
_SAY: Final = (
    r"(?:say|says|said|saying|tell|tells|told|telling|think|thinks|thought|thinking|believe|believes|believed|believing|claim|claims|claimed|insist|insists|insisted|"
    r"ask|asks|asked|asking|wrote|writes|writing|feel|feels|felt|wonder|wonders|wondered|wondering|whisper(?:s|ed|ing)?|shout(?:s|ed|ing)?|yell(?:s|ed|ing)?|scream(?:s|ed|ing)?|text(?:s|ed)?|suggest(?:s|ed)?|"
    r"admit(?:s|ted)?|call(?:s|ed)?|complain(?:s|ed)?|explain(?:s|ed)?|describe[sd]?|worr(?:y|ies|ied)|fear(?:s|ed)?|goes|repeat(?:s|ed|ing)?|repl(?:y|ies|ied)|answer(?:s|ed)?|"
    r"decided|realized|realised|(?:is|are|was|were|'s) (?:convinced|afraid|sure|scared|certain|terrified|worried)|sing(?:s|ing)?|sang|blame[sd]?|accuse[sd]?|assume[sd]?|messaged|emailed|confessed|mumbled|muttered|cried|sobbed)"
)
_CLAUSE: Final = re.compile(r"\s(?:but|yet|however|although|though|whereas|except)\s|;|\s-+\s|:\s|\s(?:so|because|cause|cuz)\s(?=i\b)|[,.]?\s(?:and|so)\s(?=(?:now|then|today) )|,\s(?=(?:i|it's|it is|its|im|my)\b)|\.\s")
_NEGATION: Final = re.compile(r"(?:\b(?:not|never|cannot|without|isn'?t|wasn'?t|aren'?t|weren'?t|don'?t|doesn'?t|didn'?t|won'?t|wouldn'?t|haven'?t|hasn'?t|hadn'?t|can'?t|couldn'?t|ain'?t|neither|nor|hardly|no longer|stopped|stop|quit|rather than|instead of|free (?:of|from)|refuse to|anything but|far from|nothing like|no need (?:to|for)|no point|no|nobody|no one|none of|let go of|leave out)\b)")
_PSEUDO: Final = re.compile(
    r"(?:\b(?:not|n't|nt)\s+(?:only|just|merely|sure|certain)\b|\b(?:can'?t|cannot|can not|couldn'?t|could not)\s+(?:even\s+)?(?:help|stop|shake|believe|understand|get over|let go|forget|forgive|stand|bear|accept|escape|deny|get past|quit|keep from|see how|figure out|say for sure)\b"
    r"|\b(?:don'?t|do not|didn'?t|dont|doesn'?t|not)\s+(?:even\s+|really\s+|actually\s+)?(?:know|understand|get|see|remember|forget|deny|care|care if|care that)\s*(?:why|how|if|what|whether|when|that)?\b"
    r"|\bnot\s+(?:that|because)\b[^,;]{0,40}$|\bno\s*[,.!]|^\s*no\s|\bno\s+(?:matter|wonder|doubt|question|idea|way around)\b|\bnever\s+(?:stop|stops|stopped|forget|mind|forgive)\b|\b(?:don'?t|dont|didn'?t|won'?t|wouldn'?t|doesn'?t) (?:stop|let)\b|\bwhy (?:can'?t|don'?t|didn'?t|couldn'?t|do|am)\b|\bnot (?:good )?enough\b)"
)
_NEG_RAISING: Final = re.compile(r"\b(?:think|believe|feel|suppose|mean|say|saying|thinking|see|claim|sure|accept|assume|want|mean|imply|convinced|going|agree|buy|true|fair|tell|telling|blaming|worth|case)\b")
_NOT_TRUE_AFTER: Final = re.compile(r"^[^.!?;]{0,25}?\b(?:is|was|are|were)(?:\s+(?:simply|just))?(?:n'?t| not)\s+(?:true|fair|right|so|the (?:case|truth|whole story)|how it (?:was|is)|a fact|what happened)|^[\"']?,?\s+(?:no longer|any ?more)\s*[.!?,]?$|^[^.!?;]{0,10}?\b(?:no longer (?:is|feels|sounds)|doesn't (?:hold|fit|feel true))")
_OWN_VOICE: Final = re.compile(
    r"(?:\b(?:i|i'm|im|i've|ive|we)\b[^,.;]{0,25}?\b(?:say|said|tell|told|telling|saying|think|thought|thinking|believe|believed|feel|felt|know|knew|keep|kept|wrote|admit|admitted|realized|realised|hear|heard myself|shout|repeat|repeating|wonder|asked?|whisper(?:ed)?|confess(?:ed)?|guess|swear)\b"
    r"|\b(?:my|the|a|this|that)\s+(?:own\s+|inner\s+|stupid\s+|little\s+|same\s+)?(?:head|mind|brain|voice|inner voice|inner critic|critic|thoughts?|anxiety|depression|gut|heart|conscience|self-talk|monologue)\b|\b(?:part of me|thought (?:is|was|that)|thoughts? like|feeling that|feels? like|it hits me|to myself|tell myself|telling myself|asking myself|what if)\b)"
)
_REPORT: Final = re.compile(rf"(?:\b{_OTHERS}\b(?:\s+(?:\w+(?:'\w+)?)){{0,3}}?\s+{_SAY}\b|\baccording to (?!me\b)|\b(?:was|were|been|being|got|get|am|'m|is) (?:told|called|accused|informed|blamed)\b|\b{_OTHERS}'s (?:view|opinion|words|line|belief|theory|claim|idea|fear|message|note|verdict)\b|\bin (?:his|her|their) (?:eyes|opinion|view|words|head|mind)\b|^\W*(?:says|said)\b)")
_SAY_BY_OWN: Final = re.compile(rf"\b{_I}(?:'m|'ve|'d|'ll)?(?:\s+\w+(?:'\w+)?){{0,3}}?\s+{_SAY}\b")
_RETURN_TO_SELF: Final = re.compile(r"(?:\bbut\b|\byet\b|;|\bso\s+(?:now\s+)?i\b|\band\s+(?:now\s+|so\s+|then\s+)?i(?:\s+(?:know|think|feel|felt|keep|kept|believe|realize|realized|can't|cannot|just|still|agree|started|now|went|do|lie|lay|sit|sat|cry|cried|left)|'m)\b|\band now\b|\bbecause i\b|\bwhich (?:makes|made) me\b|\bmakes me (?:feel|think)\b|\bmade me (?:feel|think|realize|believe)\b|\bwhen i\b|\bthough i\b|, i\b|\bwhile i\b)")
_TAKEN_ON: Final = re.compile(
    r"\b(?:(?:and|but|which)?\s*(?:(?:he|she|they|it|that|my \w+|mom|dad)\s*(?:is|are|was|were|'s|'re)\s+(?:probably\s+|absolutely\s+|totally\s+|so\s+|all\s+|completely\s+|actually\s+)?(?:right|true|not wrong|correct)|(?:he|she|they|that)(?:'s)? (?:right|true)|they'?re right|i (?:do\s+|totally\s+|can only\s+|have to\s+|completely\s+)?(?:agree|believe (?:him|her|them|it)|know (?:it's|its|it is|that's) true|think so too|can't disagree)|it'?s true|its true|(?:he|she|they) (?:has|have|had) a point|true enough|and i am\b|and i know it))"
)
_PAST: Final = re.compile(
    r"\b(?:used to|back then|in (?:my|those) (?:teens|twenties|thirties|days|20s|30s)|in the past|years ago|(?:a|one|two|three|four|five|ten|\d+) (?:year|decade)s? ago|a (?:long|while) (?:time )?(?:ago|back)|long ago|when i was (?:a |an |in |at |\w*teen|young|little|small|twelve|fifteen|\d+|still |newly |first |new )|as a (?:child|kid|teen|teenager|boy|girl|young|student|trainee|teen)|"
    r"my (?:old|younger|former|teenage|past|earlier) self|the old me|(?:a )?younger me|at (?:school|university|uni|college|twenty|thirty|fifteen|sixteen|eighteen|\d\d),? i|in (?:school|high school|college|university|my first year|training|19\d\d|20[01]\d)|there was a time|once upon a time|for years i|growing up|before therapy|until (?:last year|recently|i )|in the old days|the me of|last (?:year|decade)'?s? (?:me|version)|old habit of|i no longer|those days|before (?:i (?:started|learned|got|had|went|met)|all this|that))\b"
)
_STILL: Final = re.compile(r"\b(?:now|still|even now|nowadays|these days|today|again|to this day|lately|currently|anymore now|and i (?:still )?do\b|it'?s back|came back|is back|ever since|since then|haven'?t stopped|never (?:stopped|changed))\b")
_IF: Final = re.compile(r"(?:^|[\s,(])(?:even if|if|imagine|imagining|suppose|supposing|pretend|let's say|say that|in case|unless|as long as|hypothetically|were i to|assuming|whether)\b")
_IF_PSEUDO: Final = re.compile(r"\b(?:what if|as if|if only|wonder(?:ing|ed)? (?:if|whether)|know(?:ing)? (?:if|whether)|ask(?:ing|ed)? (?:myself )?(?:if|whether)|feels? (?:like|as) if|like if|sure (?:if|whether)|tell (?:if|whether)|not (?:if|whether)|if i'?m (?:being )?(?:honest|fair)|if anything|see if|if you ask me|can'?t imagine|decide (?:if|whether)|worry (?:if|whether)|question (?:if|whether)|hard to imagine|just in case)\b")
_ADVICE: Final = re.compile(r"(?:^|[.!?,;:\s])(?:don'?t (?:you )?(?:ever )?(?:tell|say|think|let|blame|call|believe|go|keep|assume|beat)|never (?:tell|say|think|let|blame|call|believe)|try (?:not )?to|you(?:'re| are|'ll| will| should| could| can| might| need| must| don'?t| shouldn'?t| may| have)?|your|yourself|please|remember(?: that)?|stop (?:telling|saying|thinking|blaming)|ask yourself|tell yourself|notice (?:when|how|if|that)|let yourself|anyone who|whoever|if you)\b")
_GENERIC_YOU: Final = re.compile(r"\b(?:you know(?: what| when| how)?|thank you|you see|(?:i|to|for|about|with|at|from|of|me|miss|love|tell|told|telling|ask|asked|need|want|hurt|lost|failed|let) you|mind you|you guys|you said|you told|you think|do you (?:ever|think|guys|also)|does anyone|have you)\b")
_FIRST_PERSON: Final = re.compile(r"\b(?:i|i'm|im|i've|ive|i'd|me|my|mine|myself|we|our|us)\b")
_SUBJECT: Final = re.compile(rf"\b(?:(?P<own>i|i'm|im|i've|ive|i'd|we|we're|my (?:head|mind|brain|thoughts?|heart|chest|stomach|life|own|whole|job|work|body)|it|it's|its|this|that|everything|nothing|me)|(?P<other>{_OTHERS}))\b")
_DOUBLE: Final = re.compile(r'"([^"\n]{2,600})"')
_SINGLE: Final = re.compile(r"(?<![a-z0-9])'(?=[a-z])((?:[^'\n]|(?<=[a-z])'(?=[a-z])){8,400})'(?![a-z])")
_BEFORE: Final = 220


def cancelled_by(folded: str, sentence: tuple[int, int], span: tuple[int, int], unless: Collection[str] = REASONS) -> str | None:
    """Why a match does not count, or None if it does.

    Parameters
    ----------
    folded
        The folded text; line breaks of the original may be kept in it (they matter for forms).
    sentence, span
        Character offsets of the sentence and of the match in it.
    unless
        The reasons that may cancel this match.

    Examples
    --------
    >>> text = "i'm not blaming myself"
    >>> cancelled_by(text, (0, len(text)), (8, 22))
    'negated'
    """
    start, stop = span
    before = folded[max(sentence[0], start - _BEFORE) : start]
    after = folded[stop : min(len(folded), sentence[1], stop + _BEFORE)]
    match = folded[start:stop]
    for reason in REASONS:
        if reason in unless and _RULES[reason](folded, sentence, span, before, after, match):
            return reason
    return None


def _clause(before: str) -> str:
    """What stands before the match in its own clause."""
    end = 0
    for boundary in _CLAUSE.finditer(before + " "):
        end = boundary.end()
    return before[min(end, len(before)) :]


def _negated(folded: str, sentence: tuple[int, int], span: tuple[int, int], before: str, after: str, match: str) -> bool:
    if _NOT_TRUE_AFTER.search(after):
        return True
    clause = _clause(before)
    cue = None
    for cue in _NEGATION.finditer(clause):
        pass
    if cue is None:
        return False
    tail = clause[cue.start() :]
    for pseudo in _PSEUDO.finditer(clause):
        if pseudo.start() <= cue.start() < pseudo.end() or pseudo.start() >= cue.start() - 4:
            return False
    words = len(clause[cue.end() :].split())
    if words <= 3:
        return True
    return words <= 8 and _NEG_RAISING.search(tail) is not None


def _quotes(folded: str, start: int, stop: int) -> tuple[int, int] | None:
    """The quotation around a span, if it is inside one of at least three words."""
    left = max(0, start - 600)
    window = folded[left : stop + 600]
    for kind in (_DOUBLE, _SINGLE):
        for quote in kind.finditer(window):
            a, b = quote.start() + left, quote.end() + left
            if a < start and stop < b and (len(quote[1].split()) >= 3 or b - a > stop - start + 2):
                return a, b
            if a >= stop:
                break
    return None


def _quoted(folded: str, sentence: tuple[int, int], span: tuple[int, int], before: str, after: str, match: str) -> bool:
    if '"' not in folded and "'" not in folded:
        return False
    quote = _quotes(folded, *span)
    if quote is None:
        return False
    lead = folded[max(0, quote[0] - 70) : quote[0]]
    lead = re.split(r"[.!?]\s", lead)[-1]
    trail = folded[quote[1] : quote[1] + 60]
    if _TAKEN_ON.search(trail):
        return False
    other = _REPORT.search(lead) and not _own_after_other(lead)
    own = _OWN_VOICE.search(lead) or re.match(r"^[\s,]*(?:i|my (?:head|brain|mind))\s+(?:\w+\s+){0,2}?(?:think|thought|say|said|tell|told|keep|kept|ask|asked|wonder|wondered|repeat|whisper)", trail)
    return bool(other or not own)


def _own_after_other(lead: str) -> bool:
    other = [found.end() for found in _REPORT.finditer(lead)]
    own = [found.end() for found in _OWN_VOICE.finditer(lead)]
    return bool(own) and own[-1] > other[-1]


def _reported(folded: str, sentence: tuple[int, int], span: tuple[int, int], before: str, after: str, match: str) -> bool:
    if _TAKEN_ON.search(after) or _TAKEN_ON.match(folded[sentence[1] : sentence[1] + 50].strip()):
        return False
    cue = None
    for cue in _REPORT.finditer(before):
        pass
    if cue is None:
        tag = re.match(rf"^[\s,\"']*(?:,|\")\s*{_OTHERS}\s+{_SAY}\b|^\s*,?\s+(?:says|said|thinks|according to) (?!i\b|me\b)\w+", after)
        return tag is not None
    between = before[cue.end() :]
    if _RETURN_TO_SELF.search(between + " " + match):
        return _swallowed(between, match)
    return not _SAY_BY_OWN.search(between)


def _swallowed(between: str, match: str) -> bool:
    """The return to the writer is itself inside what the other person says ("she said that when I …")."""
    return re.match(r"^\s*(?:me\s+|us\s+)?(?:that\s+)?(?:when|because)\s+i\b[^,;]*$", between) is not None


def _other_person(folded: str, sentence: tuple[int, int], span: tuple[int, int], before: str, after: str, match: str) -> bool:
    if _FIRST_PERSON.search(match):
        return False
    subject = None
    for subject in _SUBJECT.finditer(_clause(before)):
        pass
    return subject is not None and subject["other"] is not None and not re.search(r"\b(?:i|my|me|myself)\b", before[-25:])


def _past_self(folded: str, sentence: tuple[int, int], span: tuple[int, int], before: str, after: str, match: str) -> bool:
    cue = None
    for cue in _PAST.finditer(before):
        pass
    if cue is not None:
        return not (_STILL.search(before[cue.end() :]) or _STILL.search(match) or _STILL.search(after))
    tail = re.search(r"\b(?:back then|in those days|at the time|years ago|when i was (?:a |\w*teen|young|little|small|\d+)|as a (?:child|kid|teen|teenager|trainee|student)|in the past|for years)\b", after[:80])
    return tail is not None and not _STILL.search(before) and not _STILL.search(after)


def _hypothetical(folded: str, sentence: tuple[int, int], span: tuple[int, int], before: str, after: str, match: str) -> bool:
    cue = None
    for cue in _IF.finditer(before):
        pass
    if cue is None or _IF_PSEUDO.search(before[max(0, cue.start() - 14) : cue.end() + 16]):
        return False
    between = before[cue.end() :]
    return not re.search(r"[,;:]|\bthen\b|\bbut\b", between) and len(between.split()) <= 9


def _form(folded: str, sentence: tuple[int, int], span: tuple[int, int], before: str, after: str, match: str) -> bool:
    left = folded.rfind("\n", 0, span[0]) + 1
    right = folded.find("\n", span[1])
    line = folded[left : right if right >= 0 else len(folded)].strip(" *_#\"")
    if not line.endswith(("?", ":")) and not re.match(r"^(?:\d{1,2}[.)]|q\d*[:.)]|question \d+|prompt:)", line):
        return False
    if right < 0:
        return False
    answer = folded[right:].strip()
    if not answer or line.count("?") > 1:
        return False
    numbered = re.match(r"^(?:\d{1,2}[.)]|q\d*[:.)]|question \d+|prompt:|[-*\u2022] ?(?:what|how|why|when|who|which|describe)|(?:what|how|which|when|who|describe|list|write|identify)\b|[\w /-]{2,40}:$)", line)
    return numbered is not None and not answer.split("\n", 1)[0].rstrip().endswith("?")


def _advice(folded: str, sentence: tuple[int, int], span: tuple[int, int], before: str, after: str, match: str) -> bool:
    if re.match(r"(?:i|i'm|im|i've|ive|i'd)\b", match) and not re.search(r"(?:yourself|you(?:'re)?|don'?t|never)\W*(?:\w+\W+){0,3}[\"']?\s*$", before):
        return False
    cue = None
    for cue in _ADVICE.finditer(_clause(before)):
        pass
    if cue is None or _GENERIC_YOU.search(before):
        return False
    return not re.search(r"\bi(?:'m|'ve|'d)?\b", _clause(before))


_RULES: Final = {
    "form": _form, "quoted": _quoted, "negated": _negated, "reported": _reported, "past_self": _past_self,
    "hypothetical": _hypothetical, "advice": _advice, "other_person": _other_person,
}
