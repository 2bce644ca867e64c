"""The pattern notation: what it stands for, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruminate.errors import SignError
from ruminate.signs.bank import Entry, PatternBank
from ruminate.signs.inflection import inflect
from ruminate.signs.notation import expand
from ruminate.text.document import read


def phrases(source: str, **lists: list[str]) -> set[str]:
    return {" ".join(words) for words in expand(source, lists).segments[0]}


@pytest.mark.parametrize(
    ("source", "stands_for"),
    [
        ("a b", {"a b"}),
        ("(a|b c) d", {"a d", "b c d"}),
        ("a [b|c] d", {"a d", "a b d", "a c d"}),
        ("{keep} on", {"keep on", "keeps on", "kept on", "keeping on"}),
        ("a [(b|c) [d]] e", {"a e", "a b e", "a c e", "a b d e", "a c d e"}),
        ("{go over} it", {"go over it", "goes over it", "went over it", "gone over it", "going over it"}),
    ],
)
def test_expansion(source: str, stands_for: set[str]) -> None:
    assert phrases(source) == stands_for


def test_lists_may_name_lists() -> None:
    assert phrases("$x now", x=["a", "$y"], y=["b", "c"]) == {"a now", "b now", "c now"}


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "empty"),
        ("[a]", "may be empty"),
        ("(a|b", "missing"),
        ("a)", "unexpected"),
        ("$nobody", "no list"),
        ("~2 a", "may be empty"),
        ("(a ~2 b)", "gap can't stand inside"),
        ("{}", "stand verbs"),
        (" ".join(["(a|b|c|d|e|f|g|h|i|j)"] * 5), "stands for 100000 phrases"),
    ],
)
def test_refusals_say_why(source: str, says: str) -> None:
    with pytest.raises(SignError, match=says):
        expand(source)


def test_a_list_can_not_hold_itself() -> None:
    with pytest.raises(SignError, match="contains itself"):
        expand("$x", {"x": ["a $x"]})


def spans(source: str, text: str) -> list[str]:
    bank = PatternBank([Entry("k", "k", source, 1.0, frozenset(), {})])
    return [text[match.start : match.stop] for match in bank.find(read(text)).matches]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("can't stop", "I can’t stop, CAN'T STOP, cannot stop, cant stop", ["can’t stop", "CAN'T STOP", "cannot stop", "cant stop"]),
        ("i'm a failure", "i am a failure. im  a\tfailure. I'm such, a failure", ["i am a failure", "im  a\tfailure"]),
        ("i'm a failure", "I'm just really a total failure", []),
        ("i'm a failure", "I'm just really a failure", ["I'm just really a failure"]),
        ("keep ~2 head", "keep it in my head; keep it all in my head", []),
        ("keep ~3 head", "keep it in my head", ["keep it in my head"]),
        ("i ~3 my head ~1 loop", "i have it in my head on loop", ["i have it in my head on loop"]),
        ("a b", "a. b", []),
        ("it's over", "its over", ["its over"]),
        ("why me ?", "Why me?", ["Why me?"]),
        ("mum knows", "My Mom knows", ["Mom knows"]),
    ],
)
def test_matching(source: str, text: str, expected: list[str]) -> None:
    assert spans(source, text) == expected


WORDS = st.sampled_from(["i", "keep", "going", "over", "it", "again", "why", "failure"])


@given(st.lists(WORDS, min_size=1, max_size=5), st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=6))
def test_a_phrase_is_found_wherever_it_stands(phrase: list[str], before: list[str], after: list[str]) -> None:
    text = " ".join([*before, *phrase, *after])
    assert " ".join(phrase) in spans(" ".join(phrase), text)


@pytest.mark.parametrize(
    ("verb", "forms"),
    [("try", {"tries", "tried", "trying"}), ("stop", {"stopped", "stopping"}), ("be", {"am", "was", "been"}), ("hate", {"hates", "hated", "hating"}), ("wish", {"wishes"})],
)
def test_inflection(verb: str, forms: set[str]) -> None:
    assert forms <= set(inflect(verb))
