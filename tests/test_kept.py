"""Tables kept between processes: the same as made anew, never trusted when damaged, never in the way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ruminate.guidance.wording import load_wording
from ruminate.signs.catalogue import load_signs
from ruminate.signs.compiling import Entry, compile_patterns, compiled_patterns
from ruminate.signs.measures import phrase_entries
from ruminate.text.kept import Kept, cache_folder, fetch, keep
from ruminate.text.wordfiles import parse

UNHEARD = "xylophonist"
TEXT = "I keep replaying what the xylophonist said. It's all my fault, i'm such a fraud. Next time I'll ask him."
CODE = f"""
import sys, ruminate
found = ruminate.assess({TEXT!r})
print(found.to_json())
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RUMINATE_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def entries() -> tuple[Entry, ...]:
    return (*load_signs().entries(), *phrase_entries(), *load_wording().flag_entries())


@pytest.fixture
def of_one_sign() -> list[Entry]:
    return [entry for entry in load_signs().entries() if entry.id == "replaying"]


def answer(**environment: str) -> str:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", CODE], capture_output=True, text=True, check=True, env={**os.environ, **environment}
    ).stdout


def test_kept_tables_are_those_that_compiling_gives(folder: Path) -> None:
    """All our patterns: compiled and kept, fetched, and compiled anew."""
    compiled_patterns(entries())
    assert list(folder.glob("patterns-*.kept"))
    fetched, fresh = compiled_patterns(entries()), compile_patterns(entries())
    assert fetched.size == fresh.size
    for one, other in ((fetched.table.arrays, fresh.table.arrays), (fetched.chains.arrays, fresh.chains.arrays)):
        for name, array in other.items():
            assert array.dtype == one[name].dtype, name
            assert np.array_equal(one[name], array), name
            assert not one[name].flags.writeable


def test_the_fingerprint_knows_every_pattern_and_list(folder: Path, of_one_sign: list[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that was kept for other patterns, or other lists, is ever taken."""
    monkeypatch.setattr("ruminate.signs.compiling._WORTH_KEEPING", 0.0)
    first = of_one_sign[0]
    changed = Entry(first.kind, first.id, f"{first.source} somehow", first.weight, first.unless, first.lists)
    lists = Entry(first.kind, first.id, first.source, first.weight, first.unless, {**first.lists, "more": ("one thing",)})
    for case in (of_one_sign, [changed, *of_one_sign[1:]], [lists, *of_one_sign[1:]], of_one_sign[:-1]):
        compiled_patterns(case)
    assert len(list(folder.glob("patterns-*.kept"))) == 4


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a first run leaves it."""
    folder = tmp_path_factory.mktemp("made")
    answer(RUMINATE_CACHE=str(folder))
    return folder


def test_answers_are_the_same_kept_or_not(made: Path, tmp_path: Path) -> None:
    """Fetched, made in memory, and made where no folder can be."""
    (tmp_path / "file").write_text("no folder")
    answers = [answer(RUMINATE_CACHE=where) for where in (str(made), "off", str(tmp_path / "file" / "below"))]
    assert len(set(answers)) == 1
    assert {path.name.split("-")[0] for path in made.iterdir()} == {"english", "patterns", "words"}


DAMAGE = {
    "cut": lambda whole: whole[:-64], "longer": lambda whole: whole + bytes(64), "other": lambda _: b"something else" * 100, "empty": lambda _: b"",
    "header": lambda whole: whole[:40] + b"\xff" * 20 + whole[60:], "mark": lambda whole: b"x" + whole[1:],
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_counts_as_none(folder: Path, damage: str) -> None:
    keep("thing", "a" * 64, Kept([1, 2], {"numbers": np.arange(100)}))
    path = next(folder.iterdir())
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    assert fetch("thing", "a" * 64) is None


def test_damaged_files_are_made_anew(made: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(made, tmp_path / "kept"))
    expected = answer(RUMINATE_CACHE=str(folder))
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:-64])
    assert answer(RUMINATE_CACHE=str(folder)) == expected
    assert sorted(path.stat().st_size for path in folder.iterdir()) == sorted(path.stat().st_size for path in made.iterdir())


def test_what_is_kept_holds_nothing_of_a_text(made: Path) -> None:
    """The text was assessed by the process that made the folder; these words of it are in none of our patterns."""
    assert all(path.read_bytes() for path in made.iterdir())
    assert all(UNHEARD.encode() not in path.read_bytes() for path in made.iterdir())


def test_keep_and_fetch(folder: Path) -> None:
    arrays = {"numbers": np.arange(5, dtype=np.int32), "none": np.zeros(0), "words": np.array([1 << 63], dtype=np.uint64)}
    assert fetch("thing", "a" * 64) is None
    keep("thing", "a" * 64, Kept({"é": [1.5, None]}, arrays))
    found = fetch("thing", "a" * 64)
    assert found is not None
    assert found.data == {"é": [1.5, None]}
    assert all(np.array_equal(found.arrays[name], array) and found.arrays[name].dtype == array.dtype for name, array in arrays.items())
    assert fetch("thing", "b" * 64) is None
    assert fetch("thing", "a" * 63 + "b") is None, "the whole fingerprint is compared"
    for number in range(8):
        keep("thing", f"{number}" * 64, Kept(number, {}))
    assert len(list(folder.iterdir())) <= 4


def test_the_cache_can_be_moved_and_switched_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RUMINATE_CACHE", "off")
    assert cache_folder() is None
    keep("thing", "a", Kept(1, {}))
    assert fetch("thing", "a") is None
    monkeypatch.setenv("RUMINATE_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("RUMINATE_CACHE")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "ruminate"


def test_a_word_file_says_the_same_kept_or_not(folder: Path) -> None:
    content = 'title = "é"\nnumbers = [1, 2.5]\n[part]\nyes = true\n'
    assert json.loads(json.dumps(parse(content))) == parse(content) == {"title": "é", "numbers": [1, 2.5], "part": {"yes": True}}
