"""The course through a text: turns are found where they are, and seldom where there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruminate.analyzer import Analyzer
from ruminate.evaluation.records import Record
from ruminate.evaluation.suites import shift_found
from ruminate.scoring.course import clearest_shift

LEANS = st.lists(st.floats(-1, 1), max_size=12)


def test_a_turn_is_put_where_the_writer_says_it() -> None:
    """Three cuts are equally clear; the sentence that begins like a turn is the one that is told."""
    text = "I ruined it. I do not know. But I asked. She told me."
    starts = [0, 13, 28, 41]
    told = clearest_shift(text, starts, [0.8, 0.0, 0.0, -0.8], [0.0] * 4, [0.0] * 4, (0.5, 0.3))
    assert told is not None
    assert (told.sentence, told.start, told.direction) == (2, 28, "to_reflection")


def test_a_turn_the_other_way() -> None:
    text = "I learned a lot. But it is all my fault."
    told = clearest_shift(text, [0, 17], [-0.5, 0.4], [0.0, 0.0], [0.0, 1.0], (0.2, 0.6))
    assert told is not None
    assert told.direction == "to_rumination"


@pytest.mark.parametrize(
    ("leans", "whole"),
    [
        ([0.8, 0.7], (0.5, 0.5)),  # no side gives way
        ([0.8, -0.2], (0.5, 0.5)),  # too faint
        ([0.8, -0.8], (0.1, 0.5)),  # the whole text is not in the mode that it would end in
        ([0.8], (0.5, 0.5)),
        ([], (0.5, 0.5)),
    ],
)
def test_no_turn_is_told(leans: list[float], whole: tuple[float, float]) -> None:
    none = [0.0] * len(leans)
    assert clearest_shift("It was bad. Then it was good.", [0, 12][: len(leans)], leans, none, none, whole) is None


@given(LEANS, st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_both_sides_of_a_turn_lean(leans: list[float], whole: tuple[float, float]) -> None:
    none = [0.0] * len(leans)
    told = clearest_shift("x" * 20, list(range(len(leans))), leans, none, none, whole)
    if told is not None:
        before, after = sum(leans[: told.sentence]), sum(leans[told.sentence :])
        assert before * after < 0
        assert told.direction == ("to_reflection" if before > 0 else "to_rumination")
        assert whole[0 if before > 0 else 1] >= 0.2


def test_turns_of_authored_texts(rules: Analyzer, authored: list[Record]) -> None:
    """By the rules, which have not learned where these texts turn (a few dozen helped to set the weight of a turn)."""
    texts = [record for record in authored if record.shift] + [record for record in authored if not record.shift][::5]
    found = shift_found(texts, list(rules.assess_many([record.text for record in texts])))
    assert found["turn found"] >= 0.25
    assert found["right way, of those"] >= 0.9
    assert found["within one sentence, of those"] >= 0.6
    assert found["false turns elsewhere"] <= 0.045
