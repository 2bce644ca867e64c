"""The pure function at the heart of every run: a frame of texts in, a frame of results out, with nothing else looked at or changed.

Long tables travel inside the frame, as JSON in one cell a text, so that one function does for every engine.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ruminate.analyzer import analyzer_of
from ruminate.batch.identifiers import find_identifiers
from ruminate.frames.columns import IDENTIFIERS, Column, schema
from ruminate.frames.rows import evidence_rows, result_rows, sentence_rows
from ruminate.frames.typed import to_frame

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Job", "assess_part", "part_columns", "wide_columns"]

_INNER = tuple(Column(f"found_{name}", "text", f"{name}, as JSON", "") for name in ("identifiers", "evidence", "sentences"))


@dataclass(frozen=True, slots=True)
class Job:
    """What is done with each text: settings of the analyzer, and which long tables are wanted."""

    settings: dict[str, Any] = field(default_factory=dict)
    evidence: bool = False
    sentences: bool = False


def wide_columns(job: Job) -> tuple[Column, ...]:
    """The columns of results in the wide table."""
    return (IDENTIFIERS, *schema(features=True, analyzer=analyzer_of(job.settings)))


def part_columns(job: Job) -> tuple[Column, ...]:
    """The columns of what `assess_part` gives back, in order."""
    return (*wide_columns(job), *_INNER)


def assess_part(frame: pd.DataFrame, job: Job) -> pd.DataFrame:
    """Results for the texts in the column `text`, row by row in the same order.

    Examples
    --------
    >>> import pandas as pd
    >>> assess_part(pd.DataFrame({"text": ["I ruin everything, it's all my fault."]}), Job())["sentences"].tolist()
    [1]
    """
    texts = frame["text"].tolist()
    rows = []
    for text, (found, row) in zip(texts, result_rows(texts, analyzer_of(job.settings), features=True), strict=True):
        identifiers = find_identifiers(text) if isinstance(text, str) else {}
        inner = {
            "found_identifiers": json.dumps(identifiers) if identifiers else None,
            "found_evidence": json.dumps(list(evidence_rows(found, {}))) if job.evidence else None,
            "found_sentences": json.dumps(list(sentence_rows(found, {}))) if job.sentences else None,
        }
        rows.append(row | inner | {"possible_identifiers": sum(identifiers.values())})
    return to_frame(rows, part_columns(job))
