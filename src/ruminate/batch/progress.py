"""How far a run is: a bar on a terminal, a plain line every few seconds in a log, nothing when quiet."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

__all__ = ["Progress", "progress"]

_EVERY: Final = 10.0


class Progress(Protocol):
    """Told after each part how many rows are done by now."""

    def __call__(self, done: int) -> None:
        """So many rows are done."""


@contextmanager
def progress(total: int, *, already: int = 0, quiet: bool = False) -> Iterator[Progress]:
    """Something to tell how far the run is.

    Parameters
    ----------
    total, already
        Rows of the whole run, and rows that an earlier run had done.
    quiet
        Say nothing.
    """
    if quiet:
        yield _say_nothing
    elif sys.stderr.isatty() and (bar := _bar(total, already)) is not None:
        yield bar
    else:
        yield _Lines(total, already)


def _say_nothing(done: int) -> None:
    """Where nobody wants to know."""


def _bar(total: int, already: int) -> Progress | None:
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar
    except ImportError:
        return None
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]} rows a second, left:"), TimeRemainingColumn())
    bar = Bar(*columns, console=Console(stderr=True))
    task = bar.add_task("", total=total, completed=already, rate="–")
    started = time.monotonic()
    bar.start()

    def tell(done: int) -> None:
        rate = (done - already) / max(time.monotonic() - started, 1e-6)
        bar.update(task, completed=done, rate=f"{rate:,.0f}")
        if done >= total:
            bar.stop()

    return tell


class _Lines:
    """A line every ten seconds, and one at the end."""

    def __init__(self, total: int, already: int) -> None:
        self._total, self._already = total, already
        self._started = self._said = time.monotonic()

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if now - self._said < _EVERY and done < self._total:
            return
        self._said = now
        rate = (done - self._already) / max(now - self._started, 1e-6)
        left = (self._total - done) / rate if rate else 0.0
        print(f"{done:,} of {self._total:,} rows, {rate:,.0f} a second, {left:.0f} s left", file=sys.stderr, flush=True)  # noqa: T201 - a log line is what this is for
