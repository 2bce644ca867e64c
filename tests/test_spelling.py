"""Other spellings of a word are read as the word, keep their places, and take nothing else along."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ruminate
from ruminate.evaluation.records import Record
from ruminate.text.chunks import cut_all, words_of
from ruminate.text.document import read
from ruminate.text.lexicon import lexicon
from ruminate.text.spelling import PARTS, SPELLINGS, shortened, spelled_out
from ruminate.text.words import PLAIN, hash_word

SAME = [
    ("i wanna stop thinkin about it", "I want to stop thinking about it"),
    ("idk why, im gonna call her", "I don't know why, I'm going to call her"),
    ("i cant sleep bc i feel sooo worthles", "I can't sleep because I feel so worthless"),
    ("ppl definately beleive noone", "people definitely believe no one"),
    ("i shoulda known, i coulda asked", "I should have known, I could have asked"),
    ("I cannae sleep, I didnae ask", "I can't sleep, I didn't ask"),
    ("I WANNA GO HOOOOME", "I want to go home"),
    ("lemme think, i gotta go, dunno", "let me think, I got to go, don't know"),
    ("I was embarassed, I was suprised, I cryed", "I was embarrassed, I was surprised, I cried"),
    ("(finna) tryna; imma.", "(going to) trying to; I am going to."),
]
ITSELF = "ill id well were its shell hell wont lets wen loose lose form from then than quite quiet ion ma dem dey dis hmmm ahhh www iii xxx heee weee gon na".split()


def words(text: str) -> list[int]:
    batch = read(text)
    return [word for word, row in zip(batch.words.tolist(), batch.rows.tolist(), strict=True) if not lexicon().wordless[row]]


@pytest.mark.parametrize(("written", "said"), SAME)
def test_what_is_said_is_read(written: str, said: str) -> None:
    assert words(written) == words(said)


@pytest.mark.parametrize("word", ITSELF)
def test_what_may_be_another_word_stays_what_it_is(word: str) -> None:
    assert word not in SPELLINGS
    assert word not in PARTS
    assert shortened(word, lexicon().surfaces) == word


def test_each_spelling_stands_once_and_is_no_known_word() -> None:
    listed = {word for category in lexicon().categories for word in category.words}
    assert SPELLINGS.keys().isdisjoint(PARTS)
    assert not SPELLINGS.keys() & set(SPELLINGS.values()), "one step leads to the plain form"
    assert all(PLAIN[spelling] == word for spelling, word in SPELLINGS.items())
    for spelling, word in SPELLINGS.items():
        categories = {category.id for category in lexicon().categories if spelling in category.words}
        assert categories <= {category.id for category in lexicon().categories if word in category.words} | {"function", "others_help", "you"}, spelling
    assert not {written for written in PARTS if written in listed} - {"gonna"}


def test_parts_are_words() -> None:
    for written, parts in PARTS.items():
        assert len(parts) > 1, written
        assert all(cut_all([word])[0] == [(hash_word(word), 0, len(word))] for word in parts), written


def test_places_are_those_of_the_text() -> None:
    text = "Well, idk what's wrong with me... I WANNA be sooooo perfect"
    batch = read(text)
    found = [text[start:stop] for start, stop in zip(batch.start.tolist(), batch.stop.tolist(), strict=True)]
    assert found == ["Well", ",", "idk", "idk", "idk", "idk", "what", "'s", "wrong", "with", "me", "...", "I", "WANNA", "WANNA", "be", "sooooo", "perfect"]
    for item in ruminate.find_evidence(text):
        assert text[item.start : item.end] == item.quote
    assert any(item.quote == "idk what's wrong with me" for item in ruminate.find_evidence(text))


def test_patterns_and_texts_agree() -> None:
    """Whichever way a pattern is written, both ways are found."""
    for one, other in (("i wanna", "i want to"), ("gonna die", "going to die"), ("shoulda", "should have"), ("no one", "noone")):
        assert words_of(one) == words_of(other)


@given(st.lists(st.sampled_from(["gon", "na", "wan", "idk", "sooo", "a", "'", ".", "do", "nt", "aaaa", "yesss"]), min_size=1, max_size=6))
def test_places_never_leave_the_chunk(pieces: Sequence[str]) -> None:
    size = len("".join(pieces))
    parts = spelled_out(pieces, lexicon().surfaces)
    assert all(0 <= at < at + length <= size for _, at, length in parts)
    assert [at for _, at, _ in parts] == sorted(at for _, at, _ in parts)
    assert sum(length for at, length in {(at, length) for _, at, length in parts}) == size


def test_other_spellings_touch_few_words_of_plain_writing(authored: list[Record]) -> None:
    """In the authored texts, most of them in standard spelling, less than one word in fifty is read as another one."""
    changed = total = 0
    for record in authored:
        batch = read(record.text)
        surfaces = [batch.folded[0][start:stop] for start, stop in zip(batch.start.tolist(), batch.stop.tolist(), strict=True)]
        total += len(surfaces)
        changed += sum(word in SPELLINGS or hash_word(PLAIN.get(word, word)) != identity for word, identity in zip(surfaces, batch.words.tolist(), strict=True))
    assert 0 < changed < total / 50
