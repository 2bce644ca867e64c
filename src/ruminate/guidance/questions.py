"""Which reflective questions go with what was found: chosen by the text itself, the same every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ruminate.guidance.wording import Questions, Wording
from ruminate.results import Guidance

__all__ = ["MOST", "choose_questions"]

MOST: Final = 3
"""More questions than this at once would be one more thing to go over."""


def choose_questions(wording: Wording, signs: Mapping[str, float], dwelling: Sequence[str], seed: int, *, professional: bool = False) -> tuple[Guidance, ...]:
    """At most three questions: for the strongest signs of rumination, else of reflection, else general ones.

    Parameters
    ----------
    wording
        Where the questions come from.
    signs
        Sign id to strength.
    dwelling
        Ids of the signs of rumination.
    seed
        A number taken from the text: the same text gets the same questions, different texts don't all get the first one.
    professional
        Whether questions for helping professions may be taken too.
    """
    ranked = sorted(signs, key=lambda sign: (sign not in dwelling, -signs[sign], sign))
    loops = [sign for sign in ranked if sign in dwelling]
    chosen = [sign for sign in (loops or ranked) if sign in wording.questions][:MOST] or ["general"]
    return tuple(_pick(sign, wording.questions[sign], seed, professional) for sign in chosen)


def _pick(sign: str, questions: Questions, seed: int, professional: bool) -> Guidance:
    pool = questions.professional + questions.anyone if professional else questions.anyone
    return Guidance(sign, questions.says, pool[seed % len(pool)])
