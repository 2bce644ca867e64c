"""What the commands share: exit codes, the type of the list of commands, writing to a terminal of any encoding."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, Final, Protocol

__all__ = ["EXIT_OK", "EXIT_UNREADABLE", "EXIT_USAGE", "Commands", "wants_colour", "write"]

EXIT_OK: Final = 0
EXIT_UNREADABLE: Final = 1
EXIT_USAGE: Final = 2



class Commands(Protocol):
    """Where a command puts its parser (argparse keeps that type to itself)."""

    def add_parser(self, name: str, **settings: Any) -> argparse.ArgumentParser:
        """A parser for one more command."""


def wants_colour(choice: str) -> bool:
    """Whether to colour: "always", "never" or "auto" (a terminal, and `NO_COLOR` unset)."""
    if choice == "auto":
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return choice == "always"


def write(text: str) -> None:
    """Print also where the terminal can't show every character."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
