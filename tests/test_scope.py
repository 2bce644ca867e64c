"""What cancels a match, and what doesn't: a table of cases in both directions."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

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
        pytest.param(case["text"], case["expect"], id=f"{at}", marks=[pytest.mark.xfail(strict=True)] if case.get("known_failure") else [])
        for at, case in enumerate(CASES)
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


@pytest.mark.parametrize("unit", ["not ", "she said ", '"', "'", "if ", "i used to ", "you should "])
def test_cost_is_bounded(unit: str) -> None:
    """However long the sentence, only what is near is looked at: four times the text is no more than about four times the work."""

    def seconds(repeats: int) -> float:
        text = unit * repeats + "my fault"
        begin = time.process_time()
        for _ in range(5):
            cancelled_by(text, (0, len(text)), (len(text) - 8, len(text)))
        return time.process_time() - begin

    seconds(2000)
    assert seconds(20_000) < 4 * 4 * max(seconds(5_000), 0.002)
