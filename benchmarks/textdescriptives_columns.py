"""TextDescriptives' numbers for a file of texts, in an environment of its own (it needs other versions than we do).

    python -m venv td && td/bin/pip install "textdescriptives>=2.8"
    td/bin/python benchmarks/textdescriptives_columns.py texts.jsonl columns.csv

Descriptive statistics, readability, information theory and quality, which need no trained pipeline. Then: `benchmarks/run.py … --columns TextDescriptives=columns.csv`.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from pathlib import Path


def main() -> None:
    try:
        import spacy
        import textdescriptives as td
    except ImportError as error:
        sys.exit(f"{error.name} is not installed here; the first lines of this file say how to make an environment for it")
    source, place = Path(sys.argv[1]), Path(sys.argv[2])
    rows = [json.loads(line) for line in source.read_text("utf-8").splitlines() if line.strip()]
    nlp = spacy.blank("en")
    for pipe in ("sentencizer", "textdescriptives/descriptive_stats", "textdescriptives/readability", "textdescriptives/quality"):
        nlp.add_pipe(pipe)
    with place.open("w", newline="", encoding="utf-8") as out:
        writer = None
        for row, doc in zip(rows, nlp.pipe(row["text"] for row in rows), strict=True):
            found = td.extract_dict(doc, include_text=False)[0]
            numbers = {name: float(value) if value is not None and math.isfinite(value) else 0.0 for name, value in found.items() if isinstance(value, int | float | bool) or value is None}
            if writer is None:
                writer = csv.DictWriter(out, fieldnames=["id", *numbers], extrasaction="ignore", restval=0.0)
                writer.writeheader()
            writer.writerow({"id": row["id"], **numbers})


if __name__ == "__main__":
    main()
