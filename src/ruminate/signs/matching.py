"""From matches to evidence: each match gets its quote, its sentence, and the reason that cancels it, if one does."""

from __future__ import annotations

from collections.abc import Sequence

from ruminate.results import Evidence
from ruminate.signs.bank import Match, PatternBank
from ruminate.text.document import Batch
from ruminate.text.scope import cancelled_by

__all__ = ["to_evidence"]


def to_evidence(batch: Batch, bank: PatternBank, matches: Sequence[Match]) -> list[list[Evidence]]:
    """Evidence by text, in order of place.

    Every entry of the bank that is not merely counted gives evidence; `Evidence.side` is the kind of its entry.
    """
    found: list[list[Evidence]] = [[] for _ in batch.texts]
    if not matches:
        return found
    sentence_start, sentence_stop = batch.sentence_start.tolist(), batch.sentence_stop.tolist()
    first_sentence = batch.first_sentence.tolist()
    entries = bank.entries
    for match in matches:
        entry = entries[match.entry]
        at = match.text
        span = (match.start, match.stop)
        bounds = (sentence_start[match.sentence], sentence_stop[match.sentence])
        reason = cancelled_by(batch.folded[at], bounds, span, entry.unless) if entry.unless else None
        quote = batch.texts[at][match.start : match.stop]
        number = match.sentence - first_sentence[at]
        found[at].append(Evidence(entry.id, entry.kind, *span, quote, entry.source, entry.weight, number, reason))
    return found
