"""Measures of verdicts, and words of worth and guilt, count what is the writer's own, now: a case of each reason for each."""

from __future__ import annotations

from importlib.resources import files

import pytest

import ruminate
from ruminate.signs.measures import measures, phrase_entries
from ruminate.text.lexicon import lexicon
from ruminate.text.scope import REASONS
from ruminate.text.wordfiles import parse

SCOPED = ("why_self", "feel_total", "self_verdict", "bad_future", "worthless", "guilt_shame")
COUNTS = [
    ("self_verdict", "I'm a failure."),
    ("self_verdict", "My boss said I'm lazy, and it's all my fault."),
    ("self_verdict", "I'm not good enough for any of them."),
    ("self_verdict", "I used to think I'm worthless, and I still know that I'm a failure."),
    ("why_self", "Why am I like this?"),
    ("feel_total", "I can't cope and nothing helps."),
    ("bad_future", "She will never forgive me, I'll be alone for the rest of my life."),
    ("worthless", "I feel worthless again."),
    ("worthless", "Such a stupid, useless thing to say."),
    ("guilt_shame", "I'm so ashamed of it."),
]
LEFT_OUT = [
    ("self_verdict", "negated", "I don't think I'm a failure."),
    ("self_verdict", "negated", "I'm no longer blaming myself for it."),
    ("self_verdict", "reported", "My client says I'm a failure."),
    ("self_verdict", "quoted", 'Her card read "it\'s all my fault and nobody else did it" and she cried.'),
    ("self_verdict", "past_self", "I used to think I'm a failure."),
    ("self_verdict", "hypothetical", "If I fail, the shop closes on Monday."),
    ("why_self", "reported", "My daughter asked why am I like this."),
    ("why_self", "quoted", 'A client wrote "why am I like this, why me" on the sheet.'),
    ("feel_total", "reported", "He told me I can't cope with anything."),
    ("feel_total", "past_self", "As a teenager I felt that I can't cope."),
    ("bad_future", "reported", "The doctor says he will die this year."),
    ("bad_future", "negated", "I don't think they will leave me."),
    ("worthless", "negated", "It was not stupid of me."),
    ("worthless", "negated", "I'm not a failure."),
    ("worthless", "reported", "My client said he feels worthless."),
    ("worthless", "past_self", "Back then I was sure that I was worthless."),
    ("worthless", "other_person", "My brother is a useless cook."),
    ("guilt_shame", "negated", "I am not ashamed of it."),
    ("guilt_shame", "other_person", "She was ashamed of it."),
]


@pytest.mark.parametrize(("measure", "text"), COUNTS)
def test_what_the_writer_says_of_the_self_counts(measure: str, text: str) -> None:
    assert ruminate.featurize(text)[measure] > 0


@pytest.mark.parametrize(("measure", "reason", "text"), LEFT_OUT)
def test_what_is_denied_or_not_the_writers_own_is_left_out(measure: str, reason: str, text: str) -> None:
    assert ruminate.featurize(text)[measure] == 0, reason


def test_a_cancelled_word_stays_a_word() -> None:
    """It leaves its category, not the text: lengths and rates count it."""
    assert ruminate.featurize("I'm not a failure.")["words"] == ruminate.featurize("I'm not a gardener.")["words"]


def test_only_what_is_cancelled_is_left_out() -> None:
    """Of two verdicts in a sentence one may count; and what stands in one text changes nothing in another."""
    one, both = ruminate.featurize("I'm not a failure, but I'm an idiot."), ruminate.featurize("I'm really a failure, and I'm an idiot.")
    assert 0 < one["worthless"] < both["worthless"]
    assert 0 < one["self_verdict"] < both["self_verdict"]


def test_reasons_are_those_of_scope() -> None:
    named = {reason for entry in phrase_entries() for reason in entry.unless} | {reason for category in lexicon().categories for reason in category.unless}
    assert named <= set(REASONS)
    scoped = {entry.id for entry in phrase_entries() if entry.unless} | {category.id for category in lexicon().categories if category.unless}
    assert scoped == set(SCOPED)
    assert scoped <= {measure.name for measure in measures()}


def test_no_pattern_of_a_measure_counts_a_word_that_says_nothing_by_itself() -> None:
    """A part that is only optional before "the", or a lone "that" in a list, makes a measure a count of articles."""
    said = {str(name): list(map(str, raw["patterns"])) for name, raw in parse(files("ruminate.signs").joinpath("_measures.toml").read_text("utf-8")).items()}
    for name, plain in {"other_view": "The dog ate the cake and it slept.", "cause_event": "I saw that.", "both_and_phrase": "Ask if it rains."}.items():
        assert said[name]
        assert ruminate.featurize(plain)[name] == 0
    assert ruminate.featurize("Maybe the dog was ill.")["other_view"] > 0
