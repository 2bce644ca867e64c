"""Where rows come from: CSV, TSV, JSON lines, Parquet, Excel, text files and folders of them, compressed or not.

Every source is a stream that can be read again from the start and then gives the same rows in the same order; resuming
rests on that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from ruminate.batch.encoding import CutShortError, find_encoding, text_lines
from ruminate.batch.separated import Row, find_delimiter, separated_rows
from ruminate.batch.tables import excel_rows, excel_sheets, parquet_columns, parquet_rows
from ruminate.errors import InputError
from ruminate.frames.columns import Kind

__all__ = ["Cells", "Source", "find_sources"]

_TEXT: Final = (".txt", ".md")
_TABLE: Final = {".csv": "separated", ".tsv": "separated", ".tab": "separated", ".jsonl": "lines", ".ndjson": "lines", ".parquet": "parquet",
                 ".pq": "parquet", ".xlsx": "excel", ".xls": "excel", ".xlsb": "excel", ".ods": "excel"}  # fmt: skip
_NAMED_DELIMITER: Final = re.compile("sep=(.)")
"""The line with which spreadsheets name the delimiter."""
_CUT: Final = "the compressed file ends early; rows after this one are missing"
_MOST_COLUMNS: Final = 2000


class Cells(NamedTuple):
    """One row: its number in the file (from 1), its values in the order of `Source.columns`, or why there are none."""

    row: int
    values: Sequence[Any] | None
    problem: str
    line: int | None = None


@dataclass
class Source:
    """One input: what it is called, how it is read, which columns it has, and how many rows."""

    name: str
    path: Path
    kind: str
    encoding: str | None = None
    delimiter: str | None = None
    columns: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    rows: int = 0
    files: tuple[Path, ...] = field(default=(), repr=False)
    skip: int = 0
    says: tuple[str, ...] = ()

    def cells(self) -> Iterator[Cells]:
        """The rows, from the start."""
        return _READERS[self.kind](self)

    def about(self) -> dict[str, Any]:
        """For the manifest: name, size, checksum, and how it was read."""
        files = self.files or (self.path,)
        digests = {file.name: _digest(file) for file in files}
        return {
            "name": self.name, "bytes": sum(file.stat().st_size for file in files), "rows": self.rows, "encoding": self.encoding, "delimiter": self.delimiter,
            "columns": list(self.columns), "sha256": digests if self.files else digests[self.path.name],
        }  # fmt: skip


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def find_sources(inputs: Iterable[Path], encoding: str | None = None) -> list[Source]:
    """The sources behind paths, surveyed: columns are known and rows are counted.

    Raises
    ------
    InputError
        If there is no such file, its kind is not known, or it can't be opened as what it says it is.
    """
    sources: list[Source] = []
    for path in inputs:
        source = _source(path)
        if any(path.resolve() == other.path.resolve() for other in sources):
            raise InputError(f"{path} is given twice")
        source.name = _apart(source, (other.name for other in sources))
        if source.kind in ("separated", "lines"):
            source.encoding = encoding or find_encoding(path)
        _survey(source)
        sources.append(source)
    if not sources:
        raise InputError("no input was given")
    return sources


def _apart(source: Source, taken: Iterable[str]) -> str:
    """A name that no other input has, since it says where a text stands: as many folders before it as that takes, and no more."""
    there, parts = set(taken), source.path.resolve().parts
    longer = ("/".join(parts[-count:]) for count in range(2, len(parts) + 1))
    return next(name for name in (source.name, *longer) if name not in there)


def _source(path: Path) -> Source:
    if path.is_dir():
        files = tuple(sorted(file for file in path.rglob("*") if file.is_file() and _suffix(file) in _TEXT))
        if not files:
            raise InputError(f"the folder {path} holds no {' or '.join(_TEXT)} files")
        others = sum(1 for file in path.rglob("*") if file.is_file()) - len(files)
        says = (f"the folder {path}: passed over, being no {' or '.join(_TEXT)}: {others:,}",) if others else ()
        return Source(path.name or str(path), path, "texts", files=files, says=says)
    if not path.is_file():
        raise InputError(f"there is no file or folder {path}")
    suffix = _suffix(path)
    if suffix in _TEXT:
        return Source(path.name, path, "texts", files=(path,))
    if suffix not in _TABLE:
        raise InputError(f"{path.name}: files of this kind are not read; known are {', '.join((*_TABLE, *_TEXT))}, and .gz of the text kinds")
    if path.suffix == ".gz" and _TABLE[suffix] not in ("separated", "lines"):
        raise InputError(f"{path.name}: unpack it first; only text files are read compressed")
    return Source(path.name, path, _TABLE[suffix])


def _suffix(path: Path) -> str:
    return Path(path.stem).suffix.lower() if path.suffix == ".gz" else path.suffix.lower()


def _survey(source: Source) -> None:
    """Columns and number of rows. A whole pass: reading is cheap beside assessing, and then nothing comes as a surprise."""
    path = source.path
    if source.kind == "separated":
        assert source.encoding is not None
        try:
            header = next(text_lines(path, source.encoding), "")
        except CutShortError:
            raise InputError(f"{source.name} is damaged: not even its first line can be unpacked") from None
        source.delimiter = "\t" if _suffix(path) in (".tsv", ".tab") else find_delimiter(header)
        if named := _NAMED_DELIMITER.fullmatch(header.strip().strip('"')):
            source.delimiter, source.skip = named[1], 1
        first = next((row for row in _separated(source)), None)
        if first is None or first.cells is None:
            raise InputError(f"{source.name}: the first line must name the columns, and can't be read: {first.problem if first else 'the file is empty'}")
        source.columns = _unique([cell.strip() for cell in first.cells])
    elif source.kind == "lines":
        source.columns = _keys(source)
    elif source.kind == "parquet":
        source.columns, source.kinds = parquet_columns(path)
    elif source.kind == "excel":
        source.columns = _unique(["" if cell is None else str(cell).strip() for cell in next(excel_rows(path), [])])
        sheets = excel_sheets(path)
        if len(sheets) > 1:
            source.says = (f"{source.name}: only its first sheet, {sheets[0]!r}, is read; there are {len(sheets) - 1} more",)
        if not source.columns:
            raise InputError(f"{source.name}: the first sheet is empty")
    else:
        source.columns = ("file", "text")
    source.kinds = source.kinds or tuple("text" for _ in source.columns)
    source.rows = len(source.files) if source.kind == "texts" else sum(1 for _ in source.cells())


def _unique(names: list[str]) -> tuple[str, ...]:
    """Names that are empty or stand twice get a number, so that no column is lost."""
    found: list[str] = []
    for at, name in enumerate(names, start=1):
        wanted = name or f"column_{at}"
        found.append(f"{wanted}_{at}" if wanted in found else wanted)
    return tuple(found)


def _separated(source: Source) -> Iterator[Row]:
    assert source.encoding is not None
    assert source.delimiter is not None
    return separated_rows(islice(text_lines(source.path, source.encoding), source.skip, None), source.delimiter, first_line=source.skip)


def _separated_cells(source: Source) -> Iterator[Cells]:
    number, expected = 0, len(source.columns)
    rows = _separated(source)
    next(rows, None)
    try:
        for row in rows:
            number += 1
            if row.cells is not None and len(row.cells) != expected:
                yield Cells(number, None, f"{len(row.cells)} cells where {expected} are expected", row.line)
            else:
                yield Cells(number, row.cells, row.problem, row.line)
    except CutShortError:
        yield Cells(number + 1, None, _CUT)


def _objects(source: Source) -> Iterator[tuple[int, dict[str, Any] | None, str]]:
    assert source.encoding is not None
    number = 0
    try:
        for number, line in enumerate(text_lines(source.path, source.encoding), start=1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                yield number, None, "not valid JSON"
                continue
            yield (number, value, "") if isinstance(value, dict) else (number, None, "not a JSON object")
    except CutShortError:
        yield number + 1, None, _CUT


def _keys(source: Source) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for _, value, _ in _objects(source):
        names |= dict.fromkeys(value or ())
        if len(names) > _MOST_COLUMNS:
            raise InputError(f"{source.name}: its objects have more than {_MOST_COLUMNS} different keys; cut it down to the columns that matter")
    if not names:
        raise InputError(f"{source.name}: no line of it is a JSON object with keys")
    return tuple(names)


def _object_cells(source: Source) -> Iterator[Cells]:
    for row, (line, value, problem) in enumerate(_objects(source), start=1):
        yield Cells(row, None if value is None else [value.get(name) for name in source.columns], problem, line)


def _parquet_cells(source: Source) -> Iterator[Cells]:
    for row, values in enumerate(parquet_rows(source.path), start=1):
        yield Cells(row, values, "")


def _excel_cells(source: Source) -> Iterator[Cells]:
    rows = excel_rows(source.path)
    next(rows, None)
    for row, values in enumerate(rows, start=1):
        fits = len(values) == len(source.columns)
        yield Cells(row, values if fits else None, "" if fits else f"{len(values)} cells where {len(source.columns)} are expected")


def _text_cells(source: Source) -> Iterator[Cells]:
    for row, file in enumerate(source.files, start=1):
        name = file.relative_to(source.path).as_posix() if source.path.is_dir() else file.name
        try:
            text = "".join(text_lines(file, source.encoding or find_encoding(file)))
        except (CutShortError, OSError, InputError, UnicodeError) as error:
            why = "the compressed file ends early" if isinstance(error, CutShortError) else "the file can't be opened"
            yield Cells(row, None, str(error) if isinstance(error, InputError) else why)
            continue
        yield Cells(row, (name, text), "")


_READERS: Final = {"separated": _separated_cells, "lines": _object_cells, "parquet": _parquet_cells, "excel": _excel_cells, "texts": _text_cells}
