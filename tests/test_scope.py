"""What cancels a match, and what doesn't: a table of cases in both directions."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruminate.text.folding import fold
from ruminate.text.scope import REASONS, cancelled_by
from ruminate.text.sentences import split_sentences

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "cases" / "scope.toml").read_text("utf-8"))["case"]


def judge(marked: str) -> str | None:
    start, stop = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "", 1).replace("]", "", 1)
    around = next((span for span in split_sentences(text) if span[0] <= start < span[1]), (0, len(text)))
    return cancelled_by(fold(text), (around[0], max(around[1], stop)), (start, stop))


def parameters() -> list[Any]:
    return [
        pytest.param(case["text"], case["expect"], id=ascii(case["text"][:40])[1:-1], marks=[pytest.mark.xfail(strict=True)] if case.get("known_failure") else [])
        for case in CASES
    ]


@pytest.mark.parametrize(("text", "expect"), parameters())
def test_case(text: str, expect: str) -> None:
    assert (judge(text) or "") == expect


def test_the_table_is_broad() -> None:
    """At least 150 cases, both ways, every reason."""
    assert len(CASES) >= 150
    assert sum(case["expect"] == "" for case in CASES) >= 75
    assert {case["expect"] for case in CASES} == {"", *REASONS}
    assert sum(bool(case.get("known_failure")) for case in CASES) <= 0.04 * len(CASES)


def test_only_the_reasons_asked_for() -> None:
    text = "she said i'm not blaming myself"
    span = (len("she said i'm not "), len(text))
    assert cancelled_by(text, (0, len(text)), span) == "negated"
    assert cancelled_by(text, (0, len(text)), span, {"reported"}) == "reported"
    assert cancelled_by(text, (0, len(text)), span, ()) is None


@given(st.text(alphabet=st.sampled_from("ai' \".,;:?!\n>-1(")) | st.text(), st.data())
def test_any_span_of_any_text(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    assert cancelled_by(folded, (0, len(text)), (start, stop)) in {None, *REASONS}


UNITS = [
    "not ", "never did i ", "she said ", "my friend thinks that ", '"', "'", '" ', "'a ", '"a ', "if ", "even if i ", "i used to ", "when i was ", "you should ", "you ", "don't ",
    "a: ", "\n", "1. ", "> ", "he, ", "and ", "-", "aaaa", "a'", "dear ", "word is ",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("match", ["my fault", "i ruined it", "going over it"])
def test_cost_is_bounded(unit: str, match: str) -> None:
    """However long the sentence, only what is near is looked at: four times the text is no more than about four times the work."""

    def seconds(size: int) -> float:
        text = unit * (size // len(unit)) + match + " " + unit * (size // len(unit))
        start = text.index(match)
        begin = time.process_time()
        for _ in range(5):
            cancelled_by(text, (0, len(text)), (start, start + len(match)))
        return time.process_time() - begin

    seconds(1000)
    assert seconds(100_000) < 4 * 4 * max(seconds(25_000), 0.002)
