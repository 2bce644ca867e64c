"""Chunks that are cut without spaCy are cut exactly as spaCy cuts them, and words have spaCy's own identities."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.strings import hash_string  # type: ignore[attr-defined]
from spacy.symbols import IDS

from ruminate.evaluation.records import Record
from ruminate.signs.catalogue import load_signs
from ruminate.signs.measures import phrase_entries
from ruminate.text.chunks import cut_all, cutter, words_of
from ruminate.text.document import read
from ruminate.text.folding import fold
from ruminate.text.lexicon import lexicon
from ruminate.text.words import FILLERS, PLAIN, hash_word, tokenizer, tokenizing

MARKS = ["a", "im", "s", "'", '"', ".", ",", "-", "(", ")", "!", "…", "*", ":", "1", "[", "é"]
PARTS = [*MARKS, "i'm", "o", "x", "0", "d", "don't", "/", "n", "'s", "..", "--", "_", "]", "?", ";", "ol'", "a.m", "vs", "th", "&", "😭", "word"]


def differing(chunks: Iterable[str]) -> list[str]:
    """Chunks that our own steps cut otherwise than spaCy does."""
    own = cutter()
    wrong = []
    with tokenizing, tokenizer().vocab.memory_zone():
        for chunk in chunks:
            pieces = own.cut(chunk)
            if pieces is not None and pieces != [token.text for token in tokenizer()(chunk)]:
                wrong.append(chunk)
    return wrong


def test_the_installed_spacy_is_one_whose_rules_are_known() -> None:
    """If this fails, look at what changed in spaCy's punctuation rules, then name its checksum in `_KNOWN_RULES`."""
    assert cutter().plain


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_short_combinations_of_letters_and_marks(length: int) -> None:
    assert differing("".join(parts) for parts in itertools.product(MARKS if length < 4 else MARKS[:12], repeat=length)) == []


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=9).map("".join))
def test_longer_combinations(chunk: str) -> None:
    assert differing([chunk]) == []


@given(st.text(alphabet=st.characters(exclude_categories=["Zs", "Zl", "Zp", "Cc", "Cs"]), min_size=1, max_size=12).map(fold).filter(lambda chunk: " " not in chunk))
def test_any_characters(chunk: str) -> None:
    assert differing([chunk]) == []


def test_special_cases_with_marks_around() -> None:
    around = itertools.product(("", "'", '"', "(", "a-"), cutter().special, ("", ".", ",", "'", "'s", "-a", "!", "...", ".'", ")"))
    assert differing("".join(parts) for parts in around) == []


def test_every_letter_alone() -> None:
    letters = (chr(code) for code in range(0, sys.maxunicode + 1, 5) if chr(code).isalpha())
    assert differing(f"{letter}b" for letter in letters) == []


def test_all_authored_texts(authored: list[Record]) -> None:
    """And hardly any of their words needs spaCy."""
    chunks = {chunk for record in authored for chunk in fold(record.text).replace("\n", " ").split(" ") if chunk}
    assert differing(chunks) == []
    assert sum(cutter().cut(chunk) is None for chunk in chunks) < 0.04 * len(chunks)


def test_what_spacy_has_to_cut_comes_from_spacy() -> None:
    chunk = "10:30am-ish:)"
    assert cutter().cut(chunk) is None
    with tokenizing:
        expected = [(hash_string(token.text), token.idx, len(token)) for token in tokenizer()(chunk)]
    assert cut_all(["a", chunk, "b"])[1] == expected
    assert "".join(words_of("it's 10:30am")) == "itis10:30am"


@given(st.text(min_size=1, max_size=40).filter(lambda word: word.isprintable()))
def test_identities_are_those_of_spacy(word: str) -> None:
    assert hash_word(word) == hash_string(word)


def test_every_word_of_lists_and_patterns_is_found_in_a_text() -> None:
    """spaCy numbers the names of its symbols, and "number", "mark" or "root" are words too: in texts they have to be what they are in patterns."""
    patterns = [source for sign in load_signs().signs.values() for source in (*sign.patterns, *sign.weak)] + [entry.source for entry in phrase_entries()]
    lists = [entry for listed in load_signs().lists.values() for entry in listed]
    words = {word for source in (*patterns, *lists) for word in re.findall(r"[^\s(){}\[\]|$~]+", source)}
    words |= {word for category in lexicon().categories for word in category.words} | set(PLAIN) | FILLERS
    words |= {name for name in IDS if name and name == name.lower()}
    for word in sorted(words):
        batch = read(word)
        assert batch.words[~lexicon().skipped[batch.rows]].tolist() == [hash_word(plain) for plain in words_of(word)], word
    for text in ("number", "10:mark", "root-ish:)"):  # cut here, and by spaCy
        assert not {hash_word(word) for word in words_of(text)} - set(read(text).words.tolist()), text


def test_plain_writing_needs_no_spacy() -> None:
    code = """
import sys, ruminate
text = "I keep going over it (don't ask). \\u201cIt's my sister's fault,\\u201d I said... why?! A well-known, 3rd mistake; he\\u2019ll be fine."
ruminate.assess("Bought bread."), ruminate.assess(text)
print("spacy" in sys.modules)
"""
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() for _ in range(2)]
    assert runs[1] == "False", "the first run may have to ask spaCy for its special cases; the second has them kept"
