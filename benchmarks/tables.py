"""Results as files, as Markdown, and in the README between markers."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruminate.evaluation.metrics import Estimate

HERE = Path(__file__).parent
RESULTS = HERE / "results"
README = HERE.parent / "README.md"
SHOWN = ("macro-F1", "kappa", "AUC rumination", "AUC reflection", "precision rumination", "recall rumination", "false alarms")
Rows = Mapping[str, Mapping[str, Estimate]]


def markdown(rows: Rows, shown: Sequence[str] | None = SHOWN) -> str:
    """A row a contestant, a column a figure; `shown` None for all figures."""
    every = list(dict.fromkeys(name for figures in rows.values() for name in figures))
    names = every if shown is None else [name for name in every if name in shown]
    lines = ["| what decides | " + " | ".join(names) + " |", "| --- |" + " --- |" * len(names)]
    lines += [f"| {name} | " + " | ".join(str(figures[metric]) if metric in figures else "–" for metric in names) + " |" for name, figures in rows.items()]
    return "\n".join(lines) + "\n"


def plain(value: Any) -> Any:
    """The same for JSON: rounded, null where a figure has no meaning."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 6)
    return value


def write(place: Path, name: str, rows: Rows, *, shown: Sequence[str] | None = SHOWN, details: Mapping[str, Any] | None = None) -> None:
    """NAME.md and NAME.json in a folder; what is told at more length goes into NAME_details.json."""
    (place / f"{name}.md").write_text(markdown(rows, shown), "utf-8")
    (place / f"{name}.json").write_text(json.dumps(plain(rows), indent=1, ensure_ascii=False) + "\n", "utf-8")
    if details is not None:
        (place / f"{name}_details.json").write_text(json.dumps(plain(details), ensure_ascii=False) + "\n", "utf-8")


def into(page: Path, name: str) -> None:
    """Put results/NAME.md between the markers of that name; a page without them is left alone."""
    begin, end = f"<!-- table:{name} -->", f"<!-- /table:{name} -->"
    text = page.read_text("utf-8")
    if begin in text and end in text:
        table = (RESULTS / f"{name}.md").read_text("utf-8")
        page.write_text(f"{text.split(begin)[0]}{begin}\n{table}{end}{text.split(end)[1]}", "utf-8")
