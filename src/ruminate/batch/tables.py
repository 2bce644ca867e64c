"""Rows of Parquet and Excel files. Values keep the kinds that a table of results knows; everything else becomes text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from ruminate.errors import InputError
from ruminate.frames.columns import Kind

__all__ = ["as_text", "excel_rows", "excel_sheets", "parquet_columns", "parquet_rows"]

_NEEDS: Final = 'reading {} files needs {}: pip install "ruminate-nlp[batch]"'


def parquet_columns(path: Path) -> tuple[tuple[str, ...], tuple[Kind, ...]]:
    """Names and kinds of the columns; `InputError` if it is no Parquet file."""
    file = _parquet(path)
    import pyarrow.types as is_

    def kind(given: Any) -> Kind:
        if is_.is_boolean(given):
            return "truth"
        if is_.is_integer(given) and not is_.is_uint64(given):
            return "integer"
        return "number" if is_.is_floating(given) else "text"

    return tuple(file.schema_arrow.names), tuple(kind(entry.type) for entry in file.schema_arrow)


def _parquet(path: Path) -> Any:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise InputError(_NEEDS.format("Parquet", "pyarrow")) from None
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError):
        raise InputError(f"{path.name} is no Parquet file, or is cut short") from None


def parquet_rows(path: Path) -> Iterator[list[Any]]:
    """The rows, a batch in memory at a time."""
    for batch in _parquet(path).iter_batches(batch_size=512):
        columns = [column.to_pylist() for column in batch.columns]
        for values in zip(*columns, strict=True):
            yield list(values)


def _workbook(path: Path) -> tuple[Any, list[str]]:
    """The first sheet, and the names of all."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise InputError(_NEEDS.format("Excel", "python-calamine")) from None
    try:
        book = CalamineWorkbook.from_path(str(path))
        return book.get_sheet_by_index(0), list(book.sheet_names)
    except (CalamineError, OSError, ValueError):
        raise InputError(f"{path.name} is no workbook that can be read") from None


def excel_sheets(path: Path) -> list[str]:
    """The names of the sheets of a workbook; `InputError` if it is none."""
    return _workbook(path)[1]


def excel_rows(path: Path) -> Iterator[list[Any]]:
    """The rows of the first sheet, the header first; `InputError` if it is no workbook."""
    for row in _workbook(path)[0].iter_rows():
        yield [None if cell == "" else cell for cell in row]


def as_text(value: Any) -> str | None:
    """A value that is carried along, as text: dates in ISO form, whole numbers without a point.

    Examples
    --------
    >>> [as_text(value) for value in (None, 3.0, date(2020, 4, 6), {"a": 1})]
    [None, '3', '2020-04-06', '{"a": 1}']
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dict | list):
        import json

        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
