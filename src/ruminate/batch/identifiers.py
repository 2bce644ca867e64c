"""The de-identification check: what looks like names, addresses or numbers of people in texts that should hold none.

It counts, and never repeats what it found: a warning must not become the leak. Patterns and their tests stand in
`identifiers.toml`. No check of this kind finds everything.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["find_identifiers", "kinds"]


@cache
def kinds() -> Mapping[str, Mapping[str, Any]]:
    """Each kind with what it says, its patterns and examples."""
    return tomllib.loads(files("ruminate.batch").joinpath("identifiers.toml").read_text("utf-8"))


@cache
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for kind, entry in kinds().items():
        first = "|".join(str(entry.get("first", "")).split())
        found.append((kind, re.compile("|".join(f"(?:{pattern.replace('$first', first)})" for pattern in entry["patterns"]), re.MULTILINE)))
    return tuple(found)


def find_identifiers(text: str) -> dict[str, int]:
    """How many places of each kind a text holds; kinds without any are left out.

    Examples
    --------
    >>> find_identifiers("Mail me at jo.b@example.org or call +44 20 7946 0123.")
    {'email': 1, 'phone': 1}
    """
    counts = {kind: sum(1 for _ in pattern.finditer(text)) for kind, pattern in _compiled()}
    return {kind: count for kind, count in counts.items() if count}
