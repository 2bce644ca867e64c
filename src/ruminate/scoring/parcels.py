"""Assessments on their way from one process to another: as a few arrays and plain tuples.

Contributions are worked out when first looked at; sent as they are, all of them would have to be worked out and written
down, which takes many times longer than assessing. So what they are worked out from travels, and the receiver, who has
the same scorer, binds it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from ruminate.results import Assessment, Contributions, Evidence, Flag, Guidance, SentenceScore, Shift
from ruminate.scoring.scorer import LinearScorer
from ruminate.scoring.terms import TextTerms

__all__ = ["Parcel", "pack", "unpack"]


class Parcel(NamedTuple):
    """Assessments of some texts.

    `plain` holds what is not an array, a tuple a text; `sentences`, `columns` with `values`, and `places` hold those of
    all texts end to end, and `many` how many of each belong to each text.
    """

    plain: list[tuple[Any, ...]]
    many: list[tuple[int, int, int]]
    sentences: NDArray[np.float64]
    rows: NDArray[np.float64]
    columns: NDArray[np.int32]
    values: NDArray[np.float64]
    places: NDArray[np.int32]


def pack(found: Sequence[Assessment]) -> Parcel | list[Assessment]:
    """Make a parcel, of assessments whose contributions nobody has looked at yet; others are left as they are."""
    sources = [_source(one.contributions) for one in found]
    if not found or any(source is None or len(source) != 2 for source in sources):  # an encoder's parts travel as they are
        return list(found)
    rows, terms = zip(*cast("list[tuple[Any, Any]]", sources), strict=True)
    spoken = [each for each in terms if each is not None]
    if spoken and len(spoken) != len(terms):
        return list(found)
    return Parcel(
        plain=[_plain(one) for one in found],
        many=[
            (len(one.sentences), *((0, 0) if each is None else (len(each.columns), each.found.shape[1])))
            for one, each in zip(found, terms, strict=True)
        ],
        sentences=np.array([sentence for one in found for sentence in one.sentences], dtype=np.float64).reshape(-1, len(SentenceScore._fields)),
        rows=np.stack(rows),
        columns=_joined((each.columns for each in spoken), np.int32),
        values=_joined((each.values for each in spoken), np.float64),
        places=np.concatenate([np.zeros((3, 0), dtype=np.int32), *(each.found.astype(np.int32) for each in spoken)], axis=1),
    )


def unpack(parcel: Parcel | list[Assessment], scorer: LinearScorer) -> list[Assessment]:
    """The assessments again; `scorer` must be the one that made them, or its equal."""
    if not isinstance(parcel, Parcel):
        return parcel
    starts, stops, *chances = parcel.sentences.T.tolist()
    course = list(map(SentenceScore._make, zip(map(int, starts), map(int, stops), *chances, strict=True)))
    by_sentence, by_term, by_place = (_slices(counts) for counts in zip(*parcel.many, strict=True))
    speaks = scorer.vocabulary is not None
    columns, places = parcel.columns.astype(np.int64), parcel.places.astype(np.int64)
    return [
        _assessment(
            plain, tuple(course[sentences]),
            scorer.contributions(row, TextTerms(columns[terms].copy(), parcel.values[terms].copy(), places[:, where].copy()) if speaks else None),
        )
        for plain, row, sentences, terms, where in zip(parcel.plain, parcel.rows, by_sentence, by_term, by_place, strict=True)
    ]  # fmt: skip


def _source(contributions: Contributions) -> tuple[Any, ...] | None:
    """What the scorer will work the contributions out from; None if that has been done."""
    make = contributions.pending
    return make.args if isinstance(make, partial) else None


def _plain(one: Assessment) -> tuple[Any, ...]:
    return (
        one.label, one.abstained, tuple(one.probabilities.items()), one.leaning, one.decided_by, [tuple(item) for item in one.evidence],
        dict(one.signs), None if one.shift is None else tuple(one.shift), [tuple(item) for item in one.guidance], [tuple(item) for item in one.flags],
    )  # fmt: skip


def _assessment(plain: tuple[Any, ...], sentences: tuple[SentenceScore, ...], contributions: Contributions) -> Assessment:
    label, abstained, chances, leaning, decided_by, evidence, signs, shift, guidance, flags = plain
    return Assessment(
        label=label, abstained=abstained, probabilities=MappingProxyType(dict(chances)), leaning=leaning, decided_by=decided_by,
        evidence=tuple(map(Evidence._make, evidence)), signs=MappingProxyType(signs), contributions=contributions, sentences=sentences,
        shift=None if shift is None else Shift(*shift), guidance=tuple(map(Guidance._make, guidance)), flags=tuple(map(Flag._make, flags)),
    )  # fmt: skip


def _joined(parts: Iterable[NDArray[Any]], kind: type[Any]) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype=kind), *(part.astype(kind) for part in parts)])


def _slices(counts: Sequence[int]) -> list[slice]:
    return [slice(start, stop) for start, stop in pairwise(accumulate(counts, initial=0))]
