"""The calls: a frame with results added, a long frame of evidence, a long frame of sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ruminate.analyzer import Analyzer, default_analyzer
from ruminate.errors import InputError
from ruminate.frames.columns import Column, Kind, evidence_columns, schema, sentence_columns
from ruminate.frames.rows import evidence_rows, refuse_taken, result_rows, sentence_rows
from ruminate.frames.typed import DTYPES
from ruminate.results import Assessment

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["assess_frame", "evidence_frame", "sentence_frame"]


def assess_frame(frame: Any, column: str = "text", *, analyzer: Analyzer | None = None, n_jobs: int = 1, prefix: str = "", features: bool = False) -> Any:
    """The frame with one column for each entry of `schema()` added; rows, order and index stay.

    Parameters
    ----------
    frame
        A pandas frame; polars and pyarrow tables too where narwhals is installed.
    column
        Name of the column that holds the texts. Missing values and values that are no text get a `problem` and no label.
    analyzer, n_jobs
        As for `ruminate.assess_many`.
    prefix
        Put before the names of the new columns.
    features
        Whether to add the features that the scorer reads, too (`f_…`).

    Raises
    ------
    InputError
        If there is no such column, a new column's name is taken, or the frame is of a kind that can't be read.

    Examples
    --------
    >>> import pandas as pd
    >>> found = assess_frame(pd.DataFrame({"id": [1, 2], "text": ["It's all my fault, I ruin everything.", None]}))
    >>> found["label"].tolist(), found["problem"].tolist()
    (['rumination', None], [None, 'missing'])
    """
    values = _values(frame, column)
    analyzer = analyzer or default_analyzer()
    columns = schema(features=features, analyzer=analyzer)
    refuse_taken(_names(frame), [prefix + entry.name for entry in columns])
    rows = [row for _, row in result_rows(values, analyzer, n_jobs=n_jobs, features=features)]
    return _with_columns(frame, {prefix + entry.name: (entry.kind, [row[entry.name] for row in rows]) for entry in columns})


def evidence_frame(frame: Any, column: str = "text", *, keep: Sequence[str] = (), analyzer: Analyzer | None = None, n_jobs: int = 1) -> pd.DataFrame:
    """One row a match: the row number of its text, the columns to keep, and what `evidence_columns` lists.

    Examples
    --------
    >>> import pandas as pd
    >>> evidence_frame(pd.DataFrame({"id": ["a"], "text": ["She says it's all my fault."]}), keep=["id"])[["id", "sign", "cancelled_by"]].values.tolist()
    [['a', 'self_blame', 'reported']]
    """
    return _long(frame, column, keep, analyzer, n_jobs, evidence_rows, evidence_columns())


def sentence_frame(frame: Any, column: str = "text", *, keep: Sequence[str] = (), analyzer: Analyzer | None = None, n_jobs: int = 1) -> pd.DataFrame:
    """One row a sentence: the row number of its text, the columns to keep, and what `sentence_columns` lists.

    Examples
    --------
    >>> import pandas as pd
    >>> sentence_frame(pd.DataFrame({"text": ["It's all my fault. Maybe she was tired."]}))[["row", "sentence", "start"]].values.tolist()
    [[0, 0, 0], [0, 1, 19]]
    """
    return _long(frame, column, keep, analyzer, n_jobs, sentence_rows, sentence_columns())


def _long(
    frame: Any, column: str, keep: Sequence[str], analyzer: Analyzer | None, n_jobs: int,
    make: Callable[[Assessment | None, Mapping[str, Any]], Iterator[dict[str, Any]]], columns: Sequence[Column],
) -> pd.DataFrame:  # fmt: skip
    import pandas as pd

    kept = {name: _values(frame, name) for name in keep}
    rows: list[dict[str, Any]] = []
    for number, (found, _) in enumerate(result_rows(_values(frame, column), analyzer or default_analyzer(), n_jobs=n_jobs)):
        rows.extend(make(found, {"row": number, **{name: values[number] for name, values in kept.items()}}))
    return pd.DataFrame(rows, columns=["row", *keep, *(entry.name for entry in columns)])


def _names(frame: Any) -> list[str]:
    return list(getattr(frame, "column_names", None) or frame.columns)


def _values(frame: Any, column: str) -> list[Any]:
    if not hasattr(frame, "columns"):
        raise InputError(f"a frame is needed (pandas, polars or pyarrow), not {type(frame).__name__}")
    if column not in _names(frame):
        raise InputError(f"the frame has no column {column!r}; it has {', '.join(map(repr, _names(frame)[:12]))}")
    values = frame[column]
    return list(values.to_list() if hasattr(values, "to_list") else values.to_pylist())


def _with_columns(frame: Any, columns: Mapping[str, tuple[Kind, list[Any]]]) -> Any:
    if type(frame).__module__.startswith("pandas"):
        import pandas as pd

        made = {name: pd.Series(values, dtype=DTYPES[kind], index=frame.index) for name, (kind, values) in columns.items()}
        return pd.concat([frame, pd.DataFrame(made, index=frame.index)], axis=1)
    try:
        import narwhals as nw
    except ImportError:
        raise InputError('frames of other kinds than pandas need narwhals: pip install "ruminate-nlp[frames]"') from None
    typed: dict[str, Any] = {"text": nw.String, "number": nw.Float64, "integer": nw.Int64, "truth": nw.Boolean}
    native = nw.from_native(frame, eager_only=True)
    space = native.implementation
    return native.with_columns(*(nw.new_series(name, values, typed[kind], backend=space) for name, (kind, values) in columns.items())).to_native()
