"""`ruminate join`: our labels of public collections joined to the user's own copies of their texts."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ruminate.cli.shared import EXIT_OK, EXIT_UNREADABLE, Commands

__all__ = ["add"]


def add(commands: Commands) -> None:
    """Put the command into the parser."""
    parser = commands.add_parser("join", help="join our labels of public collections to your own copies of the texts")
    parser.add_argument("copies", nargs="+", type=Path, metavar="COPY", help="files of the collections: JSON lines with text, CSV, TSV, or text")
    parser.add_argument("--labels", type=Path, default=Path("data/real/labels.jsonl"), help="the labels (default: data/real/labels.jsonl)")
    parts = "only labels of these parts: train, dev, more (learn from it, don't measure on it); default: all"
    parser.add_argument("--part", action="append", choices=["train", "dev", "more"], help=parts)
    parser.add_argument("-o", "--output", type=Path, required=True, help="labelled texts, one JSON object a line")
    parser.set_defaults(run=_join)


def _join(options: argparse.Namespace) -> int:
    from ruminate.evaluation.collections import join_labels, read_copies

    joined = join_labels(options.labels, read_copies(options.copies), parts=options.part)
    with options.output.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=True) + "\n" for row in joined.rows)
    print(f"{len(joined.rows)} of {sum(joined.wanted.values())} labelled texts found, written to {options.output}")
    for source, count in sorted(joined.missing.items()):
        print(f"  missing: {count} of {joined.wanted[source]} of {source}", file=sys.stderr)
    return EXIT_OK if joined.rows else EXIT_UNREADABLE
