"""A companion for a journal kept with jrnl: for each entry what it shows, and one question.

    jrnl -n 5 --format json | python examples/journal.py
    jrnl -n 1 --format json | python examples/journal.py --html today.html

It reads jrnl's own export, keeps nothing, sends nothing anywhere, and counts no days. To be asked after writing, put both
into one shell function:

    j() { jrnl "$@" && jrnl -n 1 --format json | python examples/journal.py; }
"""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import ruminate
from ruminate.guidance import load_wording
from ruminate.render import html


def read_entries(export: str) -> list[tuple[str, str]]:
    """Date and text of each entry of `jrnl --format json`."""
    return [(entry["date"], f"{entry['title']}\n{entry['body']}".strip()) for entry in json.loads(export)["entries"]]


def describe(date: str, found: ruminate.Assessment) -> str:
    """What is said of one entry: gently, and of the entry only."""
    wording = load_wording()
    key = f"abstained.{found.abstained}" if found.abstained else f"label.{found.label}"
    title, says = wording.labels[key]
    lines = [f"{date}  {title}", *textwrap.wrap(says, 88, initial_indent="  ", subsequent_indent="  ")]
    if found.abstained == "crisis_language":
        lines += textwrap.wrap(wording.crisis["message"].strip(), 88, initial_indent="  ", subsequent_indent="  ")
    elif found.guidance:
        lines.append(f"  A question, if you like: {found.guidance[0].question}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the export from standard input and print what it shows."""
    parser = argparse.ArgumentParser(description="What the entries of a jrnl export show.")
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write the last entry, with its evidence marked, as a page")
    options = parser.parse_args(arguments)
    try:
        entries = read_entries(sys.stdin.read())
    except (ValueError, KeyError, TypeError):
        print("journal.py: standard input is no export of jrnl; try: jrnl -n 5 --format json | python journal.py", file=sys.stderr)
        return 1
    texts = [text for _, text in entries]
    results = list(ruminate.assess_many(texts))
    print("\n\n".join(describe(date, found) for (date, _), found in zip(entries, results, strict=True)))
    if options.html and entries:
        options.html.write_text(html(results[-1], texts[-1], page=True), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
