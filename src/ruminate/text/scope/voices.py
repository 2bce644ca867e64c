"""Somebody else's thought: said or thought by another person, or about another person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ruminate.text.scope.context import Context, last
from ruminate.text.scope.cues import (
    CONTRASTS,
    ENDS,
    LINKS,
    MINDS,
    NAMES,
    OTHERS,
    OWN,
    OWN_VOICES,
    PERSONS,
    SAYING,
    SAYING_S,
    SUBJECTS,
    THINKING,
    WRITINGS,
)

__all__ = ["is_taken_on", "other_person", "reported", "speaks_other"]

_WHO: Final = r"(?:he|she|they|everyone|everybody|mum|mom|dad|\[name\]|(?:the|my|our|his|her|a) (?:\w+ ){1,2}?)"
_TAG: Final = re.compile(
    rf"\"?[\s,]*(?:,|\")\"?\s*(?:{_WHO}\s*(?:said|says|whispered|told|thought|thinks|cried|shouted|yelled|sobbed|mumbled|muttered|insisted|insists|claims|"
    rf"claimed|asked|replied|texted|wrote|goes|went)\b"
    r"|(?:says|said)(?! i\b| me\b) \w+|according to (?!me\b))|[;,]\s*so (?:says|said|says my|i'?m told)\b"
)
_TAKEN_ON: Final = re.compile(
    r"\b(?:(?:he|she|they|it|that|my \w+|mom|mum|dad)\s*(?:is|are|was|were|'s|'re)\s+(?:(?:probably|absolutely|totally|so|all|completely|actually|quite|"
    r"maybe|just)\s+)?(?:right|true|not wrong|correct)|(?:hes|shes|theyre|they|he|she|that) (?:right|true)\b|"
    r"i (?:(?:do|totally|can only|have to|completely|kind of|sort of|also|kinda) )*(?:agree|believe (?:him|her|them|it)|know (?:it's|its|it is|that's|he's|"
    r"she's|they're) (?:true|right)|think so too|can't disagree)|it'?s true|(?:he|she|they) (?:has|have|had|might have) a point|"
    r"true enough|and i am\b|and i know it\b|and i do\b|(?:yeah|yes|honestly|tbh),? (?:yeah,? )?(?:i do|i am|it is|it's true)\b)"
)
_RIGHT_BEFORE: Final = re.compile(r"\b(?:is|are|was|were|'s|'re|hes|shes) (?:\w+ )?(?:right|correct)(?: that| when)?\W*$")
_NOUN_CUE: Final = re.compile(
    r"(?:\baccording to (?!me\b)|\b(?:was|were|been|being|got|get|am|'m|is|im) (?:\w+ )?(?:told(?! to)|called|accused|informed|blamed)\b|\bit (?:was|"
    r"has been|is) (?:\w+ )?(?:suggested|said|claimed|implied|hinted|reported|argued)\b"
    r"|'s (?:view|opinion|words|line|belief|theory|claim|idea|message|note|verdict|answer|take|reply)\b|\bin (?:his|her|their) (?:eyes|opinion|view|words|"
    r"mind)\b|\b(?:word|rumou?r|gossip)\b(?: \w+){0,5}? (?:is|was|has it|that)(?: that)?|\brumou?r has it\b"
    r"|\b(?:make|makes|made|making) it (?:sound|seem|look|out)\b|\bmade out\b|\bmy (?:\w+ )?(?:partner|ex|boss|mother|mum|mom|father|dad)'s voice\b)"
)
_NOUN_GATE: Final = frozenset(
    "according told called accused informed blamed suggested said claimed implied hinted reported argued view opinion words line belief theory "
    "claim idea message note verdict answer take reply eyes mind word rumour rumor gossip made makes make making voice".split()
)
_TRANSCRIPT: Final = re.compile(
    r"[ \t>*]*(?:c|cl|client|p|pt|pat|patient|mum|mom|dad|her|him|he|she|them|husband|wife|boss|teacher|friend|student|\[name\]|xxxx)\s?\d?\*{0,2}:"
)
_OTHER_LABEL: Final = re.compile(r"^[ \t>*]*(?:t|th|therapist|me|i|m|counsell?or|interviewer|q|nurse|dr)\s?\d?\*{0,2}:", re.MULTILINE)
_TOPIC: Final = frozenset(
    "about hello hi hey goodbye bye goodnight little nothing something yes yeah no thanks sorry off up out for from on with at over why so again to".split()
)
_LONGEST_REPORT: Final = 12
"""Words after which a clause of the writer's own is taken for a run-on and no longer for part of a report."""
_HEARERS: Final = frozenset("me us you him her them myself everyone everybody".split())
_DETERMINERS: Final = frozenset("the a an my his her their our your this some every each".split())
_ADVERBS: Final = frozenset(
    "has had have 's 've 'd was is are were be been being just always also even then never still really often sometimes once again only "
    "probably actually clearly obviously secretly all keeps kept keep can could would will might may must did does do honestly simply "
    "constantly recently finally both who today tonight yesterday quietly".split()
)
_SURE_OF: Final = re.compile(
    r"\b(?:know|knew|feel|feels|felt|feeling|think|thinking|thought|mean|means|embarrassed|ashamed|nervous|anxious|afraid|scared|sure|worry|worried|worrying|"
    r"bet|assume|assumed|guess|fear|feared|convinced|terrified|imagine|swear|suspect|paranoid|wonder|hate|if|what if|do|does|did|like|believe|make|makes|"
    r"want|wants|wanted|let|probably|must|why|prove|certain)\b"
)
_INDIRECT: Final = frozenset("what whatever how why whether if when where".split())
_MIGHT: Final = frozenset("probably must might may will would could obviously secretly surely".split())
"""Between a subject and a verb of thinking these tell that the writer guesses."""
_STOPS: Final = ENDS | CONTRASTS
_JOINTS: Final = LINKS | frozenset([",", "that", "if", "whether", "what"])
_SELF_SPEAKERS: Final = frozenset("client clients patient patients cl pt student pupil child kid daughter son character hero heroine narrator".split())
"""Notes often give their words without marks: their "I" is their own."""
_JOINED: Final = frozenset("and & n so".split())
_NOW: Final = frozenset("now still honestly maybe probably clearly obviously of course yes yeah".split())
_PRESENT_IT: Final = frozenset("it's its it that's thats this everything".split())
_HOLDS: Final = frozenset("know agree guess suppose".split())
"""What follows "and I" even without a comma is held by the writer."""
_PAST: Final = frozenset("was were had did wasn't weren't hadn't didn't i'd would that".split())
_QUIET: Final = ENDS | frozenset(", it that which what this there how who where nothing everything something".split())


def reported(at: Context) -> bool:
    """Codebook rule 7: the words and thoughts of somebody else don't count, unless the writer takes them on ("and he's right")."""
    if not _is_reported(at) or at.turns:
        return False
    return not (is_taken_on(at.after) or is_taken_on(at.folded[at.sentence[1] : at.sentence[1] + 50]) or _RIGHT_BEFORE.search(at.before))


def is_taken_on(text: str) -> bool:
    """Whether what follows agrees with the words before."""
    return _TAKEN_ON.search(text) is not None


def _is_reported(at: Context) -> bool:
    after = at.after
    if after and after.lstrip()[:1] in {",", '"', ";"} and _TAG.match(after):
        return True
    if not at.seen.isdisjoint(SAYING) and _governed(at):
        return True
    if not at.seen.isdisjoint(_NOUN_GATE):
        cue = last(_NOUN_CUE, at.before)
        if cue is not None and not _returned(at, at.before[cue.end() :].replace(",", " , ").split(), adjunct=True):
            return True
    return ":" in at.folded and _in_transcript(at)


def _governed(at: Context) -> bool:
    """Somebody else's verb of saying governs the match, with nothing in between that returns to the writer."""
    words = at.words
    verb = next((place for place in range(len(words) - 1, max(-1, len(words) - 30), -1) if words[place] in SAYING), -1)
    while verb >= 0:
        who = _speaker(words, verb)
        if who == "other":
            if words[verb + 1 : verb + 2] == [","] and not _INDIRECT.isdisjoint(words[max(0, verb - 4) : verb]):
                return False  # "whatever the report says, …"
            speaks_of_self = not _SELF_SPEAKERS.isdisjoint(words[max(0, verb - 4) : verb])
            if not speaks_of_self and _claims_anew(at, words[verb + 1 :]):
                return False
            return not _returned(at, words[verb + 1 :], thinking=words[verb] in THINKING)
        if who == "own":
            return False
        verb = next((place for place in range(verb - 1, max(-1, verb - 12), -1) if words[place] in SAYING), -1)
    return False


def _claims_anew(at: Context, report: Sequence[str]) -> bool:
    """Whether the match stands in a clause that is joined to the report and is a claim of the writer's own.

    "My boss said I'm lazy, and it's all my fault": the comma ends the report. "…, and that it's all my fault" goes on with
    it, and so does a past beside a past ("said I was lazy, and it was my fault").
    """
    joint = next((place for place in range(len(report) - 1, 0, -1) if report[place] in _JOINED), 0)
    if not joint or report[0] == ",":
        return False
    claim = [*report[joint + 1 :], *_WORD.findall(at.match)]
    while claim and claim[0] in _NOW:
        claim = claim[1:]
    if len(claim) < 2 or not (claim[0] in OWN or (claim[0] in _PRESENT_IT and not _FIRST_PERSON.isdisjoint(claim))):
        return False
    if claim[1] in _HOLDS:
        return True
    goes_on = not _PAST.isdisjoint(report[:joint]) and (not _PAST.isdisjoint(claim[:3]) or claim[1].endswith("ed"))
    return report[joint - 1] == "," and not goes_on


def speaks_other(words: Sequence[str]) -> bool | None:
    """Who speaks last in these words: another person (True), the writer (False), nobody (None)."""
    for place in range(len(words) - 1, max(-1, len(words) - 16), -1):
        if words[place] in SAYING:
            who = _speaker(words, place)
            if who:
                return who == "other"
    return None


def _speaker(words: Sequence[str], verb: int) -> str:
    """Whose verb it is: "other", "own" or "" (not told). Walks back to the subject of the verb."""
    place = verb - 1
    if place >= 0 and (words[place] in {"me", "us", "myself"} or (words[verb] == "saying" and words[place] in {"not", "just"})):
        return "own"  # "he makes me feel …", "not saying …"
    while place >= 0 and (words[place] in _ADVERBS or words[place].endswith("ly")):
        place -= 1
    found = -1
    for back in range(place, max(-1, place - 9), -1):
        word = words[back]
        if word in OWN:  # "I hugged mum and said" against "when I rang the doctor said"
            return _other(words, found, verb) if found == place and found - back > 1 else "own"
        if word in OTHERS:
            return _other(words, back, verb)
        if found < 0 and word in OWN_VOICES and (word != "me" or words[back - 1] in {"of", "in"}):
            return "own"
        if word in PERSONS or word in NAMES or (word in WRITINGS and words[verb - 1] != "to" and not (back and words[back - 1] == "my")):
            found = back if found < 0 else found
        elif word in _STOPS or (found >= 0 and word in _JOINTS) or (word in {",", "and"} and words[back + 1] in _DETERMINERS):
            break
    if found >= 0:
        return _other(words, found, verb)
    if words[verb] not in SAYING_S or (place < 0 < verb) or (place >= 0 and words[place] in _QUIET):
        return ""
    return "other"  # an unknown subject, but no "I" says "says"


def _other(words: Sequence[str], subject: int, verb: int) -> str:
    """Somebody else speaks, unless the writer only assumes what they think ("I know they think …"): mind reading is the writer's own."""
    if words[verb] in THINKING and not _MIGHT.isdisjoint(words[subject + 1 : verb]):
        return "own"
    if words[verb] in THINKING and subject and _SURE_OF.search(" ".join(words[max(0, subject - 6) : subject])):
        return "own"
    return "other"


def _returned(at: Context, between: Sequence[str], *, thinking: bool = False, adjunct: bool = False) -> bool:
    """Whether the report has ended before the match."""
    start = 0
    while start < len(between) and between[start] in _HEARERS:
        start += 1
    rest = between[start:]
    if rest and rest[0] in _TOPIC and rest[0] != "so" and "that" not in rest[1:6]:
        return True
    if thinking and not at.is_clause and not {"that", "he", "she", "they", "he's", "she's"} & set(rest):
        return True  # "her son felt [like a failure]": a feeling with a noun, no clause is thought
    if adjunct and "," in rest[:5]:
        rest = rest[rest.index(",") :]  # "according to my ex, …"
    if at.is_clause and at.opens in OWN and len(rest) > _LONGEST_REPORT and (rest[-1] != "that" or len(rest) > 2 * _LONGEST_REPORT):
        return True
    return _breaks(at, rest)


def _breaks(at: Context, rest: Sequence[str]) -> bool:
    own_inside = rest[:1] and (rest[0] in OWN or (rest[0] in {"that", "if", "whether"} and len(rest) > 1 and rest[1] in OWN))
    opened = bool(rest and rest[0] in {",", ":", "that", "how"})
    for place, word in enumerate(rest):
        follow = rest[place + 1] if place + 1 < len(rest) else at.opens
        if word in CONTRASTS or word in ".!?;\u2026":
            return True
        if not place:
            continue
        if word in LINKS and word != "if" and (follow in OWN or follow in {"now", "then", "my", "still", "all"}) and not own_inside:
            return True
        if word == "," and place >= 2 and follow in SUBJECTS and follow not in OTHERS and not OTHERS & set(rest[:place]) and not (opened and place < 2):
            return True
        if word in OWN and place + 1 < len(rest) and any(next_word in SAYING for next_word in rest[place + 1 : place + 4]):
            return True
    return False


def _in_transcript(at: Context) -> bool:
    folded = at.folded
    left = folded.rfind("\n", max(0, at.start - 400), at.start) + 1
    if folded.find(":", left, left + 14) < 0 or not _TRANSCRIPT.match(folded, left):
        return False
    return _OTHER_LABEL.search(folded, max(0, left - 400), at.stop + 400) is not None


_FIRST_PERSON: Final = frozenset("i i'm im i've ive i'd i'll me my mine myself we our us ourselves".split())
_REFLEXIVE: Final = re.compile(r"\b(?:himself|herself|themselves|themself|hisself|(?:his|her|their) (?:\w+ )?(?:head|mind|eyes))\b")
_WORD: Final = re.compile(r"[\w']+")


def other_person(at: Context) -> bool:
    """Codebook rule 7: a match without a first person whose subject is somebody else ("she keeps going over it")."""
    match = at.match
    if not _FIRST_PERSON.isdisjoint(_WORD.findall(match)):
        return False
    if "sel" in match and _REFLEXIVE.search(match):
        return True
    if ("head" in match or "mind" in match or "eyes" in match) and _REFLEXIVE.search(match):
        return True
    if at.is_clause or not at.words:
        return False  # a sign that names its own subject means it so
    return _subject_is_other(at)


def _subject_is_other(at: Context) -> bool:
    words, follow = at.words, at.opens
    if words[-1] == "," and not follow.endswith("ing"):
        return False  # after a comma only a participle goes on with the subject before
    found = False
    for place in range(len(words) - 1, max(-1, len(words) - 14), -1):
        word = words[place]
        if word in OWN or word in {"me", "myself", "us", "mine"}:
            return False
        if word in OTHERS:
            return True
        if word in MINDS or (word in {"it", "it's", "its", "this", "that's", "everything", "nothing"} and not found):
            return False
        if word == "my" and place and words[place - 1] in _BEFORE_OBJECTS:
            follow = word
            continue
        if word == "my" and follow not in PERSONS and not (place + 2 < len(words) and words[place + 2] in PERSONS):
            return found
        if (word in PERSONS or word in NAMES) and not _is_object(words, place):
            found = True
        if word in ENDS or word in CONTRASTS or (word in LINKS and follow in SUBJECTS) or (found and word in {"when", "that", "because"}):
            return found
        follow = word
    return found


_BEFORE_OBJECTS: Final = frozenset("to for with at about from of by on like than without against between towards around behind and in".split())


def _is_object(words: Sequence[str], place: int) -> bool:
    """A noun after a preposition (a determiner and a word may stand between) is no subject."""
    return any(word in _BEFORE_OBJECTS for word in words[max(0, place - 2) : place])
