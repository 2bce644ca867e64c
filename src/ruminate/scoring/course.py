"""The course through a text: sentence by sentence, and where the way of thinking turns and stays turned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ruminate.results import SentenceScore, Shift

__all__ = ["find_shift"]

_LEAST: Final = 0.18
"""How far, on average, each side of a turn has to lean its own way (difference of probabilities)."""
_STRONG: Final = 0.30
"""How far the clearest sentence of each side has to lean."""


def find_shift(sentences: Sequence[SentenceScore], plain: Sequence[tuple[float, float]]) -> Shift | None:
    """The turn, if there is one.

    A turn is the cut at which the sentences before and after lean most clearly in opposite ways, both clearly enough, and
    signs of the one side stand before it and of the other after it. Sentences that lean nowhere don't count against it.

    Parameters
    ----------
    sentences
        The course.
    plain
        For each sentence the strength of the signs of (reflection, rumination) that count in it.
    """
    if len(sentences) < 2:
        return None
    lean = [sentence.rumination - sentence.reflection for sentence in sentences]
    best: tuple[float, int, bool] | None = None
    for cut in range(1, len(sentences)):
        before, after = _mean(lean[:cut]), _mean(lean[cut:])
        to_reflection = before > after
        if _holds(lean, plain, cut, to_reflection) and (best is None or abs(before - after) > best[0]):
            best = (abs(before - after), cut, to_reflection)
    if best is None:
        return None
    _, cut, to_reflection = best
    return Shift(cut, sentences[cut].start, "to_reflection" if to_reflection else "to_rumination")


def _mean(values: Sequence[float]) -> float:
    clear = [value for value in values if abs(value) > 0.05]
    return sum(clear) / len(clear) if clear else 0.0


def _holds(lean: Sequence[float], plain: Sequence[tuple[float, float]], cut: int, to_reflection: bool) -> bool:
    sign = 1.0 if to_reflection else -1.0
    before, after = [sign * value for value in lean[:cut]], [-sign * value for value in lean[cut:]]
    if _mean(before) < _LEAST or _mean(after) < _LEAST or max(before) < _STRONG or max(after) < _STRONG:
        return False
    old, new = (1, 0) if to_reflection else (0, 1)
    return sum(entry[old] for entry in plain[:cut]) > sum(entry[new] for entry in plain[:cut]) and sum(entry[new] for entry in plain[cut:]) > sum(
        entry[old] for entry in plain[cut:]
    )
