"""What the probabilities would be without a sentence: an answer to "why", for any scorer, as an approximation.

Not to be mixed up with contributions: those are the numbers that were added, these compare two assessments. Taking a sentence
away changes what surrounds it, so effects don't add up to anything.
"""

from __future__ import annotations

from typing import NamedTuple

from ruminate.analyzer import Analyzer, default_analyzer
from ruminate.results import LABELS

__all__ = ["SentenceEffect", "sentence_effects"]


class SentenceEffect(NamedTuple):
    """A sentence's place, and by how much each probability is higher with it than without it (-1 to 1)."""

    start: int
    end: int
    reflection: float
    rumination: float
    neither: float


def sentence_effects(text: str, *, analyzer: Analyzer | None = None) -> tuple[SentenceEffect, ...]:
    """Leave one sentence out, for each sentence: how the probabilities change. Costs as many assessments as there are sentences.

    Raises
    ------
    InputError
        If `text` is not a `str`.

    Examples
    --------
    >>> effects = sentence_effects("The bus was late. I ruin everything, it's all my fault. I had soup.", analyzer=Analyzer(model=None))
    >>> max(effects, key=lambda effect: effect.rumination).start
    18
    """
    found = analyzer or default_analyzer()
    whole = found.assess(text)
    rest = [text[: sentence.start] + text[sentence.end :] for sentence in whole.sentences]
    without = found.assess_many(rest)
    return tuple(
        SentenceEffect(sentence.start, sentence.end, *(whole.probabilities[label] - other.probabilities[label] for label in LABELS))
        for sentence, other in zip(whole.sentences, without, strict=True)
    )
