"""Word categories: which words are negations, hedges, worry words … and which are passed over in phrase look-up.

The words stand in `lexicon.toml`. Compiled, each known word is a row with its categories, found for a whole batch of texts
with one search; counting then is one `bincount`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ruminate.text.wordfiles import parse
from ruminate.text.words import FILLERS, PLAIN, SKIPPED_MARKS, Hashes, hash_word

__all__ = ["Category", "Lexicon", "lexicon"]

_NO_WORD: Final[frozenset[str]] = frozenset([*SKIPPED_MARKS, *"? ?? ??? ?! !? !! !!! ….".split()])


@dataclass(frozen=True, slots=True)
class Category:
    """One word category: its id, what it says, where the idea comes from, its words in plain form, and what cancels a word of it.

    Reasons are those of `ruminate.text.scope`; most categories have none, and just count.
    """

    id: str
    says: str
    source: str
    words: tuple[str, ...]
    unless: frozenset[str] = frozenset()


class Lexicon:
    """Known words and their flags, one row a surface form; the last row stands for every unknown word.

    Attributes
    ----------
    categories
        In column order of `flags`.
    membership
        For each row the columns of its categories, as (first, columns) like a sparse matrix. Three columns after those of
        the categories stand for: any word, question mark, exclamation mark.
    content
        Whether a row is a word that carries a topic (no function word).
    surfaces
        All known words, as they are written.
    doubtful, unless
        Whether something may cancel a word of this row; and for each row the categories of which that is so, with the reasons.
    plain
        Identity of each word's plain form.
    skipped
        Whether phrase look-up passes the word over (a filler or a mark).
    wordless
        Whether the token is a mark or a blank, and no word at all.
    """

    def __init__(self, categories: tuple[Category, ...]) -> None:
        self.categories = categories
        self.column = {category.id: at for at, category in enumerate(categories)}
        surfaces = self.surfaces = frozenset(self._surfaces())
        keys = {hash_word(surface): surface for surface in surfaces}
        self._keys: Hashes = np.array(sorted(keys), dtype=np.uint64)
        ordered = [keys[int(key)] for key in self._keys]
        plains = [PLAIN.get(surface, surface) for surface in ordered]
        self.plain: Hashes = np.array([*(hash_word(plain) for plain in plains), 0], dtype=np.uint64)
        self.skipped = np.array([*(p in FILLERS or (p in _NO_WORD and p != "?") for p in plains), False])
        self.wordless = np.array([*(p in _NO_WORD for p in plains), False])
        members: dict[str, list[int]] = {}
        for at, category in enumerate(categories):
            for word in category.words:
                members.setdefault(word, []).append(at)
        any_word, question, exclamation = (len(categories) + at for at in range(3))
        columns = [[*members.get(plain, ()), *([] if plain in _NO_WORD else [any_word])] for plain in plains] + [[any_word]]
        for row, plain in enumerate(plains):
            columns[row] += [question] * ("?" in plain) + [exclamation] * ("!" in plain)
        self.unless = tuple(tuple((at, categories[at].unless) for at in row if at < any_word and categories[at].unless) for row in columns)
        self.doubtful = np.array([bool(found) for found in self.unless])
        self.first = np.cumsum([0, *map(len, columns)])
        self.columns = np.array([column for row in columns for column in row], dtype=np.int64)
        self.width = len(categories) + 3
        function = members_of(categories, "function")
        self.content = np.array([*(p not in function and p not in _NO_WORD for p in plains), True])

    def _surfaces(self) -> set[str]:
        known = {word for category in self.categories for word in category.words}
        return known | set(PLAIN) | set(PLAIN.values()) | FILLERS | SKIPPED_MARKS | _NO_WORD

    def counts(self, rows: NDArray[np.intp], unit: NDArray[np.int64], units: int) -> NDArray[np.int64]:
        """How many tokens of each column stand in each unit: units x width."""
        many = self.first[rows + 1] - self.first[rows]
        offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        column = self.columns[np.repeat(self.first[rows], many) + offset]
        cells = np.bincount(np.repeat(unit, many) * self.width + column, minlength=units * self.width)
        return cells.reshape(units, self.width)

    def rows(self, hashes: Hashes) -> NDArray[np.intp]:
        """The row of each token; unknown words get the last row."""
        at = np.searchsorted(self._keys, hashes)
        at[at == len(self._keys)] = 0
        at[self._keys[at] != hashes] = len(self._keys)
        return at


def members_of(categories: tuple[Category, ...], name: str) -> frozenset[str]:
    """The words of a category; none if there is no such category."""
    return frozenset(word for category in categories if category.id == name for word in category.words)


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with the package."""
    raw = parse(files("ruminate.text").joinpath("lexicon.toml").read_text("utf-8"))
    return Lexicon(
        tuple(
            Category(name, entry["says"], entry["source"], tuple(entry["words"].split()), frozenset(entry.get("unless", ())))
            for name, entry in raw.items()
        )
    )
