"""A run that is killed, really killed, at any moment, goes on without losing or doubling a row and ends with the same bytes."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ruminate.batch import BatchOptions, Outputs, run_batch
from ruminate.errors import InputError

ROWS = 260
WORDS = "I keep going over what I said|Bought bread and milk|Maybe she was tired; next time I'll ask|It's all my fault, \"again\"".split("|")
CODE = """
import sys, time
from ruminate.batch import BatchOptions, run_batch
from ruminate.batch.parts import Parts
whole = Parts.commit
def slowly(self, *arguments):  # so that a kill finds the run at work
    time.sleep(0.01)
    whole(self, *arguments)
Parts.commit = slowly
print("ready", flush=True)
run_batch([sys.argv[1]], sys.argv[2], BatchOptions(evidence=True, sentences=True, part_rows=7, n_jobs=int(sys.argv[3]), resume=True))
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("in") / "in.csv"
    lines = [f'{at},"{WORDS[at % 4].replace(chr(34), chr(34) * 2)}\nand on day {at} no more."' for at in range(ROWS)]
    lines[100] = '100,"never closed'
    path.write_text("id,text\n" + "\n".join(lines) + "\n", "utf-8")
    return path


def files(out: Path) -> dict[str, bytes]:
    return {path.name.removeprefix(out.stem): path.read_bytes() for path in out.parent.glob(f"{out.stem}*") if path.is_file() and "manifest" not in path.name}


def seconds_unbroken(source: Path, out: Path, jobs: int) -> float:
    """How long a run is at work when nobody stops it."""
    process = subprocess.Popen([sys.executable, "-c", CODE, str(source), str(out), str(jobs)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    process.stdout.readline()
    begin = time.perf_counter()
    assert process.wait(timeout=300) == 0
    process.stdout.close()
    return time.perf_counter() - begin


def kill_until_done(source: Path, out: Path, jobs: int, rng: random.Random, longest: float) -> int:
    """Start, kill after a random time, start again …; returns how often it was killed at work."""
    kills = 0
    for attempt in range(60):
        process = subprocess.Popen([sys.executable, "-c", CODE, str(source), str(out), str(jobs)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout is not None
        process.stdout.readline()
        try:
            process.wait(timeout=rng.uniform(0.02, longest) if attempt < 6 else 120)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
        finally:
            process.stdout.close()
        if process.returncode == 0:
            return kills
        assert process.returncode == -signal.SIGKILL
    raise AssertionError("it never came to an end")


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_killed_again_and_again(tmp_path: Path, source: Path, suffix: str, jobs: int) -> None:
    whole, broken = tmp_path / "whole" / f"out{suffix}", tmp_path / "broken" / f"out{suffix}"
    run_batch([source], whole, BatchOptions(evidence=True, sentences=True, part_rows=7))
    longest = seconds_unbroken(source, tmp_path / "timed" / f"out{suffix}", jobs) / 4  # so that two kills at least find it at work
    kills = kill_until_done(source, broken, jobs, random.Random(f"{suffix}{jobs}"), longest)
    assert kills >= 2
    assert files(broken) == files(whole)
    assert not Outputs(broken).work.exists()
    counts = json.loads(Outputs(broken).manifest.read_text())["counts"]
    # the quote that is never closed costs its own line, and the line that was to be the rest of its cell
    assert counts["read"] == counts["assessed"] + counts["rejected"]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_cut_off_at_every_step_of_the_end(tmp_path: Path, source: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped at each file operation of the last steps in turn: joining, moving, the manifest, clearing up."""
    options = {"evidence": True, "part_rows": 60}
    whole = tmp_path / "whole" / f"out{suffix}"
    run_batch([source], whole, BatchOptions(**options))

    class CutError(BaseException):
        pass

    for step in range(1, 9):
        out = tmp_path / f"broken{step}" / f"out{suffix}"
        left = [step]
        with monkeypatch.context() as patch:
            real = Path.replace

            def replace(self: Path, target: Path, left: list[int] = left, real: object = real) -> Path:
                left[0] -= 1
                if left[0] == 0:
                    raise CutError
                return real(self, target)  # type: ignore[operator]

            patch.setattr(Path, "replace", replace)
            try:
                run_batch([source], out, BatchOptions(**options))
            except CutError:
                assert not Outputs(out).manifest.exists()
        run_batch([source], out, BatchOptions(**options, resume=True))
        assert files(out) == files(whole), step


def test_damaged_parts_are_done_again(tmp_path: Path, source: Path) -> None:
    whole, out = tmp_path / "whole.csv", tmp_path / "out.csv"
    run_batch([source], whole, BatchOptions(part_rows=40))
    process = subprocess.Popen([sys.executable, "-c", CODE.replace("0.01", "30 if self.place(3).exists() else 0").replace("part_rows=7", "part_rows=40").replace("evidence=True, sentences=True, ", ""), str(source), str(out), "1"], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (Outputs(out).work / "000003").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    process.wait()
    (Outputs(out).work / "000001" / "results.csv").write_bytes(b"cut sho")
    with pytest.raises(InputError, match="--resume"):
        run_batch([source], out, BatchOptions(part_rows=40))
    with pytest.raises(InputError, match="other parameters"):
        run_batch([source], out, BatchOptions(part_rows=41, resume=True))
    outcome = run_batch([source], out, BatchOptions(part_rows=40, resume=True))
    assert outcome.manifest["run"]["resumed"]
    assert files(out) == files(whole)
    again = run_batch([source], out, BatchOptions(part_rows=40, resume=True))
    assert again.manifest == outcome.manifest, "what is finished is not done again"
