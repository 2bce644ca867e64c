"""Word files (TOML), parsed once and kept: reading them anew takes longer than assessing a page.

What a file says is looked up by the checksum of its contents, so a file that was changed is parsed again.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Any, Final

from ruminate.text.kept import Kept, fetch, keep

__all__ = ["keep_parsed", "parse"]

_FORMAT: Final = "1"
_MOST: Final = 400
"""How many files are kept; beyond that only those that this process has read."""
_parsed: dict[str, Any] = {}


def parse(content: str) -> dict[str, Any]:
    """What a TOML file says. The dictionary is shared: it is to be read only.

    Raises
    ------
    tomllib.TOMLDecodeError
        If it is no valid TOML.
    """
    key = sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    if key not in _parsed:
        known = _known()
        if key in known:
            _parsed[key] = known[key]
        else:
            import tomllib

            _parsed[key] = tomllib.loads(content)
    said: dict[str, Any] = _parsed[key]
    return said


def keep_parsed() -> None:
    """Keep what was parsed in this process for the next one."""
    known = _known()
    if _parsed.keys() <= known.keys():
        return
    merged = {**known, **_parsed}
    try:
        keep("words", _FORMAT, Kept(merged if len(merged) <= _MOST else dict(_parsed), {}))
    except TypeError:  # a date in somebody's file has no place in JSON
        return
    known.update(_parsed)


@cache
def _known() -> dict[str, Any]:
    kept = fetch("words", _FORMAT)
    return {} if kept is None else dict(kept.data)
