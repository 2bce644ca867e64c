"""Verb forms for the `{verb}` mark of the pattern notation.

Regular English spelling rules and a table of the irregular verbs that people use when they write about themselves. It
errs on the side of a form too many: a form nobody writes costs one unused phrase.
"""

from __future__ import annotations

from typing import Final

__all__ = ["inflect"]

_IRREGULAR: Final[dict[str, str]] = {
    "be": "am is are was were been being", "have": "has had having", "do": "does did done doing", "go": "goes went gone going",
    "say": "says said saying", "get": "gets got gotten getting", "make": "makes made making", "know": "knows knew known knowing",
    "think": "thinks thought thinking", "take": "takes took taken taking", "see": "sees saw seen seeing", "come": "comes came coming",
    "give": "gives gave given giving", "find": "finds found finding", "tell": "tells told telling", "feel": "feels felt feeling",
    "become": "becomes became becoming", "leave": "leaves left leaving", "put": "puts putting", "mean": "means meant meaning",
    "keep": "keeps kept keeping", "let": "lets letting", "begin": "begins began begun beginning", "run": "runs ran running",
    "hear": "hears heard hearing", "lose": "loses lost losing", "hold": "holds held holding", "bring": "brings brought bringing",
    "write": "writes wrote written writing", "sit": "sits sat sitting", "stand": "stands stood standing", "fall": "falls fell fallen falling",
    "speak": "speaks spoke spoken speaking", "spend": "spends spent spending", "win": "wins won winning", "hurt": "hurts hurting",
    "break": "breaks broke broken breaking", "blow": "blows blew blown blowing", "choose": "chooses chose chosen choosing",
    "catch": "catches caught catching", "fight": "fights fought fighting", "forget": "forgets forgot forgotten forgetting",
    "forgive": "forgives forgave forgiven forgiving", "hide": "hides hid hidden hiding", "hit": "hits hitting", "lie": "lies lied lying lay",
    "ride": "rides rode riding", "rise": "rises rose rising", "sleep": "sleeps slept sleeping", "wake": "wakes woke woken waking",
    "wear": "wears wore worn wearing", "beat": "beats beaten beating", "bear": "bears bore borne bearing", "read": "reads reading",
    "reread": "rereads rereading", "rewrite": "rewrites rewrote rewritten rewriting", "rethink": "rethinks rethought rethinking",
    "overthink": "overthinks overthought overthinking", "understand": "understands understood understanding", "eat": "eats ate eaten eating",
    "show": "shows showed shown showing", "shut": "shuts shutting", "stick": "sticks stuck sticking", "sink": "sinks sank sunk sinking",
    "sell": "sells sold selling", "send": "sends sent sending", "set": "sets setting", "shake": "shakes shook shaken shaking",
    "spin": "spins spun spinning", "spiral": "spirals spiraled spiralled spiraling spiralling", "steal": "steals stole stolen stealing",
    "swear": "swears swore sworn swearing", "teach": "teaches taught teaching", "throw": "throws threw thrown throwing",
    "pay": "pays paid paying", "deal": "deals dealt dealing", "dwell": "dwells dwelt dwelled dwelling", "drive": "drives drove driven driving",
    "drink": "drinks drank drunk drinking", "draw": "draws drew drawn drawing", "dream": "dreams dreamed dreamt dreaming",
    "grow": "grows grew grown growing", "hang": "hangs hung hanging", "lead": "leads led leading", "learn": "learns learned learnt learning",
    "quit": "quits quitting", "build": "builds built building", "buy": "buys bought buying", "cost": "costs costing", "cut": "cuts cutting",
    "freeze": "freezes froze frozen freezing", "misread": "misreads misreading", "screw": "screws screwed screwing", "die": "dies died dying",
    "undo": "undoes undid undone undoing", "upset": "upsets upsetting", "weep": "weeps wept weeping", "seek": "seeks sought seeking",
    "bend": "bends bent bending", "burn": "burns burned burnt burning", "spoil": "spoils spoiled spoilt spoiling", "meet": "meets met meeting",
    "misunderstand": "misunderstands misunderstood misunderstanding", "try": "tries tried trying", "rerun": "reruns reran rerunning",
}
_DOUBLING: Final = frozenset(
    "stop drop plan chat shut regret admit let slip grab snap nag bug beg hug rob sob jot pop zip tip trip step skip ban pin spot trap wrap".split()
)
_VOWELS: Final = "aeiou"


def inflect(verb: str) -> tuple[str, ...]:
    """All forms of a verb; of a phrasal verb ("go over") the first word is inflected.

    Examples
    --------
    >>> inflect("keep")
    ('keep', 'keeps', 'kept', 'keeping')
    >>> inflect("go over")[:2]
    ('go over', 'goes over')
    """
    head, _, tail = verb.partition(" ")
    forms = [head, *_IRREGULAR[head].split()] if head in _IRREGULAR else _regular(head)
    return tuple(f"{form} {tail}".strip() for form in forms)


def _regular(verb: str) -> list[str]:
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        third = verb + "es"
    elif verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        third = verb[:-1] + "ies"
    else:
        third = verb + "s"
    if verb in _DOUBLING:
        stem = verb + verb[-1]
        return [verb, third, stem + "ed", stem + "ing"]
    if verb.endswith("e"):
        gerund = verb + "ing" if verb.endswith(("ee", "oe", "ye")) else verb[:-1] + "ing"
        return [verb, third, verb + "d", gerund]
    past = verb[:-1] + "ied" if third.endswith("ies") else verb + "ed"
    return [verb, third, past, verb + "ing"]
