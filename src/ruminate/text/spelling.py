"""Other spellings of a word: shortened, misspelled, as it is spoken, or drawn out ("bc", "becuase", "thinkin", "wanna", "sooo").

They stand in `spelling.toml`, one by one, with what may stand there and what may not; nothing is guessed by likeness. Only letters
that are drawn out are shortened by rule: no English word has three of a kind in a row.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from importlib.resources import files
from itertools import product
from typing import Final, NamedTuple

from ruminate.text.wordfiles import parse

__all__ = ["PARTS", "SPELLINGS", "Part", "shortened", "spelled_out"]


class Part(NamedTuple):
    """A word, where the letters begin that stand for it, and how many they are."""

    word: str
    at: int
    size: int


def _section(name: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = parse(files("ruminate.text").joinpath("spelling.toml").read_text("utf-8"))[name]
    return found


SPELLINGS: Final = {spelling: word for section in _section("words").values() for word, others in section.items() for spelling in others.split()}
"""Spelling to the word that it stands for."""
PARTS: Final = {written: tuple(str(said).split()) for written, said in _section("parts").items()}
"""Written word to the words that it stands for. Each of them has the place of the whole: no letter of "idk" is "not"."""
_DRAWN: Final = re.compile(r"([a-z])\1\1+")
_SHORT: Final = frozenset("so no my me go oh".split())
"""Words of two letters that are drawn out ("sooo"); other such leftovers are laughter and sighs ("heee", "weee", "ahhh")."""
_MOST_RUNS: Final = 3


def spelled_out(pieces: Sequence[str], known: Collection[str]) -> list[Part]:
    """The words that the pieces of a chunk stand for, with their places in it.

    Examples
    --------
    >>> [part.word for part in spelled_out(["wanna", "sleeeep", "."], {"sleep"})]
    ['want', 'to', 'sleep', '.']
    """
    words: list[Part] = []
    at, number = 0, 0
    while number < len(pieces):
        piece, many = pieces[number], 1
        if piece not in PARTS and len(pieces) > number + 1 and piece + pieces[number + 1] in PARTS:
            piece, many = piece + pieces[number + 1], 2  # spaCy itself cuts some in two ("gon", "na")
        words += [Part(word, at, len(piece)) for word in PARTS.get(piece) or (shortened(piece, known),)]
        at += len(piece)
        number += many
    return words


def shortened(word: str, known: Collection[str]) -> str:
    """A word with letters drawn out as it is usually written, if that is a known word; else the word.

    Examples
    --------
    >>> shortened("goooood", {"good", "god"}), shortened("hmmm", {"good"})
    ('good', 'hmmm')
    """
    runs = _DRAWN.findall(word)
    if not runs or len(runs) > _MOST_RUNS:
        return word
    for lengths in product((2, 1), repeat=len(runs)):
        many = iter(lengths)
        shorter = _DRAWN.sub(lambda run, many=many: run.group(1) * next(many), word)  # type: ignore[misc]
        if shorter in known and (len(shorter) > 2 or shorter in _SHORT):
            return shorter
    return word
