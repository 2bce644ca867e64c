"""What a section of the page is made of: sentences, tables, and figures that each come with a table of the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

__all__ = ["FEW", "Section", "Shown", "Table", "plain", "proportion"]

FEW: Final = 30
"""A share of fewer texts than that is neither a point in time nor a group in a figure."""


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first column names the row."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Shown:
    """A figure and the table that says the same."""

    svg: str
    table: Table


@dataclass
class Section:
    """A part of the page."""

    id: str
    title: str
    says: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)


def plain(name: str) -> str:
    """A sign's column as words.

    Examples
    --------
    >>> plain("sign_self_blame")
    'self blame'
    """
    return name.removeprefix("sign_").replace("_", " ")


def proportion(count: int, total: int) -> str:
    """A share as a person reads it; what is there is never rounded to nothing.

    Examples
    --------
    >>> proportion(347, 2500), proportion(1, 2500), proportion(0, 2500)
    ('13.9%', '<0.1%', '0%')
    """
    if count == 0:
        return "0%"
    return f"{count / total:.1%}" if count / total >= 0.001 else "<0.1%"
