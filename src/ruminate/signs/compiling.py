"""From patterns to tables: the phrases of all patterns, compiled together, and kept between processes.

Compiling a few thousand patterns takes a second or two, for each process anew. So the tables are kept (see
`ruminate.text.kept`) under a fingerprint of the patterns, of their lists, of the code that compiles them and of how the
tokenizer cuts words. What comes back is what compiling would give, to the last bit; a test holds that.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import SignError
from ruminate.signs.chains import Chain, Chains
from ruminate.signs.languages import FrequencyLanguage, IdentityLanguage, PrefixLanguage, as_arrays
from ruminate.signs.notation import expand
from ruminate.signs.phrases import PREFIX, PhraseTable
from ruminate.text.chunks import tokenizer_fingerprint
from ruminate.text.kept import Kept, fetch, keep
from ruminate.text.words import Hashes, hash_sequence

__all__ = ["Compiled", "Entry", "compile_patterns", "compiled_patterns"]

Ints = NDArray[np.int64]
_WORTH_KEEPING: Final = 0.05
"""Seconds of compiling below which nothing is kept."""
_CODE: Final = (
    "signs/chains.py", "signs/compiling.py", "signs/inflection.py", "signs/languages.py", "signs/notation.py", "signs/phrases.py",
    "text/chunks.py", "text/lookup.py", "text/spelling.py", "text/spelling.toml", "text/words.py",
)  # fmt: skip
"""Files that decide what a pattern is compiled to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One pattern to compile: what it stands for, how much a match counts, what cancels it."""

    kind: str
    id: str
    source: str
    weight: float
    unless: frozenset[str]
    lists: Mapping[str, Sequence[str]]


class Compiled(NamedTuple):
    """The tables of a bank, and how many phrases the patterns stand for."""

    table: PhraseTable
    chains: Chains
    size: int


def compiled_patterns(entries: Sequence[Entry]) -> Compiled:
    """The tables for these patterns: kept ones if there are any, else compiled now and kept.

    Raises
    ------
    SignError
        If a pattern can't be read.
    """
    fingerprint = _fingerprint(entries)
    kept = fetch("patterns", fingerprint) if fingerprint else None
    if kept is not None:
        return Compiled(PhraseTable(kept.arrays), Chains(kept.arrays), kept.data)
    begin = time.perf_counter()
    compiled = compile_patterns(entries)
    if fingerprint and time.perf_counter() - begin > _WORTH_KEEPING:
        keep("patterns", fingerprint, Kept(compiled.size, {**compiled.table.arrays, **compiled.chains.arrays}))
    return compiled


def compile_patterns(entries: Sequence[Entry]) -> Compiled:
    """Compile patterns; entry number `n` becomes the value `n` of its phrases.

    Raises
    ------
    SignError
        If a pattern can't be read.
    """
    identities, prefixes, frequencies = IdentityLanguage(), PrefixLanguage(), FrequencyLanguage()
    phrases: dict[int, list[tuple[Hashes, Ints]]] = {}
    begins: set[tuple[int, ...]] = set()
    segments: list[dict[int, Hashes]] = []
    chains: list[Chain] = []
    known: dict[int, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {}  # lists that entries share are read once
    for number, entry in enumerate(entries):
        as_identities, as_prefixes, as_frequencies = known.setdefault(id(entry.lists), ({}, {}, {}))
        try:
            pattern = expand(entry.source, entry.lists, identities, as_identities)
        except SignError as error:
            raise SignError(f"{entry.id}: {error}") from error
        anchor, value = 0, number
        if pattern.gaps:
            masses = expand(entry.source, entry.lists, frequencies, as_frequencies).segments
            anchor, value = masses.index(min(masses)), len(entries) + len(chains)
            numbers = tuple(range(len(segments), len(segments) + len(pattern.segments)))
            segments += [as_arrays(segment) for segment in pattern.segments]
            chains.append(Chain(number, numbers, pattern.gaps, anchor))
        for length, found in as_arrays(pattern.segments[anchor]).items():
            phrases.setdefault(length, []).append((found, np.full(len(found), value)))
        begins |= expand(entry.source, entry.lists, prefixes, as_prefixes).segments[anchor]
    joined = {length: (np.concatenate([found for found, _ in pairs]), np.concatenate([values for _, values in pairs])) for length, pairs in phrases.items()}
    whole = [head for head in begins if len(head) == PREFIX]
    two, three = (np.array([hash_sequence(head[:length]) for head in whole], dtype=np.uint64) for length in (PREFIX - 1, PREFIX))
    table = PhraseTable.compile(joined, (two, three))
    others = [segments[number] for chain in chains for at, number in enumerate(chain.segments) if at != chain.anchor]
    return Compiled(table, Chains.compile(chains, segments), table.size + sum(len(found) for segment in others for found in segment.values()))


def _fingerprint(entries: Sequence[Entry]) -> str:
    """Of everything that the tables depend on; empty if that can't be told (the modules are no files)."""
    code = _code()
    if not code:
        return ""
    digest = sha256(f"{code}\0{tokenizer_fingerprint()}".encode())
    seen: dict[int, bytes] = {}
    for entry in entries:
        if id(entry.lists) not in seen:
            seen[id(entry.lists)] = sha256(repr(sorted((name, tuple(listed)) for name, listed in entry.lists.items())).encode()).digest()
        digest.update(seen[id(entry.lists)])
        digest.update(f"{entry.source}\0".encode())
    return digest.hexdigest()


@cache
def _code() -> str:
    """Checksum of the modules that compile."""
    root = Path(__file__).parents[1]
    digest = sha256()
    try:
        for name in _CODE:
            digest.update((root / name).read_bytes())
    except OSError:
        return ""
    return digest.hexdigest()
