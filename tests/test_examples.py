"""The examples run, and do what they say."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import ruminate

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
EXPORT = {
    "tags": {},
    "entries": [
        {"title": "Long day.", "body": "I keep going over what I said to her. It's all my fault, I ruin everything.", "date": "2024-03-01", "time": "21:10", "tags": [], "starred": False},
        {"title": "Shopping.", "body": "Bought bread and milk, then cooked for four.", "date": "2024-03-02", "time": "20:00", "tags": [], "starred": False},
        {"title": "I want to kill myself.", "body": "", "date": "2024-03-03", "time": "20:00", "tags": [], "starred": False},
    ],
}  # fmt: skip


def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], input=given, capture_output=True, text=True, timeout=120, check=False)


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_example_is_listed() -> None:
    listed = (EXAMPLES / "README.md").read_text("utf-8")
    assert all(f"`{path.name}`" in listed for path in EXAMPLES.glob("*.py"))


def test_journal(tmp_path: Path) -> None:
    page = tmp_path / "today.html"
    done = run(str(EXAMPLES / "journal.py"), "--html", str(page), given=json.dumps(EXPORT))
    assert done.returncode == 0, done.stderr
    first, second, third = done.stdout.split("\n\n")
    assert first.startswith("2024-03-01  Going over the same ground")
    assert "A question, if you like: " in first
    assert second.startswith("2024-03-02  Telling")
    assert "Set aside, with care" in third
    assert "A question" not in third
    assert "you are" not in done.stdout.lower()
    assert "I want to kill myself." in page.read_text("utf-8")


def test_journal_says_what_it_needs() -> None:
    done = run(str(EXAMPLES / "journal.py"), given="[]")
    assert done.returncode == 1
    assert "jrnl -n 5 --format json" in done.stderr


def test_dask_job(tmp_path: Path) -> None:
    pytest.importorskip("dask")
    texts = [f"It's all my fault {number}. I keep going over it." for number in range(40)] + ["Bought bread.\nThen cooked."] * 40
    (tmp_path / "texts.jsonl").write_text("".join(json.dumps({"id": at, "text": text}) + "\n" for at, text in enumerate(texts)))
    for scheduler in ("processes", "threads"):
        done = run(str(EXAMPLES / "dask_job.py"), str(tmp_path / "texts.jsonl"), str(tmp_path / "labels.jsonl"), "--block", "2KB", "--scheduler", scheduler)
        assert done.returncode == 0, done.stderr
        rows = [json.loads(line) for line in (tmp_path / "labels.jsonl").read_text().splitlines()]
        expected = [{"id": at, "label": found.label, "abstained": found.abstained, **found.probabilities} for at, found in enumerate(ruminate.assess_many(texts))]
        assert rows == expected


def test_page() -> None:
    """A marimo notebook is a script: run as one, it assesses the entry it opens with."""
    pytest.importorskip("marimo")
    code = (
        f"import sys; sys.path.insert(0, {str(EXAMPLES)!r}); import page; _, found = page.app.run();"
        "print('replaying' in found['shown'], 'sign of reflection' in found['shown'])"
    )
    done = run("-c", code)
    assert done.stdout.strip() == "True True", done.stderr


@pytest.fixture(scope="module")
def service() -> Iterator[Any]:
    pytest.importorskip("fastapi")
    pytest.importorskip("httpx")
    from fastapi.testclient import TestClient

    module = load("service")
    with TestClient(module.app) as client:
        yield client, module


TEXT = "I keep going over what I said. It's all my fault. <script>alert(1)</script>"


def test_service_answers_what_assess_answers(service: Any) -> None:
    client, _ = service
    answer = client.post("/assess", json={"text": TEXT})
    assert answer.status_code == 200
    assert answer.json() == json.loads(ruminate.assess(TEXT).to_json())
    assert answer.headers["cache-control"] == "no-store"
    page = client.post("/assess/html", json={"text": TEXT}).text
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert client.get("/schema").json()["title"] == "Assessment"
    assert client.get("/health").json() == {"ok": True, "decided_by": ruminate.assess(TEXT).decided_by}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not json", 422), (b"[]", 422), (b"{}", 422), (b'{"text": 3}', 422), (b'{"text": "\xff"}', 422), (b"x" * 300_000, 413),
        (json.dumps({"text": "x" * 60_000}).encode(), 413),
    ],
    ids=range(7),
)  # fmt: skip
def test_service_keeps_its_limits(service: Any, body: bytes, status: int) -> None:
    client, _ = service
    answer = client.post("/assess", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert b"xxx" not in answer.content, "nothing of the text comes back in an error"


def test_service_sends_the_rest_away_when_many_wait(service: Any) -> None:
    client, module = service
    client.app.state.waiting = module.MOST_WAITING
    try:
        answer = client.post("/assess", json={"text": TEXT})
    finally:
        client.app.state.waiting = 0
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"


def test_service_under_load(service: Any) -> None:
    """Forty requests at once: every one gets its own answer."""
    from concurrent.futures import ThreadPoolExecutor

    client, _ = service
    texts = [f"It's all my fault {number}." if number % 2 else f"Bought {number} loaves of bread today." for number in range(40)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda text: client.post("/assess", json={"text": text}).json(), texts))
    assert answers == [json.loads(ruminate.assess(text).to_json()) for text in texts]
    assert client.app.state.waiting == 0
