"""The sign files test themselves: exact spans, no dead pattern, no sign claimed by the other side."""

from __future__ import annotations

import re
from functools import cache

import pytest

from ruminate.errors import SignError
from ruminate.results import Evidence
from ruminate.signs.bank import Entry, PatternBank
from ruminate.signs.catalogue import Sign, load_signs, read_catalogue
from ruminate.signs.matching import to_evidence
from ruminate.text.document import read

SIGNS = load_signs().signs
CODEBOOK = {
    "rumination": "replaying wording_obsession catastrophizing assumed_harm self_blame self_criticism certainty_seeking overanalysis "
    "difficulty_disengaging perfectionism over_responsibility mind_reading counterfactual isolation_shame hopelessness",
    "reflection": "curiosity emotional_awareness openness_to_learning perspective_taking ambiguity_tolerance self_compassion "
    "balanced_responsibility action_orientation help_seeking relational_insight distancing",
}


OPEN_BETWEEN_SIDES = {
    ('action_orientation', 'What I would do differently', 'counterfactual', 'What I would do differently'),
    ('ambiguity_tolerance', 'Who knows', 'certainty_seeking', 'Who knows, he'),
    ('assumed_harm', 'I pushed her away', 'relational_insight', 'I pushed her away'),
    ('balanced_responsibility', "I'm partly to blame", 'self_blame', "I'm partly to blame"),
    ('certainty_seeking', 'Am I just being paranoid?', 'curiosity', 'Am I just being paranoid?'),
    ('certainty_seeking', "Does this mean I'm", 'curiosity', "Does this mean I'm next?"),
    ('certainty_seeking', "I'll never know why", 'ambiguity_tolerance', "I'll never know why"),
    ('counterfactual', 'Looking back I should', 'balanced_responsibility', 'Looking back I should have'),
    ('difficulty_disengaging', 'Intrusive thoughts', 'distancing', 'Intrusive thoughts'),
    ('difficulty_disengaging', "can't let it go", 'action_orientation', "I can't let it go"),
    ('isolation_shame', "don't want anyone to see", 'perspective_taking', "I don't want anyone to see"),
    ('over_responsibility', "I carry my clients' pain", 'relational_insight', "I carry my clients' pain"),
    ('over_responsibility', 'I worry about everyone', 'emotional_awareness', 'I worry about everyone and'),
    ('over_responsibility', 'feel guilty', 'emotional_awareness', 'I feel guilty'),
    ('overanalysis', 'Does that make me a', 'curiosity', 'Does that make me a monster?'),
    ('overanalysis', 'What does that say about me', 'curiosity', 'What does that say about me?'),
    ('overanalysis', 'there is no answer', 'ambiguity_tolerance', 'there is no answer'),
    ('perfectionism', 'I must try harder', 'action_orientation', 'I must try harder'),
    ('perfectionism', 'I should have done more', 'balanced_responsibility', 'I should have done more'),
    ('relational_insight', 'I push people away', 'assumed_harm', 'I push people away'),
    ('relational_insight', 'I push people away', 'self_blame', 'I push people away'),
    ('relational_insight', 'hard to let people', 'isolation_shame', 'hard to let people in'),
    ('self_blame', 'I feel guilty about', 'emotional_awareness', 'I feel guilty about my'),
    ('self_blame', 'I pushed everyone away', 'relational_insight', 'I pushed everyone away'),
    ('self_criticism', 'I feel so incredibly inadequate', 'emotional_awareness', 'I feel so incredibly inadequate when'),
    ('self_criticism', 'I felt embarrassed', 'emotional_awareness', 'and I felt embarrassed'),
    ('wording_obsession', 'I could have phrased it', 'balanced_responsibility', 'I could have phrased it better'),
    ('wording_obsession', 'What did he mean by that', 'curiosity', 'What did he mean by that?'),
    ('wording_obsession', 'what I should have said', 'balanced_responsibility', 'what I should have said'),
}
"""Spans that a sign of the other side also takes as a whole, as they stand today. Some can be read either way ("I'll never know
why"), some are false matches to be mended ("I can't let it go" as a plan). Nothing may be added without a reason."""


@cache
def bank(sign_id: str) -> PatternBank:
    return PatternBank([entry for entry in load_signs().entries() if entry.id == sign_id])


def marked(example: str) -> tuple[str, list[str]]:
    """The plain sentence, and what stands in [brackets]."""
    return example.replace("[", "").replace("]", ""), re.findall(r"\[([^\]]*)\]", example)


def found(sign_id: str, text: str) -> list[Evidence]:
    batch = read(text)
    matches = bank(sign_id).find(batch).matches
    return to_evidence(batch, bank(sign_id), matches)[0]


def counting(sign_id: str, text: str) -> list[str]:
    return [item.quote for item in found(sign_id, text) if item.cancelled_by is None]


def cases(kind: str) -> list[object]:
    return [pytest.param(sign.id, example, id=f"{sign.id}-{at}") for sign in SIGNS.values() for at, example in enumerate(getattr(sign, kind))]


def test_the_catalogue_is_the_codebook() -> None:
    """All 26 signs of the codebook are there, on their sides, and no other."""
    assert {side: set(ids.split()) for side, ids in CODEBOOK.items()} == {
        side: {sign.id for sign in SIGNS.values() if sign.side == side} for side in CODEBOOK
    }


def test_breadth() -> None:
    """People say one thing in fifty ways."""
    assert PatternBank(list(load_signs().entries())).size >= 3000


@pytest.mark.parametrize(("sign_id", "example"), cases("hits"))
def test_hit(sign_id: str, example: str) -> None:
    """A hit gives exactly its bracketed spans, and none of them is cancelled."""
    text, spans = marked(example)
    assert spans, "a hit needs a [span]"
    assert counting(sign_id, text) == spans


@pytest.mark.parametrize(("sign_id", "example"), cases("misses"))
def test_miss(sign_id: str, example: str) -> None:
    """A miss gives no evidence that counts."""
    assert counting(sign_id, marked(example)[0]) == []


@pytest.mark.parametrize(
    ("sign_id", "example"),
    [pytest.param(sign.id, example, id=f"{sign.id}-{at}", marks=pytest.mark.xfail(strict=True)) for sign in SIGNS.values() for at, example in enumerate(sign.known_failures)],
)
def test_known_failure(sign_id: str, example: str) -> None:
    """What is known to go wrong; when one is mended, this fails until its file is updated."""
    text, spans = marked(example)
    assert counting(sign_id, text) == spans


@pytest.mark.parametrize("sign", SIGNS.values(), ids=list(SIGNS))
def test_file_is_complete(sign: Sign) -> None:
    assert len(sign.hits) >= 12
    assert len(sign.misses) >= 8
    assert sign.sources
    assert set(sign.hits).isdisjoint(sign.misses)
    assert len(set(sign.patterns + sign.weak)) == len(sign.patterns + sign.weak), "a pattern stands twice"


@pytest.mark.parametrize("sign", SIGNS.values(), ids=list(SIGNS))
def test_no_dead_pattern(sign: Sign) -> None:
    """Every pattern, taken alone, matches in at least one of its sign's hits."""
    texts = [marked(hit)[0] for hit in sign.hits]
    lists = {**load_signs().lists, **sign.lists}
    dead = []
    for source in sign.patterns + sign.weak:
        alone = PatternBank([Entry(sign.side, sign.id, source, 1.0, frozenset(), lists)])
        if not any(alone.find(read(text)).matches for text in texts):
            dead.append(source)
    assert dead == []


def test_no_sign_is_claimed_by_the_other_side() -> None:
    """The very span that shows one side never counts as a whole for the other side."""
    everything = PatternBank(list(load_signs().entries()))
    claimed = []
    for sign in SIGNS.values():
        for hit in sign.hits:
            text, spans = marked(hit)
            batch = read(text)
            evidence = to_evidence(batch, everything, everything.find(batch).matches)[0]
            claimed += [
                (sign.id, span, item.sign, item.quote)
                for span in spans
                for item in evidence
                if item.side != sign.side and item.cancelled_by is None and span in item.quote
            ]
    assert set(claimed) <= OPEN_BETWEEN_SIDES, "a sign of one side takes a whole span of the other"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("title = 'x'", "side: "),
        ("title = 'x'\nside = 'both'\ndefinition = 'd'\nwhy = 'w'", "side: must be"),
        ("title = 'x'\nside = 'reflection'\ndefinition = 'd'\nwhy = 'w'", "patterns: at least one"),
        ("title = 'x'\nside = 'reflection'\ndefinition = 'd'\nwhy = 'w'\npatterns = ['a']\nunless = ['nagated']", "'nagated' is no known reason"),
        ("title = 'x'\nside = 'reflection'\ndefinition = 'd'\nwhy = 'w'\npatterns = ['a']\nhits = ['an [a']", "hits[0]: brackets"),
        ("title = 'x'\ntypo = 1", "typo: no such key"),
        ("title = ", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_named(tmp_path, content: str, says: str) -> None:
    """What is wrong is said with file, key and reason."""
    (tmp_path / "odd.toml").write_text(content)
    with pytest.raises(SignError, match=r"^odd\.toml: ") as error:
        read_catalogue(tmp_path)
    assert says in str(error.value)
