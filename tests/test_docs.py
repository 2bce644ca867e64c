"""What the documents show is run: Python blocks, sessions, and our own commands. And the site builds without a warning."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ruminate.cli import main
from ruminate.signs.checking import check_folder

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "examples" / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(python|pycon|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ENTRY = "I keep going over what I said. It's all my fault.\nMaybe she was tired. Next time I'll ask her.\n"


def blocks(page: Path) -> list[tuple[str, str, int]]:
    source = page.read_text("utf-8")
    return [(found[1], found[2], source.count("\n", 0, found.start(2))) for found in BLOCK.finditer(source)]


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_blocks_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The blocks of a page run in order, as one program; a line number in a traceback is that of the page."""
    for name in ("examples", "data"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "entry.txt").write_text(ENTRY)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    for kind, code, line in blocks(page):
        if kind == "python":
            exec(compile("\n" * line + code, str(page), "exec"), names)  # noqa: S102 - our own documents
        elif kind == "pycon":
            test = doctest.DocTestParser().get_doctest(code, names, page.name, str(page), line)
            assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed == 0, capsys.readouterr().out
        else:
            run_commands(code, page)


def run_commands(code: str, page: Path) -> None:
    for command in code.splitlines():
        words = shlex.split(command, comments=True)
        if words[:1] == ["ruminate"] and page.name != "benchmark.md":
            assert main(words[1:]) == 0, command


def test_the_sign_that_is_shown_passes_its_check(tmp_path: Path) -> None:
    (shown,) = re.findall(r"^```toml\n# (\w+\.toml)\n(.*?)^```$", (ROOT / "docs" / "howto" / "own-signs.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    (tmp_path / shown[0]).write_text(shown[1], "utf-8")
    assert check_folder(tmp_path) == (1, ())


def test_every_page_of_the_house_shows_something_that_runs() -> None:
    shown = {page.name for page in PAGES if blocks(page)}
    assert {"README.md", "index.md", "tutorial.md", "app.md", "service.md", "spacy.md", "scikit-learn.md", "own-signs.md", "batch.md", "report.md"} <= shown


def test_documents_speak_of_entries_not_of_people() -> None:
    shaming = re.compile(r"\byou are (?:ruminating|depressed|anxious|stuck)\b|\byour (?:score|streak|diagnosis)\b", re.IGNORECASE)
    assert [page.name for page in PAGES if shaming.search(page.read_text("utf-8"))] == []


@pytest.mark.slow
def test_the_site_builds_offline(tmp_path: Path) -> None:
    """Strict: a dead link, a page outside the navigation or a wrong docstring is an error. And no page loads anything."""
    pytest.importorskip("mkdocs")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 15
    for page in pages:
        loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*?(?:src|href)="?(https?://[^"> ]+)', page.read_text("utf-8"))
        assert loaded == [], page.name
    reference = (tmp_path / "site" / "reference" / "doors.html").read_text("utf-8")
    assert "SignFeatures" in reference
    assert "sparse_output" in reference
