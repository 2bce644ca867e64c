"""Whose thought is it, and is it meant? What cancels a match.

Codebook rules 7 and 8: only the writer's own thoughts, now. A match counts unless something around it says otherwise: it
is negated, said or thought by another person, quoted, about another person, about a past self, only supposed, part of a
form's question, or advice to somebody. The rules look at the sentence around the match (for quotes and forms also at the
lines around it), clause by clause, with closed classes of words; no parser is needed or used. They look back a bounded
way, and each asks first whether any of its words is there at all: most matches have none.

Every rule is held by the table of cases in `tests/cases/scope.toml`, in both directions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import Final

from ruminate.text.scope.advice import advice
from ruminate.text.scope.context import Context
from ruminate.text.scope.form import form
from ruminate.text.scope.negation import negated
from ruminate.text.scope.quotation import quoted
from ruminate.text.scope.tense import hypothetical, past_self
from ruminate.text.scope.voices import other_person, reported

__all__ = ["REASONS", "cancelled_by"]

_RULES: Final[dict[str, Callable[[Context], bool]]] = {
    "form": form,
    "quoted": quoted,
    "advice": advice,
    "negated": negated,
    "reported": reported,
    "past_self": past_self,
    "hypothetical": hypothetical,
    "other_person": other_person,
}
REASONS: Final = tuple(_RULES)
"""Why a match may be cancelled, in the order in which the reasons are tried."""


def cancelled_by(folded: str, sentence: tuple[int, int], span: tuple[int, int], unless: Collection[str] = REASONS) -> str | None:
    """Why a match does not count, or None if it does.

    Parameters
    ----------
    folded
        The folded text; line breaks of the original may be kept in it (they matter for forms).
    sentence, span
        Character offsets of the sentence and of the match in it.
    unless
        The reasons that may cancel this match.

    Examples
    --------
    >>> text = "i'm not blaming myself"
    >>> cancelled_by(text, (0, len(text)), (8, 22))
    'negated'
    """
    at = Context(folded, sentence, span)
    for reason, applies in _rules_of(frozenset(unless)):
        if applies(at):
            return reason
    return None


@cache
def _rules_of(unless: frozenset[str]) -> tuple[tuple[str, Callable[[Context], bool]], ...]:
    return tuple((reason, applies) for reason, applies in _RULES.items() if reason in unless)
