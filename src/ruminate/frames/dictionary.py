"""The data dictionary: what every column means, as a table and as labels for SPSS and R, made from the declared columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ruminate.frames.columns import IDENTIFIERS, PLACE, Column, evidence_columns, schema, sentence_columns

__all__ = ["data_dictionary", "r_labels", "spss_syntax"]

_TABLES: Final = ("results", "evidence", "sentences")


def data_dictionary() -> list[dict[str, str]]:
    """One entry a column: table, name, kind, meaning, range, unit, source, labels of values.

    Columns of your own that were carried along are not in it.

    Examples
    --------
    >>> entries = data_dictionary()
    >>> [entry["meaning"] for entry in entries if entry["column"] == "p_neither"][0]
    "probability of neither, calibrated to the model's base rates"
    """
    tables = zip(_TABLES, (_results(), (*PLACE, *evidence_columns()), (*PLACE, *sentence_columns())), strict=True)
    return [_entry(table, column) for table, columns in tables for column in columns]


def _entry(table: str, column: Column) -> dict[str, str]:
    return {
        "table": table, "column": column.name, "kind": column.kind, "meaning": column.says, "range": column.values, "unit": column.unit,
        "source": column.source,
    }  # fmt: skip


def _words(column: Column) -> list[str]:
    """The words of a text column with a short fixed list of them."""
    return [word.strip() for word in column.values.split(",")] if column.kind == "text" and "," in column.values and "…" not in column.values else []


def _results() -> Sequence[Column]:
    return (*PLACE, IDENTIFIERS, *schema(features=True))


def spss_syntax() -> str:
    """SPSS syntax that labels the columns of the results and the words in them.

    Examples
    --------
    >>> spss_syntax().splitlines()[1]
    'VARIABLE LABELS'
    """
    def quoted(text: str) -> str:
        return "'" + text.replace("'", "''")[:250] + "'"

    columns = _results()
    lines = ["* Labels for the results of ruminate; run after the table has been opened.", "VARIABLE LABELS"]
    lines += [f"  {column.name} {quoted(_with_unit(column))}" for column in columns]
    lines[-1] += "."
    lines.append("VALUE LABELS")
    for column in columns:
        if words := _words(column):
            lines.append(f"  /{column.name} " + " ".join(f"{quoted(word)} {quoted(word.replace('_', ' '))}" for word in words))
    lines[-1] += "."
    return "\n".join((*lines, "EXECUTE.", ""))


def r_labels() -> str:
    """An R function that labels the columns of the results (attribute `label`, as haven and labelled use it) and makes factors.

    Examples
    --------
    >>> "label_ruminate <- function(data) {" in r_labels()
    True
    """
    lines = ["# Labels for the results of ruminate: data <- label_ruminate(data)", "label_ruminate <- function(data) {"]
    for column in _results():
        name = _r(column.name)
        words = _words(column)
        inner = [f"data[[{name}]] <- factor(data[[{name}]], levels = c({', '.join(_r(word) for word in words)}))"] if words else []
        inner.append(f'attr(data[[{name}]], "label") <- {_r(_with_unit(column))}')
        lines += _if_there(name, inner)
    return "\n".join((*lines, "  data", "}", ""))


def _r(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _if_there(name: str, inner: Iterable[str]) -> list[str]:
    return [f"  if ({name} %in% names(data)) {{", *(f"    {line}" for line in inner), "  }"]


def _with_unit(column: Column) -> str:
    return f"{column.says} [{column.unit}]" if column.unit else column.says
