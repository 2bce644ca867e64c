"""The wording files: read once, validated, replaceable.

A host that speaks another language, or to other people, hands in a folder with files of the same names; each entry there
(a sign's questions, a label's words, a heading) takes the place of ours, and whatever is not there stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from ruminate.errors import SignError
from ruminate.signs.bank import Entry
from ruminate.signs.catalogue import load_signs, parse_toml

__all__ = ["AGENDA", "CONCERN", "CRISIS", "NOT_CRISIS", "Heading", "Questions", "Wording", "load_wording"]

AGENDA: Final = "agenda"
CONCERN: Final = "concern"
CRISIS: Final = "crisis"
NOT_CRISIS: Final = "not_crisis"
"""Kinds of pattern entries that are no signs."""

_SCOPE: Final = frozenset({"negated", "reported", "quoted", "past_self", "other_person"})
_FILES: Final = ("questions", "agenda", "concern", "crisis", "labels")


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions for one sign: what the entry shows, questions for anyone, and questions for helping professions."""

    says: str
    anyone: tuple[str, ...]
    professional: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with the patterns that find what belongs under it (of the agenda, or a kind of concern)."""

    id: str
    title: str
    says: str
    prompt: str
    patterns: tuple[str, ...]
    examples: tuple[str, ...]
    misses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """All wording.

    Attributes
    ----------
    questions
        Sign id to its questions; "general" for entries without a particular sign.
    agenda, concern
        Headings of the supervision agenda, and kinds of genuine concern.
    crisis
        The raw file of the crisis screen: `says`, `message`, `patterns`, `not`, `examples`, `misses`.
    labels
        "label.<label>", "abstained.<reason>" and "shift.<direction>" to (title, sentence).
    """

    questions: Mapping[str, Questions]
    agenda: Mapping[str, Heading]
    concern: Mapping[str, Heading]
    crisis: Mapping[str, Any]
    labels: Mapping[str, tuple[str, str]]

    def flag_entries(self) -> list[Entry]:
        """The patterns of the crisis screen and of genuine concern, for the one search of a text."""
        none: frozenset[str] = frozenset()
        lists = load_signs().lists
        found = [Entry(CRISIS, "crisis_language", source, 1.0, _SCOPE, lists) for source in self.crisis["patterns"]]
        found += [Entry(NOT_CRISIS, "not_crisis", source, 1.0, none, lists) for source in self.crisis["not"]]
        scope = frozenset({"negated", "quoted", "hypothetical"})
        found += [Entry(CONCERN, name, source, 1.0, scope, lists) for name, heading in self.concern.items() for source in heading.patterns]
        return found

    def agenda_entries(self) -> list[Entry]:
        """The patterns of the supervision agenda."""
        scope, lists = frozenset({"reported", "quoted", "advice"}), load_signs().lists
        return [Entry(AGENDA, name, source, 1.0, scope, lists) for name, heading in self.agenda.items() for source in heading.patterns]


def _heading(name: str, raw: Mapping[str, Any]) -> Heading:
    return Heading(
        name, raw["title"], raw["says"], raw.get("prompt", ""), tuple(raw["patterns"]), tuple(raw.get("examples", ())), tuple(raw.get("misses", ()))
    )


def _read(folder: Traversable | None, name: str) -> dict[str, Any]:
    ours = parse_toml(files("ruminate.guidance").joinpath(f"{name}.toml").read_text("utf-8"), f"{name}.toml")
    path = folder.joinpath(f"{name}.toml") if folder is not None else None
    if path is None or not path.is_file():
        return ours
    theirs = parse_toml(path.read_text("utf-8"), path.name)
    if name == "labels":  # entries stand in groups
        return {group: {**entries, **theirs.get(group, {})} for group, entries in ours.items()}
    return {**ours, **theirs}


def _build(folder: Traversable | None) -> Wording:
    raw = {name: _read(folder, name) for name in _FILES}
    try:
        return Wording(
            questions={
                sign: Questions(entry["says"], tuple(entry["questions"]), tuple(entry.get("professional", ()))) for sign, entry in raw["questions"].items()
            },
            agenda={name: _heading(name, entry) for name, entry in raw["agenda"].items()},
            concern={name: _heading(name, entry) for name, entry in raw["concern"].items()},
            crisis=raw["crisis"],
            labels={f"{group}.{name}": (entry["title"], entry["says"]) for group, entries in raw["labels"].items() for name, entry in entries.items()},
        )
    except (KeyError, TypeError) as error:
        raise SignError(f"a wording file lacks a part: {error}") from error


@cache
def _ours() -> Wording:
    return _build(None)


def load_wording(folder: str | Path | None = None) -> Wording:
    """Our wording, or a host's folder laid over it.

    Raises
    ------
    SignError
        If a file of the folder can't be read or lacks a part.

    Examples
    --------
    >>> load_wording().questions["self_blame"].says.startswith("This entry")
    True
    """
    return _ours() if folder is None else _build(Path(folder))
