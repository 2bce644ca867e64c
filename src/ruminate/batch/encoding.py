"""Which encoding a text file is in. Known marks first, then UTF-8, then charset-normalizer on the lines that need it."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from ruminate.errors import InputError

__all__ = ["CutShortError", "find_encoding", "open_bytes", "text_lines"]

_BLOCK: Final = 1 << 20
_SAMPLE: Final = 1 << 18
_AROUND: Final = 200
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


class CutShortError(Exception):
    """A compressed file ends before its end, or is damaged from here on."""


def open_bytes(path: Path) -> BinaryIO:
    """The bytes of a file, unpacked if it is compressed."""
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _blocks(path: Path) -> Iterator[bytes]:
    with open_bytes(path) as file:
        try:
            while block := file.read(_BLOCK):
                yield block
        except (EOFError, gzip.BadGzipFile, zlib.error):
            return  # what is missing is said when the rows are read


def _telling(path: Path) -> tuple[bytes, bytes]:
    """The beginning of a file, and a sample of places anywhere in it that are not plain ASCII, however long their lines are."""
    start, sample = b"", bytearray()
    for block in _blocks(path):
        start = start or block[:_SAMPLE]
        at = 0
        while len(sample) < _SAMPLE and (found := _NOT_ASCII.search(block, at)):
            begin, at = max(at, found.start() - _AROUND), found.start() + _AROUND
            while at < len(block) and block[at] & 0b1100_0000 == 0b1000_0000:  # not in the middle of a character of UTF-8
                at += 1
            sample += block[begin:at] + b"\n"
    return start, bytes(sample)


def find_encoding(path: Path) -> str:
    """The encoding of a file; "utf-8" also where only some rows are not UTF-8 (those are rejected when they are read).

    Raises
    ------
    InputError
        If the file looks like no text at all.
    """
    start, sample = _telling(path)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    zeros = start.count(0)
    if zeros > len(start) // 5:  # wide characters without a mark
        return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    if not sample:
        return "utf-8"
    loose = sample.decode("utf-8", "surrogateescape")
    bad = sum("\udc80" <= char <= "\udcff" for char in loose)
    good = sum(char > "\x7f" for char in loose) - bad
    if bad == 0 or good > bad:
        return "utf-8"
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        raise InputError(f'{path.name} is not UTF-8; give --encoding, or install what finds encodings: pip install "ruminate-nlp[batch]"') from None
    fitting = from_bytes(sample)
    best = fitting.best()
    if best is None:
        raise InputError(f"{path.name}: no encoding was found that fits; give one with --encoding")
    # several code pages of Windows often fit alike, or read the same; in English files it nearly always is the western one
    if sample.decode("cp1252", "replace") == str(best):
        return "cp1252"
    alike = {match.encoding for match in fitting if match.chaos <= best.chaos and match.coherence >= best.coherence}
    return "cp1252" if "cp1252" in alike else str(best.encoding)


def text_lines(path: Path, encoding: str) -> Iterator[str]:
    """The lines of a file, ends kept as they are; bytes that don't fit the encoding come as lone surrogates.

    Raises
    ------
    CutShortError
        Where a compressed file ends early.
    """
    import io

    with open_bytes(path) as file:
        reader = io.TextIOWrapper(file, encoding=encoding, errors="surrogateescape" if encoding.startswith("utf-8") else "replace", newline="")
        try:
            yield from reader
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise CutShortError from error
