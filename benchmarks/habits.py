"""Which n-grams tell a label of the authored texts, and what was said of them when they were reviewed.

    python benchmarks/habits.py [--real TRAIN DEV] [--write]

Prints, for each label, the n-grams (one to three words) with the highest mutual information, and how often real texts of each
label have them. What real text does not share may be the writers' habit and no sign of a way of thinking. The verdicts stand in
`data/authored/habits.toml`, the table in `data/README.md`; a test fails when one of these n-grams has no verdict.
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parents[1] / "data"
BEGIN, END = "<!-- habits: made by benchmarks/habits.py -->", "<!-- end of habits -->"
LABELS = ("reflection", "rumination", "neither")
SHOWN = 15
"""N-grams a label that are reviewed."""
LEAST = 12
"""Texts that an n-gram has to stand in."""
_CLAUSE = re.compile(r"[.!?,;:()\n\"]+")
_WORD = re.compile(r"[a-z0-9']+")


def grams(text: str) -> set[str]:
    """One to three words in a row, within a clause."""
    found = set()
    for clause in _CLAUSE.split(text.lower().replace("’", "'")):
        words = _WORD.findall(clause)
        found |= {" ".join(words[at : at + size]) for size in (1, 2, 3) for at in range(len(words) - size + 1)}
    return found


def counted(rows: Iterable[Mapping[str, Any]]) -> tuple[dict[str, NDArray[np.int64]], NDArray[np.int64]]:
    """In how many texts of each label an n-gram stands, and how many texts each label has."""
    tallies: dict[str, Counter[str]] = {label: Counter() for label in LABELS}
    sizes = Counter[str]()
    for row in rows:
        sizes[row["label"]] += 1
        tallies[row["label"]].update(grams(row["text"]))
    names = {name for tally in tallies.values() for name in tally}
    return {name: np.array([tallies[label][name] for label in LABELS]) for name in names}, np.array([sizes[label] for label in LABELS])


def information(counts: NDArray[np.int64], sizes: NDArray[np.int64], label: int) -> float:
    """Mutual information, in bits, of "stands in the text" and "has this label"; 0 where it speaks against the label."""
    have, total = counts.sum(), sizes.sum()
    if counts[label] * total <= have * sizes[label]:
        return 0.0
    table = np.array([[counts[label], have - counts[label]], [sizes[label] - counts[label], total - sizes[label] - have + counts[label]]], dtype=np.float64)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / total
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.nansum(table / total * np.log2(table / expected)))


def telling(counts: Mapping[str, NDArray[np.int64]], sizes: NDArray[np.int64], shown: int = SHOWN) -> dict[str, list[tuple[str, list[int]]]]:
    """For each label its most telling n-grams and their counts by label. Of n-grams in one another the most telling stays."""
    found: dict[str, list[tuple[str, list[int]]]] = {}
    often = {name: row for name, row in counts.items() if row.sum() >= LEAST}
    for at, label in enumerate(LABELS):
        ranked = sorted(((information(row, sizes, at), name) for name, row in often.items()), reverse=True)
        kept: list[str] = []
        for _, name in ranked:
            if len(kept) == shown:
                break
            if not any(f" {other} " in f" {name} " or f" {name} " in f" {other} " for other in kept):
                kept.append(name)
        found[label] = [(name, counts[name].tolist()) for name in kept]
    return found


def verdicts() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((DATA / "authored" / "habits.toml").read_text("utf-8"))


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def table(told: Mapping[str, Sequence[tuple[str, list[int]]]]) -> str:
    """The review of `telling` n-grams as Markdown."""
    lines = ["| label | n-gram | authored texts | per 1,000 real texts | verdict |", "| --- | --- | --- | --- | --- |"]
    said = verdicts()
    for label, found in told.items():
        for name, counts in found:
            entry = said.get(name, {"real": [], "verdict": "**not reviewed**"})
            shares = " / ".join(f"{share:g}" for share in entry["real"])
            lines.append(f"| {label} | {name} | {' / '.join(map(str, counts))} | {shares} | {entry['verdict']} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, nargs="+", default=[])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    told = telling(*counted(read(DATA / "authored" / "texts.jsonl")))
    if options.real:
        counts, sizes = counted(row for path in options.real for row in read(path))
        for label, found in told.items():
            for name, _ in found:
                print(label, json.dumps(name), [round(share, 1) for share in (1000 * counts.get(name, np.zeros(3)) / sizes).tolist()])
    if options.write:
        sheet = (DATA / "README.md").read_text("utf-8")
        before, rest = sheet.split(BEGIN)
        (DATA / "README.md").write_text(f"{before}{BEGIN}\n\n{table(told)}\n\n{END}{rest.split(END)[1]}", "utf-8")
    elif not options.real:
        print(table(told))


if __name__ == "__main__":
    main()
