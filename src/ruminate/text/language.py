"""Is it English? A look at how many words are known; enough to abstain by, and nothing more."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ruminate.text.document import Batch
from ruminate.text.lexicon import lexicon

__all__ = ["known_share"]


def known_share(batch: Batch) -> NDArray[np.float64]:
    """For each text the share of its words that are plain English function words or in another word list.

    Running English has about two thirds; languages that share some short words with English stay below a third.
    """
    table = lexicon()
    is_word = ~table.wordless[batch.rows]
    known = is_word & (batch.rows < len(table.plain) - 1)
    text_of = np.repeat(np.arange(len(batch.texts)), np.diff(batch.first_token))
    words = np.bincount(text_of[is_word], minlength=len(batch.texts))
    share: NDArray[np.float64] = np.bincount(text_of[known], minlength=len(batch.texts)) / np.maximum(words, 1)
    return share
