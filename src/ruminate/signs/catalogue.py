"""The catalogue of signs: reads and validates the sign files, and compiles their patterns.

One sign is one TOML file; adding one needs no Python. Whatever is wrong with a file is said with the file's name, the key
and the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, Final

from ruminate.errors import SignError
from ruminate.signs.bank import Entry
from ruminate.text.scope import REASONS
from ruminate.text.wordfiles import parse

__all__ = ["Catalogue", "Sign", "load_signs", "parse_toml", "read_catalogue", "read_sign"]

_KEYS: Final = frozenset("title side definition why sources unless patterns weak hits misses known_failures lists".split())
_LISTS: Final = ("sources", "unless", "patterns", "weak", "hits", "misses", "known_failures")
WEAK: Final = 0.5
"""What a match of a suggestive pattern counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One sign of the codebook.

    Attributes
    ----------
    id
        The file's name.
    title, side, definition, why, sources
        What it is called, "rumination" or "reflection", what the writer does, why it is a sign, and where that comes from.
    unless
        Reasons that cancel a match (see `ruminate.text.scope.REASONS`).
    patterns, weak
        Patterns of which one match is good evidence, and patterns that are only suggestive.
    hits, misses, known_failures
        Example sentences: spans in [brackets] that must match; sentences without a match that counts; and what goes wrong.
    """

    id: str
    title: str
    side: str
    definition: str
    why: str
    sources: tuple[str, ...]
    unless: tuple[str, ...]
    patterns: tuple[str, ...]
    weak: tuple[str, ...]
    hits: tuple[str, ...]
    misses: tuple[str, ...]
    known_failures: tuple[str, ...]
    lists: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All signs, in a fixed order, with a checksum of what they say."""

    signs: Mapping[str, Sign]
    lists: Mapping[str, tuple[str, ...]]
    sha256: str

    def entries(self) -> Iterable[Entry]:
        """The patterns of all signs, for compiling."""
        for sign in self.signs.values():
            lists = {**self.lists, **sign.lists}
            for weight, sources in ((1.0, sign.patterns), (WEAK, sign.weak)):
                for source in sources:
                    yield Entry(kind=sign.side, id=sign.id, source=source, weight=weight, unless=frozenset(sign.unless), lists=lists)


def read_sign(name: str, content: str, where: str) -> Sign:
    """One sign from the content of its file; `where` is what errors call the file.

    Raises
    ------
    SignError
        With the file, the key and the reason, for the first thing that is wrong.
    """
    raw = parse_toml(content, where)
    for key in raw:
        if key not in _KEYS:
            raise SignError(f"{where}: {key}: no such key (known: {', '.join(sorted(_KEYS))})")
    for key in ("title", "side", "definition", "why"):
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            raise SignError(f"{where}: {key}: a text is needed here")
    if raw["side"] not in ("rumination", "reflection"):
        raise SignError(f"{where}: side: must be 'rumination' or 'reflection'")
    for key in _LISTS:
        if not isinstance(raw.get(key, []), list) or not all(isinstance(entry, str) for entry in raw.get(key, [])):
            raise SignError(f"{where}: {key}: a list of texts is needed here")
    if not raw.get("patterns"):
        raise SignError(f"{where}: patterns: at least one pattern is needed")
    for reason in raw.get("unless", []):
        if reason not in REASONS:
            raise SignError(f"{where}: unless: {reason!r} is no known reason (known: {', '.join(REASONS)})")
    for key in ("hits", "misses", "known_failures"):
        for at, example in enumerate(raw.get(key, [])):
            if example.count("[") != example.count("]"):
                raise SignError(f"{where}: {key}[{at}]: brackets don't pair up")
    return Sign(
        id=name, title=raw["title"], side=raw["side"], definition=raw["definition"], why=raw["why"],
        **{key: tuple(raw.get(key, ())) for key in _LISTS},
        lists=MappingProxyType({key: tuple(value) for key, value in raw.get("lists", {}).items()}),
    )  # fmt: skip


def parse_toml(content: str, where: str) -> dict[str, Any]:
    """The content of a word file.

    Raises
    ------
    SignError
        If it is no valid TOML.
    """
    try:
        return parse(content)
    except ValueError as error:  # of which tomllib's own error is a kind
        raise SignError(f"{where}: not valid TOML: {error}") from error


def read_catalogue(folder: Traversable) -> Catalogue:
    """Read all sign files of a folder.

    Raises
    ------
    SignError
        With the file, the key and the reason, for the first thing that is wrong.
    """
    digest = sha256()
    signs: dict[str, Sign] = {}
    lists: dict[str, tuple[str, ...]] = {}
    found = sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)
    for path in found:
        content = path.read_text("utf-8")
        digest.update(f"{path.name}\0{content}\0".encode())
        if path.name == "_lists.toml":
            lists = {name: tuple(entries) for name, entries in parse_toml(content, path.name).items()}
        elif not path.name.startswith("_"):
            name = path.name.removesuffix(".toml")
            signs[name] = read_sign(name, content, path.name)
    if not signs:
        raise SignError("the folder holds no sign files (*.toml)")
    return Catalogue(MappingProxyType(signs), MappingProxyType(lists), digest.hexdigest())


@cache
def load_signs() -> Catalogue:
    """The signs that ship with the package.

    Examples
    --------
    >>> load_signs().signs["self_blame"].side
    'rumination'
    """
    return read_catalogue(files("ruminate.signs"))
