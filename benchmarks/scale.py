"""Rows, memory and bytes at scale: one CSV through `ruminate batch` with 1 and 2 processes, memory sampled all the while.

    python benchmarks/scale.py --rows 200000 --jobs 1 2

The rows are made of our own authored texts: one to three sentences each, with a number, so that no two are the same. Ratios are
what to read; times are those of the machine, and of whatever else runs on it.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

AUTHORED = Path(__file__).parents[1] / "data" / "authored" / "texts.jsonl"


def sentences() -> list[list[str]]:
    import ruminate

    texts = [json.loads(line)["text"] for line in AUTHORED.read_text("utf-8").splitlines()][::6]
    return [[text[one.start : one.end] for one in found.sentences] for text, found in zip(texts, ruminate.assess_many(texts), strict=True)]


def write_rows(path: Path, rows: int) -> None:
    rng, known = random.Random(7), sentences()
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "author", "text"])
        for number in range(rows):
            of = known[number % len(known)]
            at = rng.randrange(len(of))
            table.writerow([f"e{number}", f"a{number % 5000}", " ".join(of[at : at + rng.randint(1, 3)]) + f" That was note {number}."])


def resident(process: int) -> int:
    """Bytes that a process and its children hold, by Linux' own count."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    except OSError:
        return 0
    return pages * 4096 + sum(resident(int(child)) for child in children)


def sampled(command: list[str], every: float) -> Iterator[tuple[float, int]]:
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            yield time.monotonic() - started, resident(process.pid)
            time.sleep(every)
    if process.returncode != 0:
        raise SystemExit(f"the run failed with {process.returncode}")


def measure(source: Path, out: Path, jobs: int, rows: int) -> dict[str, str]:
    command = [sys.executable, "-m", "ruminate", "batch", str(source), "-o", str(out), "--evidence", "--jobs", str(jobs), "--quiet", "--overwrite"]
    seen = list(sampled(command, 1.0))
    manifest = json.loads(out.with_name(f"{out.name}.manifest.json").read_text("utf-8"))
    counts = manifest["counts"]
    assert counts["read"] == counts["assessed"] + counts["rejected"] == rows, counts
    assert counts["duplicate_ids"] == 0
    seconds = seen[-1][0]
    tenths = [max(held for at, held in seen if lower <= at / seconds <= lower + 0.1) for lower in (0.1, 0.3, 0.5, 0.7, 0.9)]
    held = ", ".join(f"{one / 2**20:.0f}" for one in tenths)
    for entry in manifest["outputs"]:
        print(f"   {entry['name']}: {entry['bytes']:,} bytes, sha256 {entry['sha256'][:16]}")
    print(f"{jobs} processes: {rows:,} rows in {seconds:.0f} s ({rows / seconds:.0f} a second); MiB held after a tenth, 3, 5, 7, 9 tenths: {held}", flush=True)
    return {entry["name"]: entry["sha256"] for entry in manifest["outputs"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in.csv")
        write_rows(source, options.rows)
        print(f"{options.rows:,} rows, {source.stat().st_size / 1e6:.0f} MB", flush=True)
        made = []
        for jobs in options.jobs:
            out = Path(folder, str(jobs), "out.csv")
            made.append(measure(source, out, jobs, options.rows))
        assert all(one == made[0] for one in made), "the number of processes changed a byte"
        print("the same bytes whatever the number of processes" if len(made) > 1 else "one run, nothing to compare")


if __name__ == "__main__":
    main()
