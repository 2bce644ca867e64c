"""What is said to a person, and what a host is told of."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from ruminate.analyzer import Analyzer
from ruminate.guidance import load_wording, supervision_agenda
from ruminate.signs.catalogue import load_signs

FOLDER = Path(__file__).parents[1] / "src" / "ruminate" / "guidance"
SHAMING = re.compile(r"\byou are\b|\byou're\b|\bdisorder\b|\bdiagnos(?:is|ed)\b|\bsymptom|!|\bstreak\b|\bscore of\b", re.IGNORECASE)


def test_every_sign_has_questions() -> None:
    """Several a sign, in the writer's reach: questions, and nothing that shames or diagnoses."""
    questions = load_wording().questions
    for sign in load_signs().signs.values():
        entry = questions[sign.id]
        assert len(entry.anyone) >= (5 if sign.side == "rumination" else 3)
        assert all(question.endswith("?") for question in entry.anyone + entry.professional)
    for entry in questions.values():
        assert not any(SHAMING.search(line) for line in (entry.says, *entry.anyone, *entry.professional))


def test_labels_and_turns_have_words(analyzer: Analyzer) -> None:
    labels = load_wording().labels
    for key in ("label.reflection", "label.rumination", "label.neither", "shift.to_reflection", "shift.to_rumination", "abstained.crisis_language"):
        title, says = labels[key]
        assert title
        assert not SHAMING.search(says)


def test_questions_are_picked_the_same_every_time(analyzer: Analyzer) -> None:
    text = "It's all my fault. I keep going over it."
    assert analyzer.assess(text).guidance == analyzer.assess(text).guidance
    assert 1 <= len(analyzer.assess(text).guidance) <= 3


def test_agenda_quotes_the_writer() -> None:
    text = "I felt angry with my client and I was close to tears after the session. Not sure whether to refer him on. We had tea."
    items = supervision_agenda(text)
    assert {item.heading for item in items} >= {"emotional_reactions"}
    assert all(text[item.start : item.end] == item.quote for item in items)


def agenda_examples() -> list[tuple[str, str]]:
    raw = tomllib.loads((FOLDER / "agenda.toml").read_text("utf-8"))
    return [(name, example) for name, heading in raw.items() for example in heading["examples"]]


def test_agenda_examples_are_found() -> None:
    missed = [(name, text) for name, text in agenda_examples() if name not in {item.heading for item in supervision_agenda(text.replace("[", "").replace("]", ""))}]
    assert len(missed) <= 0.05 * len(agenda_examples()), missed


def test_genuine_concern_is_flagged_apart(analyzer: Analyzer) -> None:
    found = analyzer.assess("He mentioned a plan and the means, so I called the crisis team and told my supervisor.")
    assert any(flag.id.startswith("genuine_concern:") for flag in found.flags)
    assert found.label != "rumination"


CRISIS = load_wording().crisis


@pytest.mark.parametrize("example", CRISIS["examples"], ids=range(len(CRISIS["examples"])))
def test_crisis_language_abstains_and_calls(example: str) -> None:
    calls: list[object] = []
    found = Analyzer(on_crisis=calls.append).assess(example.replace("[", "").replace("]", ""))
    assert found.abstained == "crisis_language"
    assert found.label == "uncertain"
    assert found.guidance == ()
    assert len(calls) == 1


@pytest.mark.parametrize("text", CRISIS["misses"], ids=range(len(CRISIS["misses"])))
def test_what_only_sounds_like_it_does_not_fire(analyzer: Analyzer, text: str) -> None:
    assert analyzer.assess(text).abstained != "crisis_language"


def test_a_host_can_bring_its_own_wording(tmp_path: Path) -> None:
    own = (FOLDER / "questions.toml").read_text("utf-8").replace("This entry goes back to the same moment several times.", "Hier kehrt etwas wieder.")
    (tmp_path / "questions.toml").write_text(own, "utf-8")
    assert load_wording(tmp_path).questions["replaying"].says == "Hier kehrt etwas wieder."
    assert load_wording(tmp_path).labels == load_wording().labels
