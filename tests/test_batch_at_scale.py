"""Large and hostile files: memory stays flat, no row is lost, nothing goes unsaid. Slow; `benchmarks/scale.py` measures 200,000 rows."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

import ruminate
from ruminate.batch import BatchOptions, Outputs, run_batch
from ruminate.errors import InputError

MEASURED = """
import json, resource, sys
from ruminate.batch import BatchOptions, run_batch
said = []
options = BatchOptions(text_column="text", id_column="id", keep=None if sys.argv[4] == "all" else (), part_rows=256, n_jobs=int(sys.argv[3]))
outcome = run_batch([sys.argv[1]], sys.argv[2], options, tell=said.append)
print(json.dumps([dict(outcome.counts), said, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
NOTES = ("Bought bread {}.", "It's all my fault, day {}.", "Maybe she was tired {} times; I'll ask her.", "")


class Measured(NamedTuple):
    """A run in a process of its own: what it counted and said, and MiB that it held at most."""

    counts: dict[str, Any]
    said: list[str]
    held: float


def measured(source: Path, out: Path, jobs: int = 1, keep: str = "nothing") -> Measured:
    done = subprocess.run([sys.executable, "-c", MEASURED, str(source), str(out), str(jobs), keep], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Measured(*json.loads(done.stdout))


def notes(path: Path, rows: int, *, padding: int = 0) -> Path:
    rng = random.Random(5)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "padding", "text"])
        table.writerows([f"e{at}", rng.randbytes(padding // 2).hex(), NOTES[at % 4].format(at)] for at in range(rows))
    return path


@pytest.mark.slow
def test_memory_does_not_grow_with_rows(tmp_path: Path) -> None:
    """Four times the rows and bytes: the same memory, give or take. Eight bytes a row for ids and for texts are allowed for."""
    little = measured(notes(tmp_path / "little.csv", 1000, padding=8000), tmp_path / "little.parquet")
    much = measured(notes(tmp_path / "much.csv", 4000, padding=8000), tmp_path / "much.parquet")
    assert (much.counts["read"], much.counts["assessed"]) == (4000, 4000)
    assert (tmp_path / "much.csv").stat().st_size > 30_000_000
    assert much.held < little.held + 40, (little.held, much.held)


@pytest.mark.slow
def test_no_row_is_lost_doubled_or_out_of_order(tmp_path: Path) -> None:
    source = notes(tmp_path / "in.csv", 3000)
    made = []
    for jobs in (1, 2):
        assert measured(source, tmp_path / f"{jobs}.csv", jobs).counts["assessed"] == 3000
        made.append([(tmp_path / f"{jobs}{rest}.csv").read_bytes() for rest in ("", ".rejects", ".identifiers")])
    assert made[0] == made[1]
    found = pd.read_csv(tmp_path / "1.csv", usecols=["row", "id", "label"])
    assert found["id"].tolist() == [f"e{at}" for at in range(3000)]
    assert found["row"].tolist() == list(range(1, 3001))
    assert found["label"].notna().all()


class Hostile:
    """A file that does everything wrong, and what is to be said of each of its rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fine: list[str] = []
        self.reasons: dict[str, int] = {}
        self.rows = 0
        junk = random.Random(3)
        with path.open("wb") as file:
            file.write(b"id,junk,text\r\n")
            for block in range(1000):
                filler = junk.randbytes(20_000).hex().encode()
                self._fine(file, b"e%d,%b,I keep going over it\x00 %d; it was a caf\xc3\xa9\n" % (block, filler, block), f"e{block}")
                if block % 10 == 0:
                    self._fine(file, b"e0,,The same id once more %d\r\n" % block, "e0")
                if block % 50 == 1:
                    self._bad(file, b"old%d,,a caf\xe9 in Latin-1\n" % block, "the text holds bytes that are not utf-8; name the encoding, or mend the row")
                if block % 50 == 2:
                    self._bad(file, b"few%d,only two\n" % block, "2 cells where 3 are expected")
                if block % 50 == 3:
                    self._bad(file, b"many%d,a,b,c,d\n" % block, "5 cells where 3 are expected")
                if block % 50 == 4:
                    broken = "quotes are broken: a quote is not closed, or stands unescaped inside a cell"
                    self._bad(file, b'open%d,,"never closed\n' % block, broken)
                    self._fine(file, b'ok%d,,"closed, and\nover two lines"\n' % block, f"ok{block}")
                if block % 50 == 5:
                    self._bad(file, b'odd%d,,"a "quoted" word\n' % block, "quotes are broken: a quote is not closed, or stands unescaped inside a cell")
                if block == 500:
                    self._bad(file, b"huge,," + b"over and over " * 750_000 + b"\n", "the text has more than 1,000,000 characters")
                if block == 600:
                    file.write(b"\r\n\n\n")  # blank lines are no rows
            self._bad(file, b'last,,"open to the very end\n', "a quote is opened and never closed")
            self._fine(file, b"end,,No line end here", "end")

    def _fine(self, file: Any, line: bytes, key: str) -> None:
        file.write(line)
        self.fine.append(key)
        self.rows += 1

    def _bad(self, file: Any, line: bytes, reason: str) -> None:
        file.write(line)
        self.reasons[reason] = self.reasons.get(reason, 0) + 1
        self.rows += 1


@pytest.mark.slow
def test_a_hostile_file_of_50_megabytes(tmp_path: Path) -> None:
    hostile = Hostile(tmp_path / "in.csv")
    assert hostile.path.stat().st_size > 50_000_000
    counts, said, held = measured(hostile.path, tmp_path / "out.parquet", keep="all")
    assert counts["reasons"] == dict(sorted(hostile.reasons.items()))
    assert (counts["read"], counts["assessed"], counts["rejected"]) == (hostile.rows, len(hostile.fine), sum(hostile.reasons.values()))
    assert ruminate.read_results(tmp_path / "out.parquet")["id"].tolist() == hostile.fine
    assert counts["duplicate_ids"] == 100
    assert any(f"{counts['rejected']:,} rows were not assessed" in line and "out.rejects.csv" in line for line in said)
    assert any("100 rows have an id that an earlier row has; all are kept" in line for line in said)
    assert not any("caf" in line or "closed, and" in line for line in said)
    rejects = pd.read_csv(Outputs(tmp_path / "out.parquet").rejects)
    lines = hostile.path.read_bytes().split(b"\n")
    assert all(lines[line - 1].startswith((b"old", b"few", b"many", b"open", b"odd", b"huge", b"last")) for line in rejects["line"]), "each where it says"
    assert held < 700, "MiB; the file has a cell of ten megabytes"


@pytest.mark.slow
def test_many_open_quotes_take_no_more_than_one_pass_each(tmp_path: Path) -> None:
    """Without any other quote in the file, each open one swallows what follows up to a limit; that must not multiply."""
    source = tmp_path / "in.csv"
    with source.open("w", encoding="utf-8") as file:
        file.write("id,text\n")
        for at in range(100):
            file.write(f'o{at},"never closed {at}\n' if at % 2 else f"e{at},Bought bread {at}.\n")
            file.write(f"x{at},{'long ' * 80_000}\n")
    started = time.process_time()
    outcome = run_batch([source], tmp_path / "out.csv", BatchOptions(text_column="text", keep=(), max_chars=1000))
    assert time.process_time() - started < 60
    assert (outcome.counts["read"], outcome.counts["assessed"], outcome.counts["rejected"]) == (200, 50, 150)


@pytest.mark.slow
def test_a_missing_column_is_said_before_the_work(tmp_path: Path) -> None:
    one, other = notes(tmp_path / "one.csv", 2000), tmp_path / "other.csv"
    other.write_text("id,words\n1,no such column here\n", "utf-8")
    with pytest.raises(InputError, match=r"other\.csv has no column 'text'; it has 'id', 'words'\. Name one with --text-column"):
        run_batch([one, other], tmp_path / "out.csv", BatchOptions(text_column="text"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.csv", "other.csv"], "nothing was begun"


def test_manifests_add_up(tmp_path: Path) -> None:
    """Two inputs, one of them with odd rows: every count is that of the tables."""
    first = notes(tmp_path / "a.csv", 40)
    (tmp_path / "b.csv").write_text('id,text\n1,"open\n2,fine\n3,a,b\n', "utf-8")
    run_batch([first, tmp_path / "b.csv"], tmp_path / "out.jsonl", BatchOptions(text_column="text", part_rows=7))
    manifest = json.loads((tmp_path / "out.jsonl.manifest.json").read_text("utf-8"))
    results = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    rejects = pd.read_csv(tmp_path / "out.rejects.csv")
    counts = manifest["counts"]
    assert sum(entry["rows"] for entry in manifest["inputs"]) == counts["read"] == len(results) + len(rejects) == 43
    assert (len(results), len(rejects)) == (counts["assessed"], counts["rejected"])
    assert {(row["source"], row["row"]) for row in results} | set(zip(rejects["source"], rejects["row"], strict=True)) == {
        *(("a.csv", at) for at in range(1, 41)), *(("b.csv", at) for at in range(1, 4))
    }
