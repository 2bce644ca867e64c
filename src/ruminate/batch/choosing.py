"""Which column is which: named by the user, or guessed where only one fits, and always said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from ruminate.batch.options import BatchOptions
from ruminate.batch.sources import Source
from ruminate.errors import InputError
from ruminate.frames.columns import Column, Kind

__all__ = ["Chosen", "choose_columns"]

_NAMES: Final[Mapping[str, frozenset[str]]] = {
    "text": frozenset("text texts entry body content note notes reflection journal journal_entry message narrative".split()),
    "id": frozenset("id entry_id text_id uuid key record_id file".split()),
    "author": frozenset("author author_id user user_id participant participant_id subject subject_id writer pid person".split()),
    "time": frozenset("time date datetime timestamp created created_at written written_at entry_date".split()),
}
_LOOK: Final = 200
_PROSE: Final = 40
"""A column reads like prose when its cells have that many characters on average, and words."""


@dataclass(frozen=True)
class Chosen:
    """The columns of a run: roles (None where there is none), what is carried through and under which name, what was guessed."""

    text: str
    id: str | None
    author: str | None
    time: str | None
    carried: tuple[tuple[str, Column], ...]
    said: tuple[str, ...]

    def roles(self) -> dict[str, str | None]:
        """What text, id, author and time are called in the results; None where there is none."""
        new = {name: column.name for name, column in self.carried}
        return {role: new.get(getattr(self, role) or "") for role in ("text", "id", "author", "time")}


def choose_columns(sources: Sequence[Source], options: BatchOptions, results: Sequence[str]) -> Chosen:
    """The columns that are meant.

    Parameters
    ----------
    sources, options
        The inputs and what the user named.
    results
        Names that the results take; a column of the input with such a name is carried as `input_<name>`.

    Raises
    ------
    InputError
        If a named column is missing from an input, or no text column was named and none or several fit.
    """
    columns: dict[str, Kind] = {}
    for source in sources:
        for name, kind in zip(source.columns, source.kinds, strict=True):
            columns[name] = kind if columns.get(name, kind) == kind else "text"
    said: list[str] = []
    roles: dict[str, str | None] = {}
    for role in ("text", "id", "author", "time"):
        named = getattr(options, f"{role}_column")
        roles[role] = _named(named, role, sources) if named else _guess(role, list(columns), said)
    text = roles["text"] or _guess_prose(sources, said)
    _named(text, "text", sources)
    kept = _kept(list(columns), options, [text, *(roles[role] for role in ("id", "author", "time"))])
    carried = []
    for name in kept:
        new = f"input_{name}" if name in results else name
        if new != name:
            said.append(f"the input's column {name!r} is carried as {new!r}")
        carried.append((name, Column(new, "text" if name == text else columns[name], "carried from the input", "")))
    return Chosen(text, roles["id"], roles["author"], roles["time"], tuple(carried), tuple(said))


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _is_prose(name: str) -> bool:
    return len(name) > _PROSE and name.count(" ") > 5


def _shown(names: Sequence[str], most: int = 20) -> str:
    """Names as a message shows them; a name that may be a text (a file without a header) is never repeated."""
    shown = [f"a long name (column {at})" if _is_prose(name) else repr(name) for at, name in enumerate(names[:most], start=1)]
    return ", ".join(shown) + (", …" if len(names) > most else "")


def _named(name: str, role: str, sources: Sequence[Source]) -> str:
    for source in sources:
        if name not in source.columns:
            there = _shown(source.columns, 12)
            raise InputError(f"{source.name} has no column {name!r}; it has {there}. Name one with --{role}-column")
    return name


def _guess(role: str, columns: Sequence[str], said: list[str]) -> str | None:
    fitting = [name for name in columns if _plain(name) in _NAMES[role]]
    if len(fitting) == 1:
        said.append(f"{role} column: {fitting[0]!r} (guessed by its name; --{role}-column says otherwise)")
        return fitting[0]
    if fitting and role != "text":
        said.append(f"{role} column: none, since {len(fitting)} fit ({', '.join(map(repr, fitting))}); --{role}-column names one")
    return None


def _guess_prose(sources: Sequence[Source], said: list[str]) -> str:
    first = sources[0]
    named = [name for name in first.columns if _plain(name) in _NAMES["text"]]
    chars, words = dict.fromkeys(first.columns, 0), dict.fromkeys(first.columns, 0)
    looked = 0
    for cells in islice(first.cells(), _LOOK):
        looked += cells.values is not None
        for name, value in zip(first.columns, cells.values or (), strict=False):
            if isinstance(value, str):
                chars[name] += len(value)
                words[name] += value.count(" ")
    prose = [name for name in first.columns if looked and chars[name] / looked > _PROSE and words[name] / looked > 5]
    if len(prose) == 1 and _is_prose(prose[0]):
        raise InputError(
            f"{first.name}: its first line reads like an entry, not like names of columns. If it is an entry, put a line with names before it; "
            "if it is a long name (a question of a survey), hand that to --text-column"
        )
    if len(prose) == 1:
        said.append(f"text column: {prose[0]!r} (guessed: the only one that reads like prose; --text-column says otherwise)")
        return prose[0]
    what = f"several read like prose ({_shown(prose)})" if prose else "none reads like prose"
    if len(named) > 1:
        what = f"several have a name that fits ({_shown(named)})"
    there = ". ".join((_shown(first.columns), *first.says))
    raise InputError(f"{first.name}: which column holds the texts? {what}. Name it with --text-column; the columns are {there}")


def _kept(columns: Sequence[str], options: BatchOptions, roles: Sequence[str | None]) -> list[str]:
    if options.keep is not None:
        unknown = [name for name in options.keep if name not in columns]
        if unknown:
            raise InputError(f"there is no column {unknown[0]!r} to keep; the columns are {_shown(columns)}")
    text, *others = roles
    wanted = {name for name in others if name} | set(options.keep or ())
    if options.redact:
        return [name for name in columns if name in wanted - {text}]
    return [name for name in columns if options.keep is None or name in wanted or name == text]
