"""Tables to files, a part at a time, and parts joined to one file. The same parts give the same bytes."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ruminate.errors import InputError
from ruminate.frames.columns import Column

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_format", "join_parts", "write_table"]

_GROUP: Final = 16
"""Parts a row group of a Parquet file."""


def check_format(suffix: str) -> None:
    """Say before the work begins that something is missing; raises `InputError`."""
    if suffix == ".parquet":
        try:
            import pyarrow.parquet  # noqa: F401 - only whether it is there
        except ImportError:
            raise InputError('writing Parquet needs pyarrow: pip install "ruminate-nlp[batch]"; or name an output that ends in .csv or .jsonl') from None


def write_table(frame: pd.DataFrame, columns: Sequence[Column], path: Path) -> None:
    """One part, in the format that the name asks for. CSV parts carry no header: it is written when they are joined."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        pq.write_table(_arrow(frame, columns), path)
        return
    rows = _plain(frame)
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            # lines end in \r\n (RFC 4180), so that cells with a lone \r are quoted, too
            csv.writer(file, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in rows)
        else:
            names = [column.name for column in columns]
            file.writelines(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, allow_nan=False) + "\n" for row in rows)


def _plain(frame: pd.DataFrame) -> list[list[Any]]:
    held = frame.astype("object")
    rows: list[list[Any]] = held.where(held.notna(), None).to_numpy().tolist()
    return rows


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _schema(columns: Sequence[Column]) -> Any:
    import pyarrow as pa

    kinds = {"text": pa.string(), "number": pa.float64(), "integer": pa.int64(), "truth": pa.bool_()}
    return pa.schema([pa.field(column.name, kinds[column.kind], metadata={"description": column.says} if column.says else None) for column in columns])


def _arrow(frame: pd.DataFrame, columns: Sequence[Column]) -> Any:
    import pyarrow as pa

    return pa.Table.from_pandas(frame, schema=_schema(columns), preserve_index=False).replace_schema_metadata(None)


def join_parts(parts: Iterable[Path], columns: Sequence[Column], out: Path) -> None:
    """Parts, in order, as one file."""
    if out.suffix == ".parquet":
        _join_parquet(parts, columns, out)
        return
    with out.open("wb") as file:
        if out.suffix == ".csv":
            import io

            header = io.StringIO(newline="")
            csv.writer(header, lineterminator="\r\n").writerow([column.name for column in columns])
            file.write(header.getvalue().encode())
        for part in parts:
            with part.open("rb") as rows:
                shutil.copyfileobj(rows, file)


def _join_parquet(parts: Iterable[Path], columns: Sequence[Column], out: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    held: list[Any] = []
    with pq.ParquetWriter(out, _schema(columns), compression="zstd") as writer:
        for part in parts:
            held.append(pq.read_table(part, schema=_schema(columns)))
            if len(held) == _GROUP:
                writer.write_table(pa.concat_tables(held))
                held.clear()
        if held:
            writer.write_table(pa.concat_tables(held))
