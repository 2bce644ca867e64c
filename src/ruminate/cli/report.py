"""`ruminate report`: a page about the results of a run."""

from __future__ import annotations

import argparse
from pathlib import Path

from ruminate.cli.shared import EXIT_OK, Commands

__all__ = ["add"]


def add(commands: Commands) -> None:
    """Put the command into the parser."""
    parser = commands.add_parser("report", help="one self-contained HTML page about the results of `ruminate batch`")
    parser.add_argument("results", type=Path, metavar="RESULTS", help="the table that `ruminate batch` wrote")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the page")
    parser.add_argument("--author", metavar="COLUMN", help="who wrote the text (default: what the run knew of)")
    parser.add_argument("--time", metavar="COLUMN", help="when it was written (default: what the run knew of)")
    parser.add_argument("--group", metavar="COLUMN", help="groups to compare")
    parser.add_argument("--human", metavar="COLUMN", help="labels that people gave: reflection, rumination, neither")
    parser.add_argument("--redact", action="store_true", help="show no words of the texts")
    parser.add_argument("--title", help="heading of the page")
    parser.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    from ruminate.report.page import write_report

    place = write_report(
        options.results, options.output, author=options.author, time=options.time, group=options.group, human=options.human, redact=options.redact,
        title=options.title,
    )  # fmt: skip
    print(f"written: {place}")
    return EXIT_OK
