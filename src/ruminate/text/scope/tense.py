"""Another time or another world: the writer's past self, and what is only supposed."""

from __future__ import annotations

import re
from typing import Final

from ruminate.text.scope.context import Context, last

__all__ = ["hypothetical", "past_self"]

_AGE: Final = r"(?:\w+teen|ten|eleven|twelve|twenty|thirty|[1-3]?\d)"
_STAGE: Final = r"(?:childhood|teens|twenties|thirties|20s|30s|youth|school days|student days|training|first (?:year|job|term|marriage)|early days)"
_YOUNG: Final = (
    r"(?:little|young(?:er)?|small|newly qualified|(?:a |an )?(?:little |small |young )?(?:child|kid|girl|boy|teen(?:ager)?|student|trainee|undergrad|"
    r"beginner)|(?:in )?(?:high |primary |middle )?school|(?:in |at )?(?:college|uni(?:versity)?))"
)
_PAST: Final = re.compile(
    rf"\b(?:(?<!'m )(?<!am )(?<!im )(?<!get )(?<!got )(?<!getting )(?<!are )(?<!be )(?<!been )used to(?! (?:it|that|this|\w+ing)\b)|back then|"
    rf"back in the day|(?:in|during) those (?:days|years|times)|in the (?:old days|past)|"
    rf"(?:in|during|through|throughout|for most of|all of|for all of|most of) my (?:early |late |mid |whole |entire )?{_STAGE}|(?:a|one|two|three|four|five|"
    rf"six|seven|eight|nine|ten|many|some|few|\d+)? ?(?:years|decades) ago|(?:a|one) (?:year|decade) ago|"
    rf"a long (?:while|time) (?:ago|back)|long ago|when i was (?:(?:still|only|just|about|around|like|in|at) )*(?:{_YOUNG}|{_AGE})(?![\w:.]| and\b)|"
    rf"as a (?:young |little |small )?(?:child|kid|teen|teenager|boy|girl|student|trainee)\b|(?:my (?:old|younger|former|teenage|past|earlier) self|"
    rf"the old me|younger me)|"
    rf"^(?:and |so |but )?at (?:{_AGE}) i\b|in (?:high school|college|university|19\d\d|20[01]\d)|there was a time|once upon a time|for years i(?!'ve|ve|"
    rf" have)|growing up|before (?:therapy|the meds|i (?:started|got|met|had|learned) \w+)|"
    r"until (?:last year|[a-z ,]{0,20}(?:19|20[01])\d+)|(?:journal|diary|notebook)s? (?:from|of) (?:(?:19|20)\d\d|when i was)|those days)"
)
_PAST_GATE: Final = frozenset(
    "used back those past childhood teens twenties thirties youth days training year years decade decades ago child kid teen teenager boy girl "
    "student trainee undergrad beginner school college uni university little small young younger old qualified former earlier upon growing "
    "before until journal diary notebook journals diaries notebooks first early ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty self teenage".split()
)
_DIGIT: Final = re.compile(r"\d")
_DATED: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\b[23]0s\b|\b(?:at|was|still|only|just|about|around|like|in) [1-3]?\d\b")
"""Numbers that may be a year or an age; those of years that passed have a word of the gate beside them."""
_PAST_AFTER: Final = re.compile(
    rf"\b(?:back then|in those days|at the time|when i was (?:{_YOUNG}|{_AGE})(?![\w:.])|as a (?:child|kid|teen|teenager|student|trainee))\b"
)
_RETURNS: Final = re.compile(
    r"\b(?:now|still|even now|nowadays|these days|today|tonight|again|to this day|lately|currently|ever since|since then|yesterday|this (?:morning|week|"
    r"evening))\b|;|\b(?:but|yet|however)\b|\s-\s"
)
_LASTS: Final = re.compile(
    r"\b(?:still|even now|to this day|ever since|since then|(?:and|but) (?:i )?(?:still|now too|again)|nothing(?: has|'s)? changed|(?:it's|is|came|"
    r"it is) back|never (?:stopped|changed|went away)|haven'?t stopped|always will)\b"
)

_IF: Final = re.compile(
    r"(?:^|[\s,(])(?:(?:even )?if|unless|as long as|hypothetically|assuming(?! i)|were i to|in case|whether or not|whether(?= \w+ or )|imagining that|"
    r"pretend(?:ing|ed)?(?: that)?)\b"
    r"|(?:^|[.,;:!?-]\s|\b(?:let's|lets|just|and|or|but|so|ok|okay) )\W*(?:imagine|suppose|supposing|assuming|pretend|let's say|lets say|"
    r"say(?= (?:that )?i\b| $))\b|^\W*(?:had it been|had i been|should i|were i|had i)\b"
)
_IF_GATE: Final = frozenset(
    "if unless long hypothetically assuming were case whether imagine imagining suppose supposing pretend pretending pretended say had should".split()
)
_ASKS: Final = re.compile(
    r"\b(?:what if|as if|if only|wonder(?:ing|ed)? (?:if|whether)|know(?:ing)? (?:if|whether)|ask(?:ing|ed)? (?:me |myself |him |her |them )?(?:if|whether)|"
    r"feels? (?:like|as) if|like if|sure (?:if|whether)|tell (?:if|whether)|"
    r"if i'?m (?:being )?(?:honest|fair)|if anything|see (?:if|whether)|if you ask me|can'?t imagine|decide (?:if|whether)|worr(?:y|ied) (?:if|whether)|"
    r"question(?:ing)? (?:if|whether)|hard to imagine|just in case|care if|scared if|curious if|curious whether|afraid if|guess if)\b"
)
_MAIN_CLAUSE: Final = re.compile(r"[,;:?!)]|\bthen\b|\bbut\b|\S\s+\S+\s+(?:i|you|he|she|we|they|it|that)(?:'d|'ll|\s+would|\s+will)\b|\band\s+(?:i|now)\b")

_GOES_ON: Final = frozenset("that and or if whether because think thinking feel say saying like how why when".split())


def past_self(at: Context) -> bool:
    """Codebook rule 7: a person's old self ("I used to think …") doesn't count, unless the text says that it lasts."""
    after = at.after
    before = at.before
    if not at.seen.isdisjoint(_PAST_GATE) or (_DIGIT.search(before) and _DATED.search(before)) or ("time" in at.seen and "was a time" in before):
        cue = last(_PAST, at.before)
        if cue is not None:
            return not (_RETURNS.search(at.before, cue.end()) or _LASTS.search(after) or _LASTS.search(at.match))
    if not after or not ("then" in after or "days" in after or "time" in after or "when i was" in after or "as a " in after):
        return False
    return _PAST_AFTER.search(after, 0, 80) is not None and not (_RETURNS.search(at.before) or _LASTS.search(after) or _LASTS.search(at.match))


def hypothetical(at: Context) -> bool:
    """Codebook rule 7: only the writer's thoughts, and what is only supposed is not thought; "what if" and "as if" are worry, not thought experiments."""
    if at.seen.isdisjoint(_IF_GATE):
        return False
    if at.opens == "i" and at.before.strip() in {"had", "should", "were"} and not at.after.endswith("?"):
        return True  # "should I fail, …"
    before = at.before
    cue = last(_IF, before)
    if cue is None or _ASKS.search(before, max(0, cue.start() - 22), cue.end() + 16):
        return False
    between = before[cue.end() :]
    if cue.group().strip(" ,(") in {"if", "whether"} and _ASKS.search(before, 0, cue.start()) and before[: cue.start()].endswith((" or", " and")):
        return False  # "I don't know if …, or if I'm …"
    words = between.split()
    if at.is_clause and len(words) >= 3 and words[-1] not in _GOES_ON:
        return False  # the main clause has begun without a comma: "if we grew apart I would …"
    return len(words) <= 9 and _MAIN_CLAUSE.search(between) is None
