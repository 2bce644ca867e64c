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
    counted = np.zeros((len(is_word) + 1, 2), dtype=np.int64)
    np.cumsum(np.stack((is_word, known), axis=1), axis=0, out=counted[1:])
    both = counted[batch.first_token[1:]] - counted[batch.first_token[:-1]]
    share: NDArray[np.float64] = both[:, 1] / np.maximum(both[:, 0], 1)
    return share
