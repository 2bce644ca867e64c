"""The course through a text: where the way of thinking turns and stays turned (codebook rule 15).

Judged sentence by sentence. `find_turn` reads the signs alone and is a feature; `find_shift` also reads what the scorer says of
each sentence, since most sentences of a turning text hold no sign, and is what a person is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruminate.results import Evidence, SentenceScore, Shift
from ruminate.text.document import Batch

__all__ = ["Turn", "clearest_shift", "courses", "find_shift", "find_turn"]

_MOST: Final = 1.5
"""What one sentence can count at most: a turn is not made by a single crowded sentence."""
_OF_SIGNS: Final = 0.3
"""What a point of strength of signs counts beside a difference of one between the probabilities of a sentence."""
_CLEAR: Final = 0.5
"""How far both sides of a turn have to lean before it is called a shift."""
_SHOWN: Final = 0.2
"""How probable it has to be that the whole text is in the mode that it ends in."""
_BEGUN: Final = 0.6
"""What it counts that the sentence after a cut begins like a turn, where several cuts are clear: people say where they turn."""
_TURNS: Final = re.compile(
    r"\W*(?:(?:and|so|ok|okay|well) )?(?:but|then|anyway|wait|now|yet|when|reading|actually|except|only|although|though|however|later|tonight|today|"
    r"in the end|honestly|hang on|hold on|still)\b",
    re.IGNORECASE,
)
"""How sentences begin that turn."""


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


def clearest_shift(
    text: str, starts: Sequence[int], leans: Sequence[float], reflecting: Sequence[float], dwelling: Sequence[float], whole: tuple[float, float]
) -> Shift | None:
    """The turn that is clear enough to be told to a person.

    Parameters
    ----------
    text
        The text itself; only how its sentences begin is looked at.
    starts, leans
        Where each sentence starts, and by how much it is likelier rumination than reflection.
    reflecting, dwelling
        For each sentence the strength of the signs of either side that count in it.
    whole
        How likely reflection and rumination are for the whole text.

    Examples
    --------
    >>> clearest_shift("It is all my fault. Then I asked her.", [0, 20], [0.6, -0.5], [0.0, 0.0], [1.0, 0.0], (0.4, 0.4))
    Shift(sentence=1, start=20, direction='to_reflection')
    """
    if len(starts) < 2 or max(whole) < _SHOWN:
        return None
    running = list(accumulate(
        lean + _OF_SIGNS * (min(dwells, _MOST) - min(reflects, _MOST)) for lean, reflects, dwells in zip(leans, reflecting, dwelling, strict=True)
    ))  # fmt: skip
    total, best, found = running[-1], 0.0, 0
    for cut in range(1, len(running)):
        before, after = running[cut - 1], total - running[cut - 1]
        clear = min(abs(before), abs(after))
        if clear >= _CLEAR and before * after < 0:
            rank = clear + (_BEGUN if _TURNS.match(text, starts[cut]) else 0.0)
            if rank > best:
                best, found = rank, cut
    if not found:
        return None
    to_reflection = running[found - 1] > 0
    if whole[0 if to_reflection else 1] < _SHOWN:
        return None
    return Shift(found, starts[found], "to_reflection" if to_reflection else "to_rumination")


def find_shift(batch: Batch, at: int, evidence: Sequence[Evidence], favoured: NDArray[np.float64]) -> Shift | None:
    """The turn of one text of a batch.

    Parameters
    ----------
    batch, at
        The batch, and which of its texts.
    evidence
        What was found in that text.
    favoured
        Probabilities of the batch's texts, then of their sentences, each label as much favoured as when one is chosen.
    """
    first, stop = batch.first_sentence[at : at + 2].tolist()
    if stop - first < 2:
        return None
    reflecting, dwelling = [0.0] * (stop - first), [0.0] * (stop - first)
    for item in evidence:
        if item.cancelled_by is None:
            (dwelling if item.side == "rumination" else reflecting)[item.sentence] += item.weight
    rows = favoured[len(batch.texts) + first : len(batch.texts) + stop]
    leans = (rows[:, 1] - rows[:, 0]).tolist()
    reflection, rumination = favoured[at, :2].tolist()
    return clearest_shift(batch.texts[at], batch.sentence_start[first:stop].tolist(), leans, reflecting, dwelling, (reflection, rumination))


def courses(batch: Batch, chances: NDArray[np.float64]) -> list[tuple[SentenceScore, ...]]:
    """For each text of a batch its sentences with their probabilities (`chances`: the batch's sentences x labels)."""
    columns = (batch.sentence_start.tolist(), batch.sentence_stop.tolist(), *chances.T.tolist())
    scores = list(map(SentenceScore._make, zip(*columns, strict=True)))
    return [tuple(scores[start:stop]) for start, stop in pairwise(batch.first_sentence.tolist())]
