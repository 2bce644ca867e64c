"""What is counted only where it is the writer's own, now: measures of verdicts, and words of worth and guilt.

Most measures are plain counts. But "I'm not a failure", "my client says I'm a failure" and "I used to think I'm worthless" are
no verdicts on the self (codebook rules 7 and 8), and counting them as such would say the opposite of what the signs say.
So measures and word categories whose definition names reasons (`unless`) leave out what these cancel.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ruminate.signs.bank import Entry, Found, Match
from ruminate.text.document import Batch
from ruminate.text.lexicon import lexicon
from ruminate.text.scope import cancelled_by

__all__ = ["cancelled_words", "own_counts"]

Ints = NDArray[np.int64]


def own_counts(batch: Batch, entries: Sequence[Entry], counted: Sequence[str], found: Found) -> Ints:
    """Sentences x counted ids: those that were counted already, and of the doubtful ones those that nothing cancels.

    Matches of one id that begin at the same place stand or fall together, as the longest of them does.
    """
    if not found.doubtful:
        return found.counts
    together: dict[tuple[int, int, str], list[Match]] = {}
    for match in found.doubtful:
        together.setdefault((match.text, match.start, entries[match.entry].id), []).append(match)
    column = {name: at for at, name in enumerate(counted)}
    first, last = batch.sentence_start.tolist(), batch.sentence_stop.tolist()
    counts = found.counts.copy()
    for (text, start, name), matches in together.items():
        sentence = matches[0].sentence
        span = (start, max(match.stop for match in matches))
        if cancelled_by(batch.folded[text], (first[sentence], last[sentence]), span, entries[matches[0].entry].unless) is None:
            counts[sentence, column[name]] += len(matches)
    return counts


def cancelled_words(batch: Batch) -> Ints:
    """Sentences x word categories: how many words of each stand there, but don't count."""
    table = lexicon()
    counts = np.zeros((len(batch.sentence_start), len(table.categories)), dtype=np.int64)
    at = table.doubtful[batch.rows].nonzero()[0]
    if not len(at):
        return counts
    sentence = batch.sentence[at]
    text = np.searchsorted(batch.first_token, at, side="right") - 1
    columns = (batch.rows[at], text, sentence, batch.start[at], batch.stop[at], batch.sentence_start[sentence], batch.sentence_stop[sentence])
    for row, of, number, start, stop, first, last in zip(*(column.tolist() for column in columns), strict=True):
        for category, unless in table.unless[row]:
            if cancelled_by(batch.folded[of], (first, last), (start, stop), unless) is not None:
                counts[number, category] += 1
    return counts
