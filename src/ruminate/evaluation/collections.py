"""Our labels of public collections, joined to a user's own copies of their texts.

The texts are other people's and are not shipped; `data/real/labels.jsonl` holds, for each, where it is from, the sha256 of
the labelled piece, and our labels. Records longer than a limit were cut at the ends of sentences; the cut is done again here, so
that a whole record of the original collection finds its label.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from ruminate.errors import InputError

__all__ = ["Joined", "cut_record", "join_labels", "read_copies"]

_CUTS: Final = ((150, 0.0), (140, 0.0), (170, 0.0), (130, 0.0), (120, 0.0), (90, 0.0), (60, 0.0), (150, 0.3), (150, 0.5))
"""Most words, and the share of the record's sentences that is passed over at its beginning, as the collections were cut."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Labelled texts as dictionaries for JSON lines, and how many of each source were wanted and found."""

    rows: tuple[Mapping[str, Any], ...]
    wanted: Mapping[str, int]
    found: Mapping[str, int]

    @property
    def missing(self) -> Mapping[str, int]:
        """How many labels of each source found no text."""
        return {source: count - self.found.get(source, 0) for source, count in self.wanted.items() if count > self.found.get(source, 0)}


def cut_record(text: str, most_words: int, start: float = 0.0) -> str:
    """The piece of a record that was labelled: whole sentences up to about so many words.

    Examples
    --------
    >>> cut_record("One two. Three four. Five.", 4)
    'One two. Three four.'
    """
    tidy = re.sub(r"[ \t]+", " ", re.sub(r"\s*\n\s*", "\n", text.replace("\r", "\n"))).strip()
    sentences = re.split(r"(?<=[.!?…])\s+|\n+", tidy)
    piece: list[str] = []
    words = 0
    for sentence in sentences[int(len(sentences) * start) :]:
        count = len(sentence.split())
        if words and words + count > most_words:
            break
        piece.append(sentence)
        words += count
    return " ".join(piece).strip()


def join_labels(labels: str | Path, copies: Iterable[str], parts: Collection[str] | None = None) -> Joined:
    """Give the texts of your own copies their labels.

    Parameters
    ----------
    labels
        `data/real/labels.jsonl`.
    copies
        Texts: whole records of the collections, or pieces of them, in any order.
    parts
        Only labels of these parts ("train", "dev", "more"); all by default.

    Raises
    ------
    InputError
        If the file of labels can't be used.
    """
    try:
        entries = [json.loads(line) for line in Path(labels).read_text("utf-8").splitlines() if line.strip()]
        entries = [entry for entry in entries if parts is None or entry.get("part") in parts]
        by_hash = {entry["sha256"]: entry for entry in entries}
        wanted = Counter(entry["source"] for entry in entries)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{labels}: not a file of labels (JSON lines with sha256 and source): {type(error).__name__}") from error
    rows: dict[str, Mapping[str, Any]] = {}
    for text in copies:
        for piece in _pieces(text):
            key = sha256(piece.encode("utf-8", "surrogatepass")).hexdigest()
            if key in by_hash and key not in rows:
                entry = by_hash[key]
                rows[key] = {"id": f"r-{key[:10]}", **entry, "text": piece}
                break
    ordered = tuple(rows[entry["sha256"]] for entry in entries if entry["sha256"] in rows)
    return Joined(ordered, dict(wanted), dict(Counter(row["source"] for row in ordered)))


def read_copies(paths: Iterable[str | Path]) -> Iterator[str]:
    """Texts of JSON lines (key `text`), of text files, or of every cell of CSV and TSV files.

    Raises
    ------
    InputError
        If a file can't be read.
    """
    for given in paths:
        path = Path(given)
        try:
            yield from _texts(path)
        except (OSError, ValueError) as error:
            raise InputError(f"{path} can't be read as JSON lines, CSV, TSV or text: {type(error).__name__}") from error


def _texts(path: Path) -> Iterator[str]:
    if path.suffix in (".csv", ".tsv"):
        import pandas as pd

        for column in pd.read_csv(path, sep="\t" if path.suffix == ".tsv" else ",", dtype=str, keep_default_na=False).items():
            yield from column[1].tolist()
    elif path.suffix == ".jsonl":
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                raw = json.loads(line)
                if isinstance(raw, dict) and isinstance(raw.get("text"), str):
                    yield raw["text"]
    else:
        yield path.read_text("utf-8")


def _pieces(text: str) -> Iterator[str]:
    yield text
    for most, start in _CUTS:
        yield cut_record(text, most, start)
