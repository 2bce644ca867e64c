"""The laws, for any `str` at all."""

from __future__ import annotations

import json
import math
import os
import pickle
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ruminate
from ruminate.analyzer import Analyzer
from ruminate.errors import InputError
from ruminate.results import LABELS, Assessment
from ruminate.text.folding import fold

ANYTHING = st.text(alphabet=st.characters(exclude_categories=[]), max_size=200)  # lone surrogates, NULs, everything
PIECES = st.sampled_from(
    [
        "I keep going over it", "it's all my fault", "I'm a failure", "I'm not blaming myself", "I wonder what made it hard", "maybe she was tired",
        "what if I lose my job", "he said I'm useless", "Next time I'll ask first", "“I ruin everything”", "when I was a kid", "if only I had known", "why am I like this",
        "\n", ". ", "? ", "... ", ", ", " but ", " and ", "  ", "\t", "😭", "\x00", "\ud800", "é", "مرحبا ", "İ", "((((", "1. ", "[NAME]", "a" * 70,
    ]
)  # fmt: skip
WRITING = st.lists(PIECES, max_size=14).map(" ".join)
TEXTS = st.one_of(ANYTHING, WRITING)
HARD = ["", " ", "\n", "\x00", "\ud800", "\ud83d", "İ" * 9, "ﬁ ﬂ ß", "e\u0301" * 50, "שלום עולם", "\u202eabc", "😭" * 80, ".", "...", "?!", "\u200b", "I", "a" * 5000, "(" * 3000, "' \" ' \"" * 400]  # fmt: skip


def check(text: str, found: Assessment) -> None:
    assert math.isclose(sum(found.probabilities.values()), 1.0, abs_tol=1e-9)
    assert tuple(found.probabilities) == LABELS
    assert all(0.0 <= chance <= 1.0 for chance in found.probabilities.values())
    for item in found.evidence:
        assert text[item.start : item.end] == item.quote
        assert item.quote
        sentence = found.sentences[item.sentence]
        assert sentence.start <= item.start < item.end <= sentence.end
    for flag in found.flags:
        assert 0 <= flag.start < flag.end <= len(text)
    for at in range(len(LABELS)):
        total = math.fsum((found.contributions.intercept[at], *(row[2 + at] for row in found.contributions)))
        assert total == found.contributions.scores[at]
    spans = [(sentence.start, sentence.end) for sentence in found.sentences]
    assert spans == sorted(spans)
    assert (found.label == "uncertain") == (found.abstained is not None)
    if found.label != "uncertain":
        assert found.abstained is None
    assert Assessment.from_dict(found.to_dict()) == found
    assert Assessment.from_dict(json.loads(found.to_json())) == found
    assert pickle.loads(pickle.dumps(found)) == found


@given(TEXTS)
def test_never_raises_and_keeps_its_word(analyzer: Analyzer, text: str) -> None:
    found = analyzer.assess(text)
    check(text, found)
    assert analyzer.assess(text) == found


@pytest.mark.parametrize("text", HARD, ids=range(len(HARD)))
def test_hard_strings(analyzer: Analyzer, rules: Analyzer, text: str) -> None:
    check(text, analyzer.assess(text))
    check(text, rules.assess(text))


@given(st.lists(TEXTS, max_size=8))
@settings(max_examples=40)
def test_company_changes_nothing(analyzer: Analyzer, texts: list[str]) -> None:
    """A text is assessed the same alone and among others, to the last bit."""
    assert list(analyzer.assess_many(texts)) == [analyzer.assess(text) for text in texts]


def test_scores_decide(analyzer: Analyzer) -> None:
    """The reported contributions are the ones that made the probabilities."""
    found = analyzer.assess("I keep replaying it. It's all my fault. Next time I will ask.")
    scorer = analyzer.scorer
    powers = [math.exp(score / scorer.temperature) for score in found.contributions.scores]
    for label, power in zip(LABELS, powers, strict=True):
        assert found.probabilities[label] == pytest.approx(power / sum(powers), abs=1e-12)


@given(ANYTHING)
def test_folding_moves_nothing(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_processes_agree(analyzer: Analyzer) -> None:
    """Other processes, with other hash seeds, find the same; so does joblib."""
    texts = ["It's all my fault, I keep going over it and over it.", "Maybe he was tired. I'll ask him.", "", "Bread, milk."] * 80
    here = list(analyzer.assess_many(texts))
    assert list(analyzer.assess_many(texts, n_jobs=2)) == here
    code = "import sys, json, ruminate; print(json.dumps([a.to_dict() for a in ruminate.assess_many(json.load(sys.stdin))]))"
    there = subprocess.run([sys.executable, "-c", code], input=json.dumps(texts[:4]), capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": "7"})
    assert [Assessment.from_dict(entry) for entry in json.loads(there.stdout)] == here[:4]


@pytest.mark.parametrize("unit", ["a", "I ", "why? ", "I'm a failure. ", "(", "\n", "'", '"', "not ", "she said "], ids=repr)
def test_cost_is_linear(analyzer: Analyzer, unit: str) -> None:
    """Eight times the length costs about eight times as much: quadratic would be sixty-four."""
    small, large = unit * (20_000 // len(unit)), unit * (160_000 // len(unit))
    analyzer.assess(small)

    def seconds(text: str) -> float:
        begin = time.process_time()
        analyzer.assess(text)
        return time.process_time() - begin

    base = max(min(seconds(small) for _ in range(3)), 0.002)
    assert any(seconds(large) < 8 * base * 3.5 for _ in range(4)), "one quiet run is enough: the machine may be busy"


def test_a_megabyte_of_one_letter(analyzer: Analyzer) -> None:
    text = "a" * 1_000_000
    check(text, analyzer.assess(text))


@pytest.mark.parametrize("wrong", [None, b"bytes", 3, ["a"]])
def test_what_is_not_text_is_refused_clearly(analyzer: Analyzer, wrong: object) -> None:
    with pytest.raises(InputError, match="not str"):
        analyzer.assess(wrong)  # type: ignore[arg-type]


def test_one_text_is_not_many(analyzer: Analyzer) -> None:
    with pytest.raises(InputError, match="iterable of texts"):
        next(iter(ruminate.assess_many("one text")))


def test_from_dict_refuses_what_it_can_not_read(analyzer: Analyzer) -> None:
    data = analyzer.assess("I failed.").to_dict()
    with pytest.raises(InputError, match="schema 99"):
        Assessment.from_dict({**data, "schema": 99})
    del data["label"]
    with pytest.raises(InputError, match="label"):
        Assessment.from_dict(data)
