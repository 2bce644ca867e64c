"""Signs of a host's own: sign files from a folder, laid over ours.

A file named as one of our signs takes its place; any other adds a sign. Nothing is registered anywhere: each analyzer has
its own catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ruminate.errors import SignError
from ruminate.signs.catalogue import Catalogue, Sign, load_signs, read_catalogue

__all__ = ["read_own", "sign_from_dict", "with_own"]


def read_own(sources: Iterable[str | Path | Sign]) -> tuple[Sign, ...]:
    """Signs from folders of sign files; of two with one id the later stays. A `Sign` is taken as it is.

    A folder's `_lists.toml` adds lists, or replaces ours, for the signs of that folder only.

    Raises
    ------
    SignError
        If a folder is missing or holds no sign files, or a file is wrong: names file, key and reason.
    """
    if isinstance(sources, str | Path):
        raise SignError("signs: a list of folders is needed, for example signs=['my_signs']")
    found: dict[str, Sign] = {}
    for source in sources:
        for sign in (source,) if isinstance(source, Sign) else _of_folder(Path(source)):
            found[sign.id] = sign
    return tuple(found.values())


def _of_folder(folder: Path) -> Sequence[Sign]:
    if not folder.is_dir():
        raise SignError(f"{folder}: there is no such folder of sign files")
    try:
        own = read_catalogue(folder)
    except SignError as error:
        raise SignError(f"{folder}: {error}") from error
    # plain dictionaries: an analyzer with these signs is handed to other processes
    return [replace(sign, lists={**own.lists, **sign.lists}) for sign in own.signs.values()]


def sign_from_dict(raw: Mapping[str, Any]) -> Sign:
    """A sign from its fields as JSON keeps them (`dataclasses.asdict`).

    Raises
    ------
    TypeError
        If a field is missing or unknown.
    """
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    return Sign(**{**fields, "lists": {name: tuple(entries) for name, entries in fields.get("lists", {}).items()}})


def with_own(own: Sequence[Sign]) -> Catalogue:
    """Our catalogue with these signs laid over it; ours keep their places, new ones follow in the order given."""
    if not own:
        return load_signs()
    ours = load_signs()
    digest = sha256(ours.sha256.encode())
    for sign in own:
        digest.update(repr((*astuple(replace(sign, lists={})), sorted(sign.lists.items()))).encode())
    return Catalogue(MappingProxyType({**ours.signs, **{sign.id: sign for sign in own}}), ours.lists, digest.hexdigest())
