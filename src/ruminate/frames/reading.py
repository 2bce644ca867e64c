"""Reading back what `ruminate batch` wrote: Parquet, CSV or JSON lines, in the declared kinds whatever the file kept of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from ruminate.errors import InputError
from ruminate.frames.columns import IDENTIFIERS, PLACE, Column, evidence_columns, schema, sentence_columns
from ruminate.frames.typed import typed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_evidence", "read_results", "read_sentences"]

Place = str | PathLike[str]


def read_results(path: Place) -> pd.DataFrame:
    """The wide table of a run, one row a text.

    Parameters
    ----------
    path
        The file that was given to `ruminate batch -o`.

    Raises
    ------
    InputError
        If there is no such file, or it holds no results.
    """
    return _read(path, (PLACE[1], IDENTIFIERS, *schema(features=True)), needs=("label", "p_rumination"))


def read_evidence(path: Place) -> pd.DataFrame:
    """The long table of evidence that was written beside the results at `path`; raises `InputError` if there is none."""
    return _read(_beside(path, "evidence"), (PLACE[1], *evidence_columns()), needs=("sign", "start"))


def read_sentences(path: Place) -> pd.DataFrame:
    """The long table of sentences that was written beside the results at `path`; raises `InputError` if there is none."""
    return _read(_beside(path, "sentences"), (PLACE[1], *sentence_columns()), needs=("sentence", "start"))


def _beside(path: Place, kind: str) -> Path:
    results = Path(path)
    there = results.with_name(f"{results.stem}.{kind}{results.suffix}")
    if not there.is_file():
        raise InputError(f"there is no file {there}; run `ruminate batch` with --{kind}")
    return there


def _read(path: Place, columns: Sequence[Column], needs: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    file = Path(path)
    if not file.is_file():
        raise InputError(f"there is no file {file}")
    try:
        if file.suffix == ".parquet":
            frame = pd.read_parquet(file)
        elif file.suffix == ".jsonl":
            with file.open(encoding="utf-8") as lines:
                frame = pd.DataFrame([json.loads(line) for line in lines])
        else:
            frame = pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""])
    except ImportError as error:
        raise InputError(f'{file.name}: reading it needs pyarrow: pip install "ruminate-nlp[batch]"') from error
    except (ValueError, OSError) as error:
        raise InputError(f"{file.name} can't be read as results ({type(error).__name__})") from error
    missing = [name for name in needs if name not in frame.columns]
    if missing:
        raise InputError(f"{file.name} holds no results of this kind: there is no column {missing[0]!r}")
    known = [column for column in columns if column.name in frame.columns]
    declared = {column.name for column in known}
    own = (name for name in frame.columns if name.startswith("sign_") and name not in declared)
    known.extend(Column(name, "number", "a sign of the host's own", "0 and more") for name in own)
    brought = typed(frame, known)
    # made anew at once: columns that are put in one by one leave a frame in pieces
    return pd.DataFrame({name: (brought if name in brought else frame)[name] for name in frame.columns}, index=frame.index)
