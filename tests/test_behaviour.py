"""The behaviour suite: its cases are what they say, and its runner tells a good system from a broken one."""

from __future__ import annotations

import json
import re
import runpy
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from ruminate.analyzer import Analyzer
from ruminate.errors import InputError
from ruminate.evaluation.behaviour import KINDS, LEAST_MOVE, SLACK, Case, predict_with, read_cases, run_behaviour, wilson
from ruminate.evaluation.records import Record
from ruminate.results import LABELS

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "data" / "behaviour"
CASES = read_cases()
Predict = Callable[[Sequence[str]], np.ndarray]


def runs_of_words(text: str, length: int = 5) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z']+", text.lower())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def texts_of(case: Case) -> list[str]:
    return [text for text in (case.text, case.changed) if text is not None]


# The cases


def test_the_suite_is_wide_enough() -> None:
    assert len(CASES) >= 420
    capabilities = Counter(case.capability for case in CASES)
    assert len(capabilities) >= 17
    assert min(capabilities.values()) >= 15, capabilities
    assert {case.kind for case in CASES} == set(KINDS)


def test_files_are_named_for_their_capability() -> None:
    for file in FOLDER.glob("*.jsonl"):
        assert {case.capability for case in read_cases(file)} == {file.stem}, file.name


def test_texts_are_clean_and_short_enough() -> None:
    for case in CASES:
        for text in texts_of(case):
            assert text == text.strip() != "", case.id
            assert len(text.split()) <= 150, case.id
            assert not re.search(r"/home/|/tmp/|\bTODO\b", text), case.id


def test_rules_are_named_where_meaning_decides() -> None:
    for case in CASES:
        assert (case.rule is None) == (case.kind == "invariance"), case.id


def test_capabilities_about_meaning_have_both_sides() -> None:
    """A system that never says rumination, or always does, must fail somewhere in each."""
    labels = defaultdict(list)
    for case in CASES:
        if case.kind == "minimum":
            labels[case.capability].append(case.labels)
    of_meaning = "negation reported_speech old_self hypotheticals quotation irony genuine_concern pain dialect one_is_no_loop repetition length"
    for capability in of_meaning.split():
        assert ("rumination",) in labels[capability], capability
        assert any("rumination" not in found for found in labels[capability]), capability


def test_no_text_stands_twice() -> None:
    """Also not in other letters or with other blanks, unless that is what one case tries."""
    assert max(Counter(text for case in CASES for text in texts_of(case)).values()) == 1
    plain = Counter(text for case in CASES for text in {" ".join(text.lower().split()) for text in texts_of(case)})
    assert max(plain.values()) == 1


def test_no_case_is_nearly_another() -> None:
    """No two cases have a tenth of their runs of five words in common; the two texts of one case are meant to."""
    runs = {case.id: set().union(*map(runs_of_words, texts_of(case))) for case in CASES}
    holders = defaultdict(list)
    for name, found in runs.items():
        for run in found:
            holders[run].append(name)
    shared = Counter(pair for names in holders.values() for pair in combinations(sorted(names), 2))
    close = [(one, other, many) for (one, other), many in shared.items() if many >= 3 and many / min(len(runs[one]), len(runs[other])) > 0.1]
    assert not close


def test_a_changed_text_keeps_most_of_the_first() -> None:
    """Where nothing that matters changes, most letters stay: a case whose two texts have nothing in common compares nothing."""
    from difflib import SequenceMatcher

    for case in CASES:
        if case.changed is not None and case.capability != "length":
            first, second = re.sub(r"\W+", " ", case.text.lower()), re.sub(r"\W+", " ", case.changed.lower())
            common = sum(block.size for block in SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks())
            assert common / len(first) > 0.55, case.id


def test_no_case_is_an_authored_text(authored: list[Record]) -> None:
    """What a model may have learned from tries nothing."""
    known = {" ".join(record.text.lower().split()) for record in authored}
    runs = set().union(*(runs_of_words(record.text, 9) for record in authored))
    for case in CASES:
        for text in texts_of(case):
            assert " ".join(text.lower().split()) not in known, case.id
            assert not runs_of_words(text, 9) & runs, case.id


def test_the_readme_counts_right_and_names_every_capability() -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert runpy.run_path(str(ROOT / "benchmarks" / "datasheet.py"))["behaviour_counts"]() in readme
    described = re.findall(r"^\| ([a-z_]+) \| [A-Za-z\[]", readme.split("## Capabilities")[1].split("## What it is short of")[0], re.MULTILINE)
    assert sorted(set(described) - {"capability"}) == sorted({case.capability for case in CASES})


# The runner


def row(label: str, chance: float = 0.8) -> list[float]:
    return [chance if name == label else (1.0 - chance) / 2 for name in LABELS]


def told_the_answers(texts: Sequence[str]) -> np.ndarray:
    """A system that knows the cases: what is expected of it, it does."""
    answers: dict[str, list[float]] = {}
    for case in CASES:
        if case.changed is None:
            answers[case.text] = row(case.labels[0])
        elif case.kind == "invariance":
            answers[case.text] = answers[case.changed] = row("neither")
        else:
            moves = {label: {"up": 0.1, "down": -0.1}.get(way, 0.0) for label, way in case.moves}
            rest = [label for label in LABELS if label not in moves]
            moves[rest[0]] = -sum(moves.values())
            answers[case.text] = [1 / 3] * 3
            answers[case.changed] = [1 / 3 + moves.get(label, 0.0) for label in LABELS]
    return np.array([answers[text] for text in texts])


def always(label: str) -> Predict:
    return lambda texts: np.tile(row(label), (len(texts), 1))


def reversed_answers(texts: Sequence[str]) -> np.ndarray:
    return told_the_answers(texts)[:, [1, 0, 2]]


def any_word_shouts(texts: Sequence[str]) -> np.ndarray:
    """A system that looks at the surface only: capitals and length."""
    return np.array([row(LABELS[(sum(map(str.isupper, text)) + len(text)) % 3]) for text in texts])


def test_a_perfect_system_fails_nothing() -> None:
    report = run_behaviour(CASES, told_the_answers)
    assert report.failures == ()
    assert report.everything[:3] == ("everything", len(CASES), 0)
    assert all(part.rate.value == part.rate.low == 0.0 < part.rate.high for part in report.capabilities)


@pytest.mark.parametrize(("broken", "least"), [
    (always("reflection"), 0.50), (always("rumination"), 0.55), (always("neither"), 0.35), (reversed_answers, 0.35), (any_word_shouts, 0.60),
], ids=["always reflection", "always rumination", "always neither", "reversed", "surface"])  # fmt: skip
def test_a_broken_system_fails_many(broken: Predict, least: float) -> None:
    report = run_behaviour(CASES, broken)
    assert report.everything.rate.value > least
    assert len(report.failures) == report.everything.failed == sum(part.failed for part in report.capabilities) == sum(part.failed for part in report.kinds)


def test_a_constant_system_is_invariant_and_moves_nowhere() -> None:
    failures = run_behaviour(CASES, always("neither")).failures
    must_move = {case.id for case in CASES if {"up", "down"} & {way for _, way in case.moves}}
    assert len(must_move) >= 55
    assert {failure.id for failure in failures if failure.kind != "minimum"} == must_move


def test_decision_weights_choose_the_label() -> None:
    case = Case(id="a", capability="plain", kind="minimum", text="Rain.", labels=("rumination",))
    predict: Predict = lambda texts: np.tile([0.1, 0.4, 0.5], (len(texts), 1))  # noqa: E731
    assert run_behaviour([case], predict).everything.failed == 1
    assert run_behaviour([case], predict, decision=(1.0, 1.5, 1.0)).everything.failed == 0


@pytest.mark.parametrize(("moved", "passes"), [
    ({"rumination": "up"}, [False, False, True]), ({"rumination": "down"}, [True, False, False]),
    ({"rumination": "not_up"}, [True, True, False]), ({"rumination": "not_down"}, [False, True, True]),
])  # fmt: skip
def test_ways_of_moving(moved: dict[str, str], passes: list[bool]) -> None:
    """By a lot down, by less than counts as moving, by a lot up."""
    small = LEAST_MOVE / 2
    assert small < SLACK
    for by, ok in zip((-0.1, small, 0.1), passes, strict=True):
        case = Case(id="a", capability="plain", kind="direction", text="a", changed="b", moves=tuple(moved.items()))
        assert run_behaviour([case], lambda texts, by=by: np.array([[0.2, 0.3 + by * (text == "b"), 0.5 - by * (text == "b")] for text in texts])).everything.failed == (not ok)


def test_an_invariance_holds_the_label_and_the_probabilities() -> None:
    def failed(after: list[float], tolerance: float = 0.15) -> int:
        case = Case(id="a", capability="plain", kind="invariance", text="a", changed="b", tolerance=tolerance)
        return run_behaviour([case], lambda texts: np.array([[0.1, 0.4, 0.5] if text == "a" else after for text in texts])).everything.failed

    assert failed([0.1, 0.44, 0.46]) == 0
    assert failed([0.1, 0.52, 0.38]) == 1, "the label turned, within the tolerance"
    assert failed([0.1, 0.2, 0.7]) == 1, "the label stayed, but a probability went too far"
    assert failed([0.1, 0.2, 0.7], 0.25) == 0


def test_a_failure_says_what_came_and_no_text() -> None:
    report = run_behaviour(CASES, always("rumination"))
    written = json.dumps(report.to_dict())
    assert json.loads(written)["everything"]["failed"] == len(report.failures)
    assert not any(case.text in written for case in CASES if len(case.text) > 12)
    assert {failure.id for failure in report.failures} <= {case.id for case in CASES}
    assert all(failure.came.startswith("rumination (") for failure in report.failures)


def test_a_system_that_returns_nonsense_is_refused() -> None:
    for nonsense in (np.zeros((1, 3)), np.ones((1, 2)) / 2, np.array([[1.2, -0.2, 0.0]]), np.full((1, 3), np.nan)):
        with pytest.raises(InputError, match="probabilities of shape"):
            run_behaviour(CASES[:1], lambda _, nonsense=nonsense: nonsense)
    with pytest.raises(InputError, match="no cases"):
        run_behaviour([], told_the_answers)


def test_an_analyzer_is_tried_by_its_own_probabilities(rules: Analyzer) -> None:
    some = [case for case in CASES if case.capability == "negation"]
    found = predict_with(rules)([case.text for case in some])
    assert found.shape == (len(some), 3)
    assert found[3].tolist() == [rules.assess(some[3].text).probabilities[label] for label in LABELS]
    report = run_behaviour(some, predict_with(rules), decision=rules.scorer.decision)
    wrong = {failure.id for failure in report.failures if failure.kind == "minimum"}
    given = dict(zip((case.id for case in some), np.argmax(found * np.asarray(rules.scorer.decision), axis=1).tolist(), strict=True))
    assert wrong == {case.id for case in some if case.kind == "minimum" and LABELS[given[case.id]] not in case.labels}
    assert predict_with(rules)([]).shape == (0, 3)


def test_wilson_is_the_known_interval() -> None:
    """Against the figures that statsmodels gives for 3 of 10."""
    share, low, high = wilson(3, 10)
    assert (share, round(low, 4), round(high, 4)) == (0.3, 0.1078, 0.6032)
    assert wilson(10, 10).high == pytest.approx(1.0)


# Reading

GOOD = {"id": "a", "capability": "plain", "kind": "minimum", "rule": 1, "text": "secret words", "expect": {"labels": ["neither"]}}


@pytest.mark.parametrize(("changes", "says"), [
    ({"id": ""}, "id: a text is needed"), ({"text": None}, "text: a text is needed"), ({"kind": "maximum"}, "kind: must be one of"),
    ({"rule": 18}, "rule: the number"), ({"rule": True}, "rule: the number"), ({"extra": 1}, "no other keys"), ({"expect": []}, "expect: an object"),
    ({"expect": {"labels": ["sad"]}}, "labels must be"), ({"expect": {"labels": ["neither", "neither"]}}, "labels must be"),
    ({"expect": {"labels": list(LABELS)}}, "labels must be"), ({"expect": {"labels": [["neither"]]}}, "labels must be"), ({"changed": "more"}, "one text only"),
    ({"kind": "invariance", "expect": {"tolerance": 0.1}}, "changed: a second text"),
    ({"kind": "invariance", "changed": "secret words", "expect": {"tolerance": 0.1}}, "changed: a second text"),
    ({"kind": "invariance", "changed": "other", "expect": {"tolerance": 2}}, "tolerance must be"),
    ({"kind": "direction", "changed": "other", "expect": {"rumination": "sideways"}}, "the way that"),
    ({"kind": "direction", "changed": "other", "expect": {"rumination": ["up"]}}, "the way that"),
    ({"kind": "direction", "changed": "other", "expect": {}}, "the way that"),
])  # fmt: skip
def test_what_is_wrong_with_a_line_is_said(tmp_path: Path, changes: dict[str, object], says: str) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text("\n" + json.dumps(GOOD | changes) + "\n", "utf-8")
    with pytest.raises(InputError, match=r"mine\.jsonl, line 2: .*" + says) as caught:
        read_cases(file)
    assert "secret" not in str(caught.value)


def test_files_that_are_no_suite(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there are no cases at"):
        read_cases(tmp_path)
    with pytest.raises(InputError, match="there are no cases at"):
        read_cases(tmp_path / "none.jsonl")
    one = tmp_path / "one.jsonl"
    for content, says in [(b"{", "line 1: this is no JSON"), (b"[]", "line 1: a case is an object"), (b"\xff", "can't be read as UTF-8")]:
        one.write_bytes(content)
        with pytest.raises(InputError, match=says):
            read_cases(one)
    one.write_text(json.dumps(GOOD) + "\n")
    assert [case.id for case in read_cases(tmp_path)] == ["a"]
    (tmp_path / "two.jsonl").write_text(json.dumps(GOOD) + "\n")
    with pytest.raises(InputError, match=r"two\.jsonl, line 1: the id a stands twice"):
        read_cases(tmp_path)


def test_an_installed_package_says_where_the_suite_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("ruminate.evaluation.behaviour.__file__", str(tmp_path / "lib" / "ruminate" / "evaluation" / "behaviour.py"))
    with pytest.raises(InputError, match="take data/behaviour from the repository"):
        read_cases()
