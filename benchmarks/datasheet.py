"""The counts in `data/README.md` and `data/behaviour/README.md`, made from the data themselves.

    python benchmarks/datasheet.py [--write]

A test compares what stands in each datasheet with what this prints.
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
KINDS = ("minimum", "invariance", "direction")


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
        f"**Real, labels only**: {len(real)} labels.",
        "", *table("part", "part", real), "", *table("source", "source", real),
    ]  # fmt: skip
    return "\n".join(lines)


def behaviour_counts() -> str:
    """One row a capability, with the kinds of its cases."""
    entries = [entry for file in sorted((DATA / "behaviour").glob("*.jsonl")) for entry in rows(f"behaviour/{file.name}")]
    words = sorted(len(text.split()) for entry in entries for text in (entry["text"], entry.get("changed")) if text)
    cells = Counter((entry["capability"], entry["kind"]) for entry in entries)
    names = sorted({name for name, _ in cells})
    lines = [
        f"{len(entries)} cases, {len(names)} capabilities; median length of a text {words[len(words) // 2]} words (shortest {words[0]}, longest {words[-1]}).",
        "", f"| capability | {' | '.join(KINDS)} | all |", "| --- | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    for name, *found in [(name, *(cells[name, kind] for kind in KINDS)) for name in names] + [("all", *(sum(cells[name, kind] for name in names) for kind in KINDS))]:
        lines.append(f"| {name} | {' | '.join(map(str, found))} | {sum(found)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    for name, made in (("README.md", counts()), ("behaviour/README.md", behaviour_counts())):
        if not options.write:
            print(f"{name}\n\n{made}\n")
            continue
        file = DATA / name
        text = file.read_text("utf-8")
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        file.write_text(f"{before}{BEGIN}\n\n{made}\n\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
