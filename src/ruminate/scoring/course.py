"""The course through a text: where the way of thinking turns and stays turned (codebook rule 15).

Judged by the signs, sentence by sentence, so that a turn can always be shown in the writer's own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from ruminate.results import Evidence, SentenceScore, Shift

__all__ = ["Turn", "by_sentence", "find_shift", "find_turn"]

_MOST: Final = 1.5
"""What one sentence can count at most: a turn is not made by a single crowded sentence."""
_CLEAR: Final = 1.0
"""How far both sides of a turn have to lean before it is called a shift."""


class Turn(NamedTuple):
    """The clearest cut of a text in two parts that lean opposite ways.

    `sentence` is the first after the cut, `strength` how far the weaker part leans its way, `direction` where it goes.
    """

    sentence: int
    strength: float
    direction: str


def find_turn(reflecting: Sequence[float], dwelling: Sequence[float]) -> Turn | None:
    """The clearest turn, or None if no cut leaves two parts that lean opposite ways.

    Parameters
    ----------
    reflecting, dwelling
        For each sentence the strength of the signs of either side that count in it.

    Examples
    --------
    >>> find_turn([0.0, 0.0, 1.0], [1.0, 1.0, 0.0])
    Turn(sentence=2, strength=1.0, direction='to_reflection')
    """
    lean = [min(dwells, _MOST) - min(reflects, _MOST) for reflects, dwells in zip(reflecting, dwelling, strict=True)]
    total, before = sum(lean), 0.0
    best: tuple[float, float, int] | None = None
    for cut in range(1, len(lean)):
        before += lean[cut - 1]
        after = total - before
        if before * after < 0 and lean[cut] != 0.0:
            rank = (min(abs(before), abs(after)), abs(before - after), cut)
            best = max(best, rank) if best else rank
    if best is None:
        return None
    strength, _, cut = best
    return Turn(cut, strength, "to_reflection" if sum(lean[:cut]) > 0 else "to_rumination")


def find_shift(sentences: Sequence[SentenceScore], reflecting: Sequence[float], dwelling: Sequence[float]) -> Shift | None:
    """The turn that is clear enough to be told to a person."""
    turn = find_turn(reflecting, dwelling)
    if turn is None or turn.strength < _CLEAR:
        return None
    return Shift(turn.sentence, sentences[turn.sentence].start, "to_reflection" if turn.direction == "to_reflection" else "to_rumination")


def by_sentence(evidence: Sequence[Evidence], sentences: int) -> tuple[list[float], list[float]]:
    """Strength of the signs of reflection, and of rumination, in each sentence."""
    reflecting, dwelling = [0.0] * sentences, [0.0] * sentences
    for item in evidence:
        if item.cancelled_by is None:
            side = dwelling if item.side == "rumination" else reflecting
            side[item.sentence] += item.weight
    return reflecting, dwelling
