"""What a host should know of apart from the label: crisis language, and genuine concern.

The crisis screen is small and conservative. It is no safety net: most of what matters is said without these phrases, and
no flag never means that all is well. It exists so that such an entry is not scored, and so that a host can act.
"""

from __future__ import annotations

from collections.abc import Sequence

from ruminate.guidance.wording import CONCERN, CRISIS, NOT_CRISIS
from ruminate.results import Evidence, Flag

__all__ = ["find_flags"]


def find_flags(found: Sequence[Evidence]) -> tuple[Flag, ...]:
    """Flags from the matches of one text; a crisis match that touches an idiom ("dying of laughter") is none."""
    idioms = [(item.start, item.end) for item in found if item.side == NOT_CRISIS]
    flags = []
    for item in found:
        if item.cancelled_by is not None:
            continue
        if item.side == CRISIS and not any(start < item.end and item.start < end for start, end in idioms):
            flags.append(Flag("crisis_language", item.start, item.end))
        elif item.side == CONCERN and item.sign != "response":
            flags.append(Flag(f"genuine_concern:{item.sign}", item.start, item.end))
    return tuple(flags)
