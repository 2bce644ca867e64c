"""From texts to the matrix that is fitted: feature rows, and counts of words and pairs of words.

Everything is counted once for all texts; each fold of a cross-validation then chooses its vocabulary, its document
frequencies and its scaling from its own training texts alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ruminate.scoring.extraction import Extractor
from ruminate.scoring.terms import pair_identities
from ruminate.text.words import PLAIN, hash_text

__all__ = ["Counted", "TermChoice", "choose_terms", "count_texts", "topic_words"]

Matrix = NDArray[np.float64]
Ints = NDArray[np.int64]
_CHUNK: Final = 128
_LEAST_SEEN: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Feature rows (texts x columns) and the columns' names, counts of terms (texts x terms, sparse), and the terms as words."""

    rows: Matrix
    names: tuple[str, ...]
    counts: Any
    terms: tuple[str, ...]


@cache
def topic_words() -> frozenset[str]:
    """Words that tell what a collection is about and not how its writers think; read from weights, kept in `left_out.txt`."""
    lines = files("ruminate.training").joinpath("left_out.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@dataclass(frozen=True, slots=True)
class TermChoice:
    """Which terms a vocabulary takes.

    Attributes
    ----------
    texts, sources
        A term stands in at least so many training texts, from at least so many sources: what only one collection talks
        about is its topic, and names of people stand in one.
    left_out
        Words that are never taken, alone or in a pair; by default those of `left_out.txt`.
    single
        Single words only, no pairs.
    """

    texts: int = 20
    sources: int = 6
    left_out: frozenset[str] = field(default_factory=topic_words)
    single: bool = False


def count_texts(extractor: Extractor, texts: Sequence[str]) -> Counted:
    """Read all texts once."""
    rows, doc, key = [], [], []
    names: dict[int, str] = {}
    joined: dict[int, tuple[int, int]] = {}
    for begin in range(0, len(texts), _CHUNK):
        part = tuple(texts[begin : begin + _CHUNK])
        extracted = extractor.extract(part)
        batch = extracted.batch
        rows.append(extracted.features.texts)
        of_text = np.repeat(np.arange(len(part)), np.diff(batch.first_token)) + begin
        together = np.flatnonzero(batch.sentence[:-1] == batch.sentence[1:])
        pairs = pair_identities(batch.words)[together]
        doc += [of_text, of_text[together]]
        key += [batch.words, pairs]
        words = batch.words.tolist()
        names |= {identity: _name(word, identity) for identity, word in zip(words, _surfaces(batch), strict=True) if not names.get(identity)}
        joined |= {identity: (words[at], words[at + 1]) for identity, at in zip(pairs.tolist(), together.tolist(), strict=True)}
    names |= {identity: f"{names[first]} {names[second]}" for identity, (first, second) in joined.items() if names[first] and names[second]}
    identities, column = np.unique(np.concatenate(key), return_inverse=True)
    counts = sparse.csr_matrix((np.ones(len(column)), (np.concatenate(doc), column)), shape=(len(texts), len(identities)))
    counts.sum_duplicates()
    often = np.flatnonzero(np.bincount(counts.indices, minlength=len(identities)) >= _LEAST_SEEN)
    often = often[[_is_term(names.get(identity, "")) for identity in identities[often].tolist()]]
    return Counted(np.vstack(rows), extractor.table.names, counts[:, often].tocsr(), tuple(names[identity] for identity in identities[often].tolist()))


def _name(word: str, identity: int) -> str:
    """The plain form of a word, if that is what it was read as; letters that stand for other words ("idk") name nothing."""
    plain = PLAIN.get(word, word)
    return plain if hash_text(plain) == identity else ""


def _is_term(name: str) -> bool:
    return bool(name) and " " not in name.replace(" ", "", 1) and name.isprintable()


def _surfaces(batch: Any) -> list[str]:
    of_text = np.repeat(np.arange(len(batch.texts)), np.diff(batch.first_token)).tolist()
    return [batch.folded[text][start:stop] for text, start, stop in zip(of_text, batch.start.tolist(), batch.stop.tolist(), strict=True)]


def choose_terms(counted: Counted, rows: Ints, sources: Sequence[str], choice: TermChoice) -> tuple[Ints, Matrix]:
    """Columns of the terms that a vocabulary from these rows takes, and their inverse document frequencies (smoothed)."""
    present = counted.counts[rows]
    present.data = np.ones_like(present.data)
    texts = np.asarray(present.sum(axis=0)).ravel()
    names, number = np.unique(np.asarray(sources)[rows], return_inverse=True)
    by_source = sparse.csr_matrix((np.ones(len(rows)), (number, np.arange(len(rows)))), shape=(len(names), len(rows))) @ present
    many = np.asarray((by_source > 0).sum(axis=0)).ravel()
    taken = (texts >= choice.texts) & (many >= min(choice.sources, len(names)))
    taken &= np.array([choice.left_out.isdisjoint(term.split(" ")) and not (choice.single and " " in term) for term in counted.terms])
    columns = np.flatnonzero(taken)
    return columns, np.log((1.0 + len(rows)) / (1.0 + texts[columns])) + 1.0
