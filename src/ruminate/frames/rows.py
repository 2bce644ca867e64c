"""From assessments to rows: the one place where a result becomes a line of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from math import isnan
from typing import Any, Final

from ruminate import __version__
from ruminate.analyzer import Analyzer, analyzer_of
from ruminate.errors import InputError
from ruminate.frames.columns import Column, schema
from ruminate.results import Assessment
from ruminate.scoring.parcels import Parcel, pack, unpack

__all__ = ["evidence_rows", "problem_of", "result_rows", "sentence_rows"]

Found = tuple[Assessment | None, dict[str, Any]]
_CHUNK: Final = 128
"""Texts a batch, as in the analyzer."""


def result_rows(values: Iterable[Any], analyzer: Analyzer, *, n_jobs: int = 1, features: bool = False) -> Iterator[Found]:
    """For each value its assessment (None if it is no text) and its row of results, in order, as a stream."""
    stream = iter(values)
    chunks = iter(lambda: tuple(islice(stream, _CHUNK)), ())
    if n_jobs == 1:
        for chunk in chunks:
            yield from _chunk_rows(analyzer, chunk, features=features)
        return
    from joblib import Parallel, delayed

    run = Parallel(n_jobs=n_jobs, return_as="generator", pre_dispatch="3*n_jobs")
    settings = analyzer.settings()
    for parcel, rows in run(delayed(_rows_elsewhere)(settings, chunk, features) for chunk in chunks):
        found = iter(unpack(parcel, analyzer.scorer))
        yield from ((next(found) if assessed else None, row) for assessed, row in rows)


def _rows_elsewhere(
    settings: dict[str, Any], values: tuple[Any, ...], features: bool
) -> tuple[Parcel | list[Assessment], list[tuple[bool, dict[str, Any]]]]:
    rows = _chunk_rows(analyzer_of(settings), values, features=features)
    return pack([one for one, _ in rows if one is not None]), [(one is not None, row) for one, row in rows]


def _chunk_rows(analyzer: Analyzer, values: Sequence[Any], *, features: bool) -> list[Found]:
    problems = [problem_of(value) for value in values]
    texts = tuple("" if problem else value for value, problem in zip(values, problems, strict=True))
    found, table = analyzer.assess_with_features(texts)
    columns = schema(features=features, analyzer=analyzer)
    signs = tuple(column.name for column in columns if column.name.startswith("sign_"))
    versions = {"ruminate_version": __version__, "signs_version": analyzer.catalogue.sha256[:12]}
    measured = _measured(analyzer.table.names, table.tolist()) if features else [{}] * len(found)
    return [
        (None, _empty(problem, columns)) if problem else (one, _row(one, signs) | versions | more)
        for one, problem, more in zip(found, problems, measured, strict=True)
    ]


def _measured(names: tuple[str, ...], rows: list[list[float]]) -> list[dict[str, Any]]:
    at = _feature_places(names)
    return [{name: row[place] for name, place in at} for row in rows]


@lru_cache(maxsize=8)
def _feature_places(names: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    return tuple((f"f_{name}", at) for at, name in enumerate(names) if not name.startswith("sign:"))


def problem_of(value: Any) -> str:
    """Why a value is no text: "missing", "not text", or "" when it is one.

    Examples
    --------
    >>> [problem_of(value) for value in ("a", None, float("nan"), 3)]
    ['', 'missing', 'missing', 'not text']
    """
    if isinstance(value, str):
        return ""
    missing = value is None or (isinstance(value, float) and isnan(value)) or type(value).__name__ in ("NAType", "NaTType")
    return "missing" if missing else "not text"


def _empty(problem: str, columns: Sequence[Column]) -> dict[str, Any]:
    return {column.name: (problem if column.name == "problem" else None) for column in columns}


def _row(found: Assessment, signs: Sequence[str]) -> dict[str, Any]:
    counting = sum(item.cancelled_by is None for item in found.evidence)
    flags = [flag.id for flag in found.flags]
    return {
        "label": found.label, "abstained": found.abstained, "problem": None,
        **{f"p_{label}": share for label, share in found.probabilities.items()},
        "leaning": found.leaning, "shift": found.shift.direction if found.shift else None, "shift_sentence": found.shift.sentence if found.shift else None,
        "sentences": len(found.sentences), "evidence": counting, "cancelled": len(found.evidence) - counting,
        "concern": any(flag.startswith("genuine_concern") for flag in flags), "crisis": "crisis_language" in flags, "decided_by": found.decided_by,
        **{name: found.signs.get(name.removeprefix("sign_"), 0.0) for name in signs},
    }  # fmt: skip


def evidence_rows(found: Assessment | None, carried: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One row a match, with what is carried along."""
    for item in found.evidence if found else ():
        yield {**carried, **item._asdict()}


def sentence_rows(found: Assessment | None, carried: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One row a sentence, with what is carried along."""
    for number, item in enumerate(found.sentences if found else ()):
        yield {
            **carried, "sentence": number, "start": item.start, "end": item.end,
            "p_reflection": item.reflection, "p_rumination": item.rumination, "p_neither": item.neither,
        }  # fmt: skip


def refuse_taken(names: Iterable[str], new: Iterable[str]) -> None:
    """Results never take the place of a column that is there.

    Raises
    ------
    InputError
        If one of the new names is there already.
    """
    there = set(names)
    taken = [name for name in new if name in there]
    if taken:
        raise InputError(f"there already is a column {taken[0]!r} (and {len(taken) - 1} more that results would take); give a prefix")
