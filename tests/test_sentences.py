"""Sentence ends in writing as it really is."""

from __future__ import annotations

import time
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
        pytest.param(case["text"], case["sentences"], id=ascii(case["text"][:40])[1:-1], marks=[pytest.mark.xfail(strict=True)] if case.get("known_failure") else [])
        for case in CASES
    ]


@pytest.mark.parametrize(("text", "sentences"), parameters())
def test_case(text: str, sentences: list[str]) -> None:
    assert [text[start:stop] for start, stop in split_sentences(text)] == sentences


def test_most_cases_hold() -> None:
    assert len(CASES) >= 60
    assert sum(bool(case.get("known_failure")) for case in CASES) <= 0.05 * len(CASES)


MARKS = "aA bI.?!\n\r\u2028\u2026\"')(-1:;D/*_\u00bb\u3002\U0001f62d\u200d\ufe0f\t"


@given(st.text(alphabet=st.sampled_from(MARKS), max_size=60) | st.text())
def test_spans_are_ordered_and_cover_everything(text: str) -> None:
    spans = split_sentences(text)
    assert all(start < stop and text[start:stop] == text[start:stop].strip() for start, stop in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    covered = {at for start, stop in spans for at in range(start, stop)}
    assert all(char.isspace() or at in covered for at, char in enumerate(text))


UNITS = [
    *"a .!?\n\r\"')-1AI:;»。…🇮\u2028", "\U0001f62d", "?!", "a.", "I.", "A.b", "1.", "1. a", ". ", ".\n", " ?", ":) ", "! \U0001f62d ", "www.", "@a.b", "No.", "etc. ", "a.m. ", "... a", "a...A",
    "\r\n", "\n ", "x" * 60 + "\n",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_cost_is_linear(unit: str) -> None:
    """Four times the text is about four times the work, whatever it is made of."""

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        begin = time.process_time()
        split_sentences(text)
        return time.process_time() - begin

    seconds(1000)
    assert seconds(200_000) < 4 * 4 * max(seconds(50_000), 0.002)
