"""What is shipped: the wheel and the source archive, in an environment that holds nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
MOST_MEGABYTES = 30.0
"""A wheel larger than this is worth a reason. The encoder of the deep model makes up 24 of its 26; nothing reads it unless asked."""
STRANGER = """
import sys, time

def no_network(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise SystemExit(f"{event}: the network was asked for")

sys.addaudithook(no_network)
begin = time.perf_counter()
import ruminate
imported = time.perf_counter()
found = ruminate.assess("I keep going over it. It's all my fault, I ruin everything. <b>")
answered = time.perf_counter()
import json, spacy
from ruminate.estimators import RuminationClassifier
from ruminate.guidance import supervision_agenda
from ruminate.render import html, terminal
from ruminate.schema import json_schema
nlp = spacy.blank("en")
nlp.add_pipe("ruminate")
assert "ruminate-nlp" in __import__("importlib.metadata").metadata.metadata("ruminate-nlp")["Name"]
assert "site-packages" in ruminate.__file__, ruminate.__file__
assert "&lt;b&gt;" in html(found, "I keep going over it. It's all my fault, I ruin everything. <b>")
assert nlp("It's all my fault.")._.ruminate == ruminate.assess("It's all my fault.")
assert json_schema()["title"] == "Assessment"
print(json.dumps({"label": found.label, "decided_by": found.decided_by, "signs": len(ruminate.load_signs()),
                  "import": imported - begin, "first": answered - imported, "version": ruminate.__version__}))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel made from the checkout, and the source archive."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(ROOT)], check=True)
    pytest.importorskip("build")
    subprocess.run([sys.executable, "-m", "build", "--sdist", "--outdir", str(out), str(ROOT)], check=True, capture_output=True)
    (wheel,), (archive,) = out.glob("*.whl"), out.glob("*.tar.gz")
    return wheel, archive


def contents(wheel: Path) -> dict[str, int]:
    with zipfile.ZipFile(wheel) as opened:
        return {entry.filename: entry.CRC for entry in opened.infolist() if not entry.filename.endswith("RECORD")}


def test_everything_is_inside(built: tuple[Path, Path]) -> None:
    wheel, _ = built
    names = set(contents(wheel))
    for path in (ROOT / "src" / "ruminate").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert f"ruminate/{path.relative_to(ROOT / 'src' / 'ruminate').as_posix()}" in names
    for path in (ROOT / "models").rglob("*"):
        if path.is_file():
            assert f"ruminate/_models/{path.relative_to(ROOT / 'models').as_posix()}" in names, "models and their cards"
    assert not [name for name in names if "test" in name or name.endswith(".jsonl")]
    megabytes = wheel.stat().st_size / 1e6
    print(f"{wheel.name}: {megabytes:.2f} MB")  # noqa: T201 - the size is to be named
    assert megabytes < MOST_MEGABYTES


def test_the_source_archive_builds_the_same(built: tuple[Path, Path], tmp_path: Path) -> None:
    wheel, archive = built
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path / "again"), str(folder)], check=True)
    (again,) = (tmp_path / "again").glob("*.whl")
    assert contents(again) == contents(wheel)


@pytest.mark.parametrize("version", PYTHONS)
def test_in_an_empty_environment(built: tuple[Path, Path], tmp_path: Path, version: str) -> None:
    wheel, _ = built
    python = shutil.which(f"python{version}")
    if python is None or subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode != 0:
        pytest.skip(f"there is no Python {version} here")
    subprocess.run([python, "-m", "venv", str(tmp_path / "env")], check=True)
    inside = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([str(inside / "python"), "-m", "pip", "install", "--quiet", str(wheel)], check=True)
    done = subprocess.run([str(inside / "python"), "-c", STRANGER], cwd=tmp_path, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]})
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["label"] == "rumination"
    assert told["signs"] == 26
    assert told["version"] == tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    model = [path for path in (ROOT / "models").iterdir() if (path / "model.json").is_file()]
    assert told["decided_by"].startswith("model:" if model else "rules:"), "the model is inside"
    assert done.stderr == ""
    print(f"Python {version}: import {told['import']:.2f} s, first answer {told['first']:.2f} s, {told['decided_by']}")  # noqa: T201
    listed = subprocess.run([str(inside / "ruminate"), "signs"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "self_blame" in listed.stdout
