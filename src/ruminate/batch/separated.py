"""Rows of CSV and TSV files, one after the other, with a way back from a broken quote.

Python's own reader does the parsing, in strict mode. Where it says that a record is broken (a quote that is never closed
swallows the rows after it), only the line on which that record began is given up; reading goes on with the next line.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

__all__ = ["MOST_CHARS", "Row", "find_delimiter", "separated_rows"]

MOST_CHARS: Final = 32_000_000
"""A record longer than that is taken for a quote that is never closed: memory stays bounded."""


class Row(NamedTuple):
    """One record: its cells, or why it has none, and the line of the file on which it begins (from 1)."""

    cells: list[str] | None
    problem: str
    line: int


class _Lines:
    """Lines that can be given back, and that remembers which were taken for the record in hand."""

    def __init__(self, lines: Iterable[str], most: int, number: int = 0) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self._most = most
        self.taken: list[str] = []
        self.number = number
        self._chars = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        self._chars += len(line)
        self.number += 1
        if self._chars > self._most and len(self.taken) > 1:
            raise csv.Error("unexpected end of data")
        return line

    def settle(self) -> None:
        """The record is done: its lines are forgotten."""
        self.taken.clear()
        self._chars = 0

    def go_back(self) -> int:
        """Give back all lines of the record but the first; returns the number of that one."""
        first = self.number - len(self.taken) + 1
        self._again.extendleft(reversed(self.taken[1:]))
        self.number = first
        self.settle()
        return first


def separated_rows(lines: Iterable[str], delimiter: str, *, most_chars: int = MOST_CHARS, first_line: int = 0) -> Iterator[Row]:
    r"""The records of a file, blank lines left out.

    Parameters
    ----------
    lines
        Lines with their ends.
    delimiter
        What stands between cells.
    most_chars
        A record of more lines and characters than that is broken.
    first_line
        How many lines of the file stand before these.

    Examples
    --------
    >>> list(separated_rows(['1,"never closed\n', '2,"fine"\n'], ","))[1].cells
    ['2', 'fine']
    """
    if csv.field_size_limit() < most_chars:  # the limit is one for the whole process, and only ever raised here
        csv.field_size_limit(most_chars)
    source = _Lines(lines, most_chars, first_line)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            line = source.go_back()
            yield Row(None, _reason(str(error)), line)
            reader = csv.reader(source, delimiter=delimiter, strict=True)
            continue
        line = source.number - len(source.taken) + 1
        source.settle()
        if cells:
            yield Row(cells, "", line)


def _reason(error: str) -> str:
    if "unexpected end" in error:
        return "a quote is opened and never closed"
    if "field larger" in error:
        return "a cell is too large to be read"
    return "quotes are broken: a quote is not closed, or stands unescaped inside a cell"


def find_delimiter(header: str) -> str:
    r"""Which of comma, semicolon, tab and bar makes the most columns of a header.

    Examples
    --------
    >>> find_delimiter('id;"a, b";text')
    ';'
    """
    return max(",;\t|", key=lambda mark: len(next(csv.reader([header], delimiter=mark), [])))
