"""`ruminate dictionary`: what every column of the results means."""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path

from ruminate.cli.shared import EXIT_OK, Commands, write

__all__ = ["add"]


def add(commands: Commands) -> None:
    """Put the command into the parser."""
    parser = commands.add_parser("dictionary", help="the data dictionary: meaning, range, unit and source of every column")
    parser.add_argument("-o", "--output", type=Path, help="a file; standard output by default")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--spss", action="store_true", help="labels as SPSS syntax instead of a table")
    kind.add_argument("--r", action="store_true", help="labels as an R function instead of a table")
    parser.set_defaults(run=_dictionary)


def _dictionary(options: argparse.Namespace) -> int:
    from ruminate.frames.dictionary import data_dictionary, r_labels, spss_syntax

    if options.spss or options.r:
        content = spss_syntax() if options.spss else r_labels()
    else:
        entries = data_dictionary()
        out = io.StringIO(newline="")
        table = csv.DictWriter(out, list(entries[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(entries)
        content = out.getvalue()
    if options.output is None:
        write(content)
    else:
        options.output.write_text(content, encoding="utf-8", newline="")
    return EXIT_OK
