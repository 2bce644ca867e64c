"""The supervision agenda: what of a text is worth bringing to supervision or consultation, each point with its quote.

No judgement and no ranking: five headings that supervisors use, filled with the writer's own sentences.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from ruminate.guidance.wording import Wording, load_wording
from ruminate.signs.bank import PatternBank
from ruminate.signs.matching import to_evidence
from ruminate.text.document import Batch, read

__all__ = ["AgendaItem", "supervision_agenda"]


class AgendaItem(NamedTuple):
    """One point for supervision: heading, how to open it, and the sentence that it rests on (`text[start:end] == quote`)."""

    heading: str
    title: str
    prompt: str
    start: int
    end: int
    quote: str


@cache
def _our_bank() -> PatternBank:
    return PatternBank(load_wording().agenda_entries())


def supervision_agenda(text: str, *, wording: Wording | None = None) -> tuple[AgendaItem, ...]:
    """What of this text is worth bringing to supervision, sorted by heading, each sentence once a heading.

    Raises
    ------
    InputError
        If `text` is not a `str`.

    Examples
    --------
    >>> items = supervision_agenda("I felt so irritated with him today. Not sure whether to refer him on.")
    >>> sorted({item.heading for item in items})[0]
    'clinical_questions'
    """
    batch = read(text)
    bank = _our_bank() if wording is None else PatternBank(wording.agenda_entries())
    headings = (wording or load_wording()).agenda
    matches = bank.find(batch).matches
    found: dict[tuple[str, int], None] = {}
    for item in to_evidence(batch, bank, matches)[0]:
        if item.cancelled_by is None:
            found[(item.sign, item.sentence)] = None
    order = list(headings)
    ranked = sorted(found, key=lambda key: (order.index(key[0]), key[1]))
    return tuple(_item(batch, headings[name].title, headings[name].prompt, name, sentence) for name, sentence in ranked)


def _item(batch: Batch, title: str, prompt: str, name: str, sentence: int) -> AgendaItem:
    start, end = int(batch.sentence_start[sentence]), int(batch.sentence_stop[sentence])
    return AgendaItem(name, title, prompt, start, end, batch.texts[0][start:end])


