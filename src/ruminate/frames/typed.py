"""Rows and frames brought to the declared kinds, so that every engine and every file gives the same table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ruminate.frames.columns import Column, Kind

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DTYPES", "to_frame", "typed"]

DTYPES: Final[Mapping[Kind, str]] = {"text": "object", "number": "float64", "integer": "Int64", "truth": "boolean"}
"""What pandas calls each kind. Text is kept as plain Python strings: a table looks the same whichever string type is installed."""


def to_frame(rows: Iterable[Mapping[str, Any]], columns: Sequence[Column]) -> pd.DataFrame:
    """Rows as a frame with exactly these columns.

    Examples
    --------
    >>> to_frame([{"sentences": 2}], [Column("sentences", "integer", "", "")]).dtypes.tolist()
    [Int64Dtype()]
    """
    import pandas as pd

    held = list(rows)
    return pd.DataFrame({column.name: pd.Series([row.get(column.name) for row in held], dtype=DTYPES[column.kind]) for column in columns})


def typed(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """A frame that came from a file or another engine, with exactly these columns in their kinds; missing text becomes None.

    Examples
    --------
    >>> import pandas as pd
    >>> typed(pd.DataFrame({"label": ["neither", float("nan")]}), [Column("label", "text", "", "")])["label"].tolist()
    ['neither', None]
    """
    import pandas as pd

    made = {}
    for column in columns:
        values = frame[column.name]
        if column.kind == "text":
            values = values.astype("object")
            made[column.name] = values.where(values.notna(), None)
        elif column.kind == "truth" and values.dtype.kind not in "bi":
            words = {"true": True, "True": True, "false": False, "False": False, True: True, False: False}
            made[column.name] = values.astype("object").map(words).astype("boolean")
        elif column.kind == "integer":
            made[column.name] = pd.to_numeric(values).astype("Int64")
        else:
            made[column.name] = values.astype(DTYPES[column.kind])
    return pd.DataFrame(made, columns=[column.name for column in columns], index=frame.index)
