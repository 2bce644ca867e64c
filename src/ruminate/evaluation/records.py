"""Labelled texts, as every suite and every trainer reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import InputError
from ruminate.results import LABELS

__all__ = ["MORE", "Record", "label_numbers", "read_records"]

MORE: Final = "more"
"""The part of our labels that is learned from and not measured on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One labelled text.

    Attributes
    ----------
    id, text, label
        A unique id, the text, and one of `ruminate.LABELS` ("" where a collection has other labels than ours, see `facts`).
    source
        The collection that it comes from; models are judged on sources that they have not seen.
    group
        What must stay together in a split and in a bootstrap draw: a contrast set, a writer, or the text itself.
    signs
        Ids of signs that the raters named.
    votes
        The single raters' labels, where there are several.
    confidence
        1 (open between two labels) to 3 (plain).
    shift
        "to_reflection", "to_rumination" or None.
    hard
        The hard kind that an authored text stands for, or None.
    writer
        Who wrote an authored text, or None; a writer's habits must not be in both parts of a split.
    contrast
        The contrast set that a text belongs to, or None.
    turn
        How the sentence begins in which a text turns, where that is known.
    spans
        (sign, exact quote) as readers marked them, or None where nobody did.
    register
        What kind of writing an authored text is, or None.
    learn_only
        True for a text that was picked to be labelled because a model was unsure of it (`"part": "more"`): to be learned from. Such
        texts are harder than their source, so no figure and no calibration is taken from them.
    facts
        What else the collection knows of the text: a rating, a label of its own, a part in a pair.
    """

    id: str
    text: str
    label: str
    source: str
    group: str
    signs: tuple[str, ...] = ()
    votes: tuple[str, ...] = ()
    confidence: float = 3.0
    shift: str | None = None
    hard: str | None = None
    writer: str | None = None
    contrast: str | None = None
    turn: str | None = None
    spans: tuple[tuple[str, str], ...] | None = None
    register: str | None = None
    learn_only: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)


def read_records(path: str | Path) -> list[Record]:
    """Read labelled texts from JSON lines.

    Each line needs `id`, `text` and `label`; `source`, `group` (or `set`), `signs`, `votes`, `confidence`, `shift` and
    `hard` are taken where they stand.

    Raises
    ------
    InputError
        If the file is missing, or a line can't be used; the message names the line and quotes nothing of it.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(f"there is no file {file}")
    records = []
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                records.append(_record(line, f"{file.name}, line {number}"))
    return records


def _record(line: str, where: str) -> Record:
    try:
        raw: dict[str, Any] = json.loads(line)
        label, text, name = raw["label"], raw["text"], str(raw["id"])
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise InputError(f"{where}: not a labelled text (needs id, text and label as JSON): {type(error).__name__}") from None
    if label not in LABELS or not isinstance(text, str):
        raise InputError(f"{where}: label must be one of {', '.join(LABELS)}, and text a string")
    return Record(
        id=name, text=text, label=label, source=str(raw.get("source", "unknown")), group=str(raw.get("group") or raw.get("set") or name),
        signs=tuple(raw.get("signs") or ()), votes=tuple(raw.get("votes") or ()), confidence=float(raw.get("confidence", 3.0)),
        shift=raw.get("shift"), hard=raw.get("hard"), writer=raw.get("writer"),
        contrast=raw.get("set"), turn=raw.get("turn"), register=raw.get("register"),
        learn_only=raw.get("part") == MORE,
        spans=None if raw.get("spans") is None else tuple((str(sign), str(quote)) for sign, quote in raw["spans"]),
    )  # fmt: skip


def label_numbers(records: Sequence[Record]) -> NDArray[np.int64]:
    """Labels as numbers, in the order of `ruminate.LABELS`."""
    return np.array([LABELS.index(record.label) for record in records], dtype=np.int64)
