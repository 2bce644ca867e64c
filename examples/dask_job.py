"""Many texts on a Dask cluster: JSON Lines in (`id`, `text`), JSON Lines out (`id`, `label`, probabilities), no text in it.

    python examples/dask_job.py texts.jsonl labels.jsonl                                   # on this machine's cores
    python examples/dask_job.py texts.jsonl labels.jsonl --scheduler tcp://host:8786       # on a cluster

Strings go to the workers and small rows come back; each worker compiles the signs once. `ruminate-nlp` has to be installed
on the workers.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import dask
import dask.bag

import ruminate


def assess_part(lines: Iterable[str]) -> list[str]:
    """One partition: lines in, lines out, in order."""
    records: list[dict[str, Any]] = [json.loads(line) for line in lines]
    results = ruminate.assess_many([record["text"] for record in records])
    return [
        json.dumps({"id": record.get("id"), "label": found.label, "abstained": found.abstained, **found.probabilities})
        for record, found in zip(records, results, strict=True)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, assess and write."""
    parser = argparse.ArgumentParser(description="Label many texts with Dask.")
    parser.add_argument("texts", type=Path, help="JSON Lines with id and text")
    parser.add_argument("labels", type=Path, help="JSON Lines to write")
    parser.add_argument("--scheduler", default="processes", help="processes, threads, sync, or the address of a cluster")
    parser.add_argument("--block", default="2MB", help="how much text a partition holds")
    options = parser.parse_args(arguments)
    parts = dask.bag.read_text(str(options.texts), blocksize=options.block, encoding="utf-8").map_partitions(assess_part)
    if "://" in options.scheduler:
        from dask.distributed import Client

        with Client(options.scheduler):
            lines = parts.compute()
    else:
        lines = parts.compute(scheduler=options.scheduler)
    options.labels.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
