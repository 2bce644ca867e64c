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


@cache
def bank(sign_id: str) -> PatternBank:
    return PatternBank([entry for entry in load_signs().entries() if entry.id == sign_id])


def marked(example: str) -> tuple[str, list[str]]:
    """The plain sentence, and what stands in [brackets]."""
    return example.replace("[", "").replace("]", ""), re.findall(r"\[([^\]]*)\]", example)


def found(sign_id: str, text: str) -> list[Evidence]:
    batch = read(text)
    matches, _ = bank(sign_id).find(batch)
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
        if not any(alone.find(read(text))[0] for text in texts):
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
            evidence = to_evidence(batch, everything, everything.find(batch)[0])[0]
            claimed += [
                (sign.id, span, item.sign, item.quote)
                for span in spans
                for item in evidence
                if item.side != sign.side and item.cancelled_by is None and span in item.quote
            ]
    assert claimed == []


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
