"""The counts in `data/README.md`, made from the data themselves.

    python benchmarks/datasheet.py [--write]

A test compares what stands in the datasheet with what this prints.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data"
BEGIN, END = "<!-- counts: made by benchmarks/datasheet.py -->", "<!-- end of counts -->"
LABELS = ("reflection", "rumination", "neither")


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def table(title: str, key: str, entries: list[dict[str, Any]]) -> list[str]:
    """One row a value of the key, with the labels in columns."""
    cells = Counter((str(entry[key]), entry["label"]) for entry in entries if entry[key] is not None)
    names = sorted({name for name, _ in cells})
    lines = [f"| {title} | {' | '.join(LABELS)} | all |", "| --- | ---: | ---: | ---: | ---: |"]
    for name in names:
        counts = [cells[name, label] for label in LABELS]
        lines.append(f"| {name} | {' | '.join(map(str, counts))} | {sum(counts)} |")
    return lines


def counts() -> str:
    authored, real = rows("authored/texts.jsonl"), rows("real/labels.jsonl")
    sets = Counter(entry["set"] for entry in authored if entry["set"])
    words = sorted(len(entry["text"].split()) for entry in authored)
    about = (
        f"**Authored**: {len(authored)} texts by {len({entry['writer'] for entry in authored})} writers' briefs, {len(sets)} contrast sets, "
        f"{sum(bool(entry['shift']) for entry in authored)} texts that turn; median length {words[len(words) // 2]} words "
        f"(shortest {words[0]}, longest {words[-1]})."
    )
    lines = [
        about, "", *table("writer", "writer", authored), "", *table("hard kind", "hard", authored), "",
        f"**Real, labels only**: {len(real)} labels, {sum(entry['part'] == 'dev' for entry in real)} of them in the development set.",
        "", *table("source", "source", real),
    ]  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not options.write:
        print(counts())
        return
    file = DATA / "README.md"
    text = file.read_text("utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    file.write_text(f"{before}{BEGIN}\n\n{counts()}\n\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
