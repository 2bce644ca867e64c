"""Compiled tables, kept between processes: what takes long to make from the word files, and never anything of a text.

Patterns stand for hundreds of thousands of phrases, and compiling them takes a few seconds. The result is kept in the
user's cache folder, under a fingerprint of everything that it was made from: another version of the library, other word
files or another spaCy never meet it. Files hold numbers and JSON, no code. They are written aside and moved into place, so a
reader sees a whole file or none; if the folder can't be written or a file is damaged, tables are made anew in memory.

The environment variable `RUMINATE_CACHE` names another folder, or "off".
"""

from __future__ import annotations

import json
import mmap
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Kept", "cache_folder", "fetch", "keep"]

_MAGIC: Final = b"ruminate kept 1\n"
_ALIGNED: Final = 64
_MOST: Final = 4
"""How many files of one name stay; older ones go when a new one is written."""


class Kept(NamedTuple):
    """What is kept: something for JSON, and arrays by name (read-only when they come back)."""

    data: Any
    arrays: Mapping[str, NDArray[Any]]


def cache_folder() -> Path | None:
    """Where tables are kept, or None if nothing is to be kept."""
    chosen = os.environ.get("RUMINATE_CACHE")
    if chosen is not None:
        return None if chosen.lower() in {"", "0", "off"} else Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")  # noqa: PTH111 - Path.home raises where there is none
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    return Path(base) / "ruminate" if base and os.path.isabs(base) else None  # noqa: PTH117


def fetch(name: str, fingerprint: str) -> Kept | None:
    """What was kept under a name and fingerprint; None if nothing was, or it can't be read."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        with _path(folder, name, fingerprint).open("rb") as file:
            whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)  # arrays are read as they are needed, and shared by processes
        return _unpacked(whole, fingerprint)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(name: str, fingerprint: str, kept: Kept) -> None:
    """Keep something for other processes; where that is not possible, nothing happens."""
    folder = cache_folder()
    if folder is None:
        return
    aside = folder / f"{name}-{os.getpid()}-{threading.get_ident()}.part"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside.write_bytes(_packed(kept, fingerprint))
        aside.replace(_path(folder, name, fingerprint))
        _forget_older(folder, name)
    except OSError:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def _path(folder: Path, name: str, fingerprint: str) -> Path:
    return folder / f"{name}-{fingerprint[:32]}.kept"


def _packed(kept: Kept, fingerprint: str) -> bytes:
    """Mark, length of the header, header, then the arrays, each at its place behind the header."""
    parts: list[bytes] = []
    places, end = {}, 0
    for name, array in kept.arrays.items():
        raw = np.ascontiguousarray(array).tobytes()
        raw += bytes(-len(raw) % _ALIGNED)
        places[name] = (array.dtype.str, len(array), end)
        parts.append(raw)
        end += len(raw)
    header = json.dumps({"fingerprint": fingerprint, "data": kept.data, "arrays": places, "bytes": end}).encode()
    header += b" " * (-(len(_MAGIC) + 8 + len(header)) % _ALIGNED)
    return b"".join((_MAGIC, len(header).to_bytes(8, "little"), header, *parts))


def _unpacked(whole: mmap.mmap, fingerprint: str) -> Kept:
    start = len(_MAGIC) + 8
    begin = start + int.from_bytes(whole[len(_MAGIC) : start], "little")
    header = json.loads(whole[start:begin])
    if whole[: len(_MAGIC)] != _MAGIC or header["fingerprint"] != fingerprint or len(whole) != begin + header["bytes"]:
        raise ValueError("not what was kept")
    arrays = {name: np.frombuffer(whole, np.dtype(kind), size, begin + at) for name, (kind, size, at) in header["arrays"].items()}
    return Kept(header["data"], arrays)


def _forget_older(folder: Path, name: str) -> None:
    found = sorted(folder.glob(f"{name}-*.kept"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in found[_MOST:]:
        with suppress(OSError):
            path.unlink()
