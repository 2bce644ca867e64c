"""The command line: parsing and printing only; each command is the twin of a Python call, one module a command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Final

from ruminate.cli import assess, batch, dictionary, evaluate, join, report, schema, signs, train
from ruminate.cli.shared import EXIT_OK, EXIT_UNREADABLE
from ruminate.errors import RuminateError

__all__ = ["main"]

_COMMANDS: Final = (assess, batch, report, dictionary, signs, evaluate, train, join, schema)
"""Modules with a function `add(commands)`, in the order of the help page."""

_EPILOG = """examples:
  ruminate assess "I keep going over what I said to her."
  ruminate assess entry.txt --json
  cat note.txt | ruminate assess - --agenda
  ruminate signs self_blame

exit codes: 0 done; 1 the input can't be read; 2 the command is not understood.
A label is about one text. It is no diagnosis and says nothing about a person."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except RuminateError as error:
        print(f"ruminate: {error}", file=sys.stderr)
        return EXIT_UNREADABLE
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: that takes longer than everything else here."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from ruminate import __version__

        print(f"ruminate-nlp {__version__}")
        parser.exit(EXIT_OK)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ruminate", description="Tells reflection from rumination in what people write about themselves.", epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and stop")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in _COMMANDS:
        module.add(commands)
    return parser
