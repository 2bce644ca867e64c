"""Frames in, frames out: one row a text, or one row a piece of evidence, for pandas and, through narwhals, polars and Arrow.

`schema()` says of every column what it means; the data dictionary and the readers of other engines are made from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import isnan
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from ruminate.analyzer import Analyzer, default_analyzer
from ruminate.errors import InputError
from ruminate.results import LABELS, Assessment, Evidence
from ruminate.signs.catalogue import load_signs

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Column", "assess_frame", "evidence_columns", "evidence_frame", "result_rows", "schema"]

Kind = Literal["text", "number", "integer", "truth"]


class Column(NamedTuple):
    """One column of the results: what it holds and what it means."""

    name: str
    kind: Kind
    says: str
    values: str
    source: str = "codebook"


_LABELS: Final = ", ".join(LABELS)
_HEAD: Final = (
    Column("label", "text", "how the thinking goes in most of the text; 'uncertain' when it abstains; empty when the text is missing", f"{_LABELS}, uncertain"),
    Column("abstained", "text", "why no label is given; empty when one is", "empty, too_short, not_english, low_confidence, crisis_language"),
    Column("problem", "text", "why the row could not be assessed; empty when it could", "missing, not text"),
    Column("p_reflection", "number", "probability of reflection, calibrated to the model's base rates", "0 to 1", "model card"),
    Column("p_rumination", "number", "probability of rumination", "0 to 1", "model card"),
    Column("p_neither", "number", "probability of neither", "0 to 1", "model card"),
    Column("leaning", "text", "the likelier of reflection and rumination, whatever the label", "reflection, rumination"),
    Column("shift", "text", "which way the thinking turns and stays turned; empty when it doesn't", "to_reflection, to_rumination"),
    Column("shift_sentence", "integer", "number of the first sentence after the turn, from 0", "0 and more"),
    Column("sentences", "integer", "number of sentences", "0 and more", "reading"),
    Column("evidence", "integer", "matches of signs that count", "0 and more"),
    Column("cancelled", "integer", "matches that something cancels (negation, reported speech …)", "0 and more"),
    Column("concern", "truth", "a concrete safety, ethical or practical concern is named", "true, false"),
    Column("crisis", "truth", "the screen for crisis language fired; no safety net", "true, false"),
    Column("decided_by", "text", "the model or the rules that decided", "model:…, rules:…", "provenance"),
)


@cache
def schema() -> tuple[Column, ...]:
    """The columns that `assess_frame` adds, in order.

    Examples
    --------
    >>> [column.name for column in schema()][:2]
    ['label', 'abstained']
    """
    values = "0 and more; a suggestive match is half"
    signs = load_signs().signs.values()
    return (*_HEAD, *(Column(f"sign_{sign.id}", "number", f"{sign.side}: {sign.definition}", values, "; ".join(sign.sources)) for sign in signs))


def evidence_columns() -> tuple[Column, ...]:
    """The columns of `evidence_frame`, without those that are carried along."""
    return (
        Column("sign", "text", "id of the sign", "see ruminate signs"),
        Column("side", "text", "which side it belongs to", "reflection, rumination"),
        Column("start", "integer", "character offset in the text", "0 and more"),
        Column("end", "integer", "character offset one past it", "1 and more"),
        Column("quote", "text", "what stands there", "words of the text"),
        Column("pattern", "text", "the pattern that matched", "notation of the sign files"),
        Column("weight", "number", "how much a match counts", "0.5 or 1"),
        Column("sentence", "integer", "number of the sentence, from 0", "0 and more"),
        Column("cancelled_by", "text", "empty when the match counts, else why it doesn't", "negated, reported, …"),
    )


def result_rows(texts: Iterable[Any], analyzer: Analyzer, *, n_jobs: int = 1) -> Iterator[tuple[Assessment | None, dict[str, Any]]]:
    """For each value its assessment (None if it is no text) and its row of results, in order, as a stream."""
    problems: list[str] = []

    def only_texts() -> Iterator[str]:
        for value in texts:
            problems.append(_problem(value))
            yield "" if problems[-1] else value

    for at, found in enumerate(analyzer.assess_many(only_texts(), n_jobs=n_jobs)):
        problem = problems[at]
        yield (None, _empty(problem)) if problem else (found, _row(found))


def _problem(value: Any) -> str:
    if isinstance(value, str):
        return ""
    missing = value is None or (isinstance(value, float) and isnan(value)) or type(value).__name__ in ("NAType", "NaTType")
    return "missing" if missing else "not text"


def _empty(problem: str) -> dict[str, Any]:
    return {column.name: (problem if column.name == "problem" else None) for column in schema()}


def _row(found: Assessment) -> dict[str, Any]:
    counting = sum(item.cancelled_by is None for item in found.evidence)
    flags = [flag.id for flag in found.flags]
    return {
        "label": found.label, "abstained": found.abstained, "problem": None,
        **{f"p_{label}": share for label, share in found.probabilities.items()},
        "leaning": found.leaning, "shift": found.shift.direction if found.shift else None, "shift_sentence": found.shift.sentence if found.shift else None,
        "sentences": len(found.sentences), "evidence": counting, "cancelled": len(found.evidence) - counting,
        "concern": any(flag.startswith("genuine_concern") for flag in flags), "crisis": "crisis_language" in flags, "decided_by": found.decided_by,
        **{name: found.signs.get(name.removeprefix("sign_"), 0.0) for name in _sign_columns()},
    }  # fmt: skip


@cache
def _sign_columns() -> tuple[str, ...]:
    return tuple(column.name for column in schema() if column.name.startswith("sign_"))


def assess_frame(frame: Any, column: str = "text", *, analyzer: Analyzer | None = None, n_jobs: int = 1, prefix: str = "") -> Any:
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
    taken = [prefix + entry.name for entry in schema() if prefix + entry.name in _names(frame)]
    if taken:
        raise InputError(f"the frame already has a column {taken[0]!r} (and {len(taken) - 1} more that results would take); give a prefix")
    rows = [row for _, row in result_rows(values, analyzer or default_analyzer(), n_jobs=n_jobs)]
    return _with_columns(frame, {prefix + entry.name: (entry.kind, [row[entry.name] for row in rows]) for entry in schema()})


def evidence_frame(frame: Any, column: str = "text", *, keep: Sequence[str] = (), analyzer: Analyzer | None = None, n_jobs: int = 1) -> pd.DataFrame:
    """One row a match: the row number of its text, the columns to keep, and what `evidence_columns` lists.

    Examples
    --------
    >>> import pandas as pd
    >>> evidence_frame(pd.DataFrame({"id": ["a"], "text": ["She says it's all my fault."]}), keep=["id"])[["id", "sign", "cancelled_by"]].values.tolist()
    [['a', 'self_blame', 'reported']]
    """
    import pandas as pd

    kept = {name: _values(frame, name) for name in keep}
    rows: list[Mapping[str, Any]] = []
    for number, (found, _) in enumerate(result_rows(_values(frame, column), analyzer or default_analyzer(), n_jobs=n_jobs)):
        carried = {"row": number, **{name: values[number] for name, values in kept.items()}}
        rows += [{**carried, **item._asdict()} for item in (found.evidence if found else ())]
    return pd.DataFrame(rows, columns=["row", *keep, *Evidence._fields])


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

        kinds = {"text": "object", "number": "float64", "integer": "Int64", "truth": "boolean"}
        made = {name: pd.Series(values, dtype=kinds[kind], index=frame.index) for name, (kind, values) in columns.items()}
        return pd.concat([frame, pd.DataFrame(made, index=frame.index)], axis=1)
    try:
        import narwhals as nw
    except ImportError:
        raise InputError('frames of other kinds than pandas need narwhals: pip install "ruminate-nlp[frames]"') from None
    typed: dict[str, Any] = {"text": nw.String, "number": nw.Float64, "integer": nw.Int64, "truth": nw.Boolean}
    native = nw.from_native(frame, eager_only=True)
    space = native.implementation
    return native.with_columns(*(nw.new_series(name, values, typed[kind], backend=space) for name, (kind, values) in columns.items())).to_native()
