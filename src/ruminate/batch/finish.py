"""The end of a run: parts are joined, files moved into place, counts added up and checked, the manifest written last."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from ruminate.batch.identifiers import kinds
from ruminate.batch.options import BatchOptions, Outputs
from ruminate.batch.parts import Parts, write_whole
from ruminate.batch.provenance import file_about, machine
from ruminate.batch.results import Layout
from ruminate.batch.sources import Source
from ruminate.batch.writing import join_parts
from ruminate.errors import InputError

__all__ = ["Outcome", "finish", "finished"]

_FORMAT: Final = 1
_TALLIES: Final = ("rejected", "labels", "abstained", "identifiers")


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes
    ----------
    counts
        `read`, `assessed`, `rejected` (these two add up to the first), and tallies by reason, label and kind.
    files
        What was written, the manifest last.
    warnings
        What should be looked at before the results are used.
    manifest
        Everything, as it stands in the manifest file.
    """

    counts: Mapping[str, Any]
    files: tuple[Path, ...]
    warnings: tuple[str, ...]
    manifest: Mapping[str, Any]


def finish(
    outputs: Outputs, parts: Parts, layout: Layout, sources: Sequence[Source], plan: Mapping[str, Any], options: BatchOptions, *,
    command: Sequence[str], started: float, resumed: bool,
) -> Outcome:  # fmt: skip
    """Join, move, count, and write the manifest. May be done again after a kill: it changes nothing that is done."""
    total = sum(source.rows for source in sources)
    numbers = range(-(-total // options.part_rows))
    counts = _count(parts, numbers, total)
    places = _places(outputs)
    files = []
    for name, columns in layout.columns.items():
        joined = parts.folder / f"joined-{name}"
        join_parts((parts.place(number) / name for number in numbers), columns, joined)
        joined.replace(places[name])
        files.append(places[name])
    manifest = {
        "manifest": _FORMAT, **plan,
        "outputs": [file_about(file) for file in files],
        "counts": counts,
        "run": {
            "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "seconds": round(time.time() - started, 1), "resumed": resumed,
            "command": list(command), "engine": options.engine, "processes": options.n_jobs, "machine": machine(),
        },
    }  # fmt: skip
    write_whole(outputs.manifest, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    parts.clear()
    return _outcome(outputs, manifest)


def _places(outputs: Outputs) -> dict[str, Path]:
    suffix = outputs.results.suffix
    return {
        f"results{suffix}": outputs.results, f"evidence{suffix}": outputs.evidence, f"sentences{suffix}": outputs.sentences,
        "rejects.csv": outputs.rejects, "identifiers.csv": outputs.identifiers,
    }  # fmt: skip


def finished(outputs: Outputs, plan: Mapping[str, Any]) -> Outcome | None:
    """The outcome of this very run if it was finished before and its files are still what they were."""
    try:
        manifest = json.loads(outputs.manifest.read_text("utf-8"))
        same = all(manifest[name] == json.loads(json.dumps(value)) for name, value in plan.items())
        whole = same and all(file_about(outputs.results.with_name(entry["name"])) == entry for entry in manifest["outputs"])
    except (OSError, ValueError, KeyError):
        return None
    return _outcome(outputs, manifest) if whole else None


def _count(parts: Parts, numbers: range, total: int) -> dict[str, Any]:
    tallies: dict[str, Counter[str]] = {name: Counter() for name in _TALLIES}
    assessed = 0
    ids: list[Any] = []
    texts: list[Any] = []
    for counts in _each(parts, numbers):
        assessed += counts["assessed"]
        for name, tally in tallies.items():
            tally.update(counts[name])
        for kept, name in ((ids, "ids"), (texts, "texts")):
            kept.append(np.array([int(digest, 16) for digest in counts[name]], dtype=np.uint64))
    rejected = sum(tallies["rejected"].values())
    if assessed + rejected != total:
        came = assessed + rejected
        raise InputError(f"{total} rows were counted and {came} came through: an input was changed while it was read; begin anew with --overwrite")
    return {
        "read": total, "assessed": assessed, "rejected": rejected, "reasons": _sorted(tallies["rejected"]), "labels": _sorted(tallies["labels"]),
        "abstained": _sorted(tallies["abstained"]), "rows_with_possible_identifiers": _sorted(tallies["identifiers"]),
        "duplicate_ids": _duplicates(ids), "duplicate_texts": _duplicates(texts),
    }  # fmt: skip


def _each(parts: Parts, numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        counts = parts.counts(number)
        if counts is None:
            raise InputError(f"part {number} of {parts.folder.name} is missing; run again with --resume")
        yield counts


def _sorted(tally: Counter[str]) -> dict[str, int]:
    return dict(sorted(tally.items()))


def _duplicates(digests: list[Any]) -> int:
    """How many rows repeat an earlier one. Eight bytes a row are kept for it."""
    held = np.concatenate(digests) if digests else np.array([], dtype=np.uint64)
    return len(held) - len(np.unique(held))


def _outcome(outputs: Outputs, manifest: Mapping[str, Any]) -> Outcome:
    counts = manifest["counts"]
    warnings = []
    if counts["rejected"]:
        reasons = "; ".join(f"{number:,} × {reason}" for reason, number in counts["reasons"].items())
        warnings.append(f"{_many(counts['rejected'], 'row was', 'rows were')} not assessed ({reasons}); row numbers are in {outputs.rejects.name}")
    if counts["duplicate_ids"]:
        warnings.append(f"{_many(counts['duplicate_ids'], 'row has', 'rows have')} an id that an earlier row has; all are kept")
    if counts["duplicate_texts"]:
        warnings.append(f"{_many(counts['duplicate_texts'], 'text is', 'texts are')} the same as an earlier one; all are kept")
    found = counts["rows_with_possible_identifiers"]
    if found:
        what = ", ".join(f"{kinds()[kind]['says']} in {_many(rows, 'row', 'rows')}" for kind, rows in found.items())
        warnings.append(f"check before sharing: there may be {what}; row numbers are in {outputs.identifiers.name}")
    files = tuple(outputs.results.with_name(entry["name"]) for entry in manifest["outputs"])
    return Outcome(counts, (*files, outputs.manifest), tuple(warnings), manifest)


def _many(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"
