"""Example passages: the plainest texts of each label, with their evidence marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from ruminate.report.study import Study
from ruminate.results import LABELS

__all__ = ["Example", "Piece", "choose_examples"]

_EACH: Final = 2
_LONGEST: Final = 700


class Piece(NamedTuple):
    """A stretch of a text: plain, or evidence of a sign."""

    text: str
    sign: str = ""
    side: str = ""


class Example(NamedTuple):
    """A text in pieces, with its label and probability."""

    label: str
    probability: float
    place: str
    pieces: tuple[Piece, ...]


def choose_examples(study: Study) -> list[Example]:
    """Two texts a label, most probable first; none that may hold names, none with crisis language, none that is very long."""
    if study.text is None:
        return []
    results = study.results
    fits = results[study.text].astype(str).str.len().between(40, _LONGEST) & ~results["crisis"].fillna(value=False).astype(bool)
    if "possible_identifiers" in results:
        fits &= results["possible_identifiers"] == 0
    chosen = []
    for label in LABELS:
        there = results[fits & (results["label"] == label)].drop_duplicates(study.text)
        for _, row in there.sort_values([f"p_{label}", "row"], ascending=[False, True]).head(_EACH).iterrows():
            text = str(row[study.text])
            pieces = tuple(_pieces(text, _evidence(study, row, text)))
            chosen.append(Example(label, float(row[f"p_{label}"]), f"{row['source']}, row {row['row']}", pieces))
    return chosen


def _evidence(study: Study, row: Any, text: str) -> list[tuple[int, int, str, str]]:
    """Start, end, sign and side of what counts: as it was written, or found anew."""
    if study.evidence is not None:
        there = study.evidence[(study.evidence["source"] == row["source"]) & (study.evidence["row"] == row["row"]) & study.evidence["cancelled_by"].isna()]
        return [(int(one.start), int(one.end), str(one.sign), str(one.side)) for one in there.itertuples()]
    from ruminate import find_evidence

    return [(one.start, one.end, one.sign, one.side) for one in find_evidence(text) if one.cancelled_by is None]


def _pieces(text: str, evidence: Sequence[tuple[int, int, str, str]]) -> Iterator[Piece]:
    at = 0
    for start, end, sign, side in sorted(evidence):
        if start < at:
            continue  # inside a longer mark
        if start > at:
            yield Piece(text[at:start])
        yield Piece(text[start:end], sign.replace("_", " "), side)
        at = end
    if at < len(text):
        yield Piece(text[at:])
