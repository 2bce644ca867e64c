"""Sentence ends in writing as it really is."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruminate.text.sentences import split_sentences

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "cases" / "sentences.toml").read_text("utf-8"))["case"]


def parameters() -> list[Any]:
    return [
        pytest.param(case["text"], case["sentences"], id=f"{at}", marks=[pytest.mark.xfail(strict=True)] if case.get("known_failure") else [])
        for at, case in enumerate(CASES)
    ]


@pytest.mark.parametrize(("text", "sentences"), parameters())
def test_case(text: str, sentences: list[str]) -> None:
    assert [text[start:stop] for start, stop in split_sentences(text)] == sentences


def test_most_cases_hold() -> None:
    assert len(CASES) >= 60
    assert sum(bool(case.get("known_failure")) for case in CASES) <= 0.2 * len(CASES)


@given(st.text(alphabet=st.sampled_from("aA b.?!\n\u2026\"')-1\U0001f62d\t"), max_size=60))
def test_spans_are_ordered_and_cover_everything(text: str) -> None:
    spans = split_sentences(text)
    assert all(start < stop and text[start:stop] == text[start:stop].strip() for start, stop in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    covered = {at for start, stop in spans for at in range(start, stop)}
    assert all(char.isspace() or at in covered for at, char in enumerate(text))
