"""Peers whose speed is compared with ours: each a call that reads one text; those that aren't installed are left out."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

__all__ = ["installed_peers"]


def installed_peers() -> dict[str, Callable[[str], Any]]:
    """Calls by the peers' names."""
    made = {"VADER": _vader(), "Empath": _empath(), "TextDescriptives": _text_descriptives()}
    return {name: call for name, call in made.items() if call is not None}


def _vader() -> Callable[[str], Any] | None:
    if find_spec("vaderSentiment") is None:
        return None
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer().polarity_scores


def _empath() -> Callable[[str], Any] | None:
    if find_spec("empath") is None:
        return None
    from empath import Empath

    return Empath().analyze


def _text_descriptives() -> Callable[[str], Any] | None:
    """What it measures without a trained pipeline: it has none offline."""
    if find_spec("textdescriptives") is None:
        return None
    import spacy
    import textdescriptives  # noqa: F401 - registers its components

    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    pipeline.add_pipe("textdescriptives/descriptive_stats")
    pipeline.add_pipe("textdescriptives/readability")
    return pipeline
