"""Checks sign files as our own are tested: every problem of every file, with file, key and reason.

`ruminate signs check FOLDER` prints what this finds. A file that passes behaves as its examples say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ruminate.errors import SignError
from ruminate.signs.bank import PatternBank
from ruminate.signs.catalogue import Catalogue, Sign, parse_toml, read_sign
from ruminate.signs.matching import to_evidence
from ruminate.signs.own import with_own
from ruminate.text.document import read

__all__ = ["Problem", "check_folder"]

_ID = re.compile(r"[a-z][a-z0-9_]*\Z")
Lists = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a sign file: which file, which key, why."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        """As one line."""
        return ": ".join(part for part in (self.file, self.key, self.reason) if part)


def check_folder(folder: str | Path) -> tuple[int, tuple[Problem, ...]]:
    """How many sign files a folder holds, and everything that is wrong with them.

    Beyond what loading checks: every hit gives exactly its [bracketed] spans, no miss gives evidence that counts, every
    pattern is used by a hit, and a known failure still fails.

    Raises
    ------
    SignError
        If there is no such folder, or no sign file in it.
    """
    place = Path(folder)
    paths = sorted(place.glob("*.toml")) if place.is_dir() else []
    files = [path for path in paths if not path.name.startswith("_")]
    if not files:
        raise SignError(f"{folder}: there is no such folder, or no sign file (*.toml) in it")
    try:
        lists = _lists(place / "_lists.toml")
    except SignError as error:
        return len(files), (_as_problem(error, "_lists.toml"),)
    return len(files), tuple(problem for path in files for problem in _check_file(path, lists))


def _lists(path: Path) -> Lists:
    if not path.is_file():
        return {}
    raw = parse_toml(path.read_text("utf-8"), path.name)
    for name, entries in raw.items():
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            raise SignError(f"{path.name}: {name}: a list of texts is needed here")
    return {name: tuple(entries) for name, entries in raw.items()}


def _as_problem(error: SignError, file: str) -> Problem:
    """An error of the loader says "file: key: reason", or "file: reason"."""
    parts = str(error).removeprefix(f"{file}: ").split(": ", 1)
    return Problem(file, parts[0], parts[1]) if len(parts) == 2 and " " not in parts[0] else Problem(file, "", ": ".join(parts))


def _check_file(path: Path, lists: Lists) -> Iterator[Problem]:
    name = path.name.removesuffix(".toml")
    if not _ID.match(name):
        yield Problem(path.name, "", "the file's name is the sign's id: lower-case letters, digits and _ only")
    try:
        sign = read_sign(name, path.read_text("utf-8"), path.name)
    except UnicodeDecodeError:
        yield Problem(path.name, "", "not UTF-8")
        return
    except SignError as error:
        yield _as_problem(error, path.name)
        return
    sign = replace(sign, lists={**lists, **sign.lists})
    banks, wrong = _compile(sign, with_own((sign,)))
    yield from (Problem(path.name, key, reason) for key, reason in wrong)
    if not wrong:
        yield from (Problem(path.name, key, reason) for key, reason in _check_examples(sign, banks))


def _compile(sign: Sign, catalogue: Catalogue) -> tuple[list[tuple[str, PatternBank]], list[tuple[str, str]]]:
    """Each pattern compiled alone, by its key, and what could not be compiled."""
    entries = [entry for entry in catalogue.entries() if entry.id == sign.id]
    keys = [f"{key}[{at}]" for key in ("patterns", "weak") for at in range(len(getattr(sign, key)))]
    banks, wrong = [], []
    for key, entry in zip(keys, entries, strict=True):
        try:
            banks.append((key, PatternBank([entry])))
        except SignError as error:
            wrong.append((key, str(error).removeprefix(f"{sign.id}: ")))
    return banks, wrong


def _check_examples(sign: Sign, banks: Sequence[tuple[str, PatternBank]]) -> Iterator[tuple[str, str]]:
    whole = PatternBank([entry for _, bank in banks for entry in bank.entries])
    if not sign.hits:
        yield "hits", "at least one example with its [span] is needed"
    if not sign.misses:
        yield "misses", "at least one sentence is needed in which nothing may count"
    for at, example in enumerate(sign.hits):
        text, spans = _marked(example)
        found = _counting(whole, text)
        if not spans:
            yield f"hits[{at}]", "no [span] is marked"
        elif found != spans:
            yield f"hits[{at}]", f"expected {_list(spans)}, found {_list(found)}"
    for at, example in enumerate(sign.misses):
        if found := _counting(whole, _marked(example)[0]):
            yield f"misses[{at}]", f"nothing may count here, found {_list(found)}"
    for at, example in enumerate(sign.known_failures):
        text, spans = _marked(example)
        if _counting(whole, text) == spans:
            yield f"known_failures[{at}]", "does not fail any more: move it to hits or misses"
    texts = [_marked(example)[0] for example in sign.hits]
    for key, bank in banks:
        if not any(bank.find(read(text))[0] for text in texts):
            yield key, "no hit uses this pattern: add an example, or take it out"


def _marked(example: str) -> tuple[str, list[str]]:
    return example.replace("[", "").replace("]", ""), re.findall(r"\[([^\]]*)\]", example)


def _counting(bank: PatternBank, text: str) -> list[str]:
    batch = read(text)
    return [item.quote for item in to_evidence(batch, bank, bank.find(batch).matches)[0] if item.cancelled_by is None]


def _list(quotes: Sequence[str]) -> str:
    return ", ".join(f"“{quote}”" for quote in quotes) or "nothing"
