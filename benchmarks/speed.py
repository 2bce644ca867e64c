"""Speed: the library against its own yardstick, spaCy's blank tokenizer, in one run on one machine. Ratios hold, times drift."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ruminate.analyzer import Analyzer


def of_160_words(path: Path, count: int = 60) -> list[str]:
    """Texts of about 160 words; for timing only."""
    lines = path.read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    return [text for text in texts if 145 <= len(text.split()) <= 175][:count]


def speed(texts: list[str], analyzer: Analyzer, what: str) -> dict[str, float]:
    """Cost of one warm `assess` and of `assess_many`, as multiples of spaCy's blank tokenizer on the same texts."""
    import spacy

    split = spacy.blank("en").tokenizer

    def seconds(call: Callable[[], object], rounds: int) -> float:
        best = float("inf")
        for _ in range(rounds):
            begin = time.perf_counter()
            call()
            best = min(best, time.perf_counter() - begin)
        return best

    for text in texts:
        analyzer.assess(text), split(text)
    single = [seconds(lambda text=text: analyzer.assess(text), 15) / seconds(lambda text=text: split(text), 15) for text in texts]
    many = seconds(lambda: list(analyzer.assess_many(texts * 4)), 5) / seconds(lambda: [split(text) for text in texts * 4], 5)
    return {
        f"assess / tokenizer, median, {what}": statistics.median(single),
        f"assess / tokenizer, 90th percentile, {what}": sorted(single)[int(0.9 * len(single))],
        f"assess_many / tokenizer, {what}": many,
    }


def cold() -> dict[str, float]:
    """A first answer in a new process against importing spaCy and making its blank pipeline, in turn."""
    ratios = []
    for _ in range(3):
        spent = []
        for code in ("import spacy; spacy.blank('en')", "import ruminate; ruminate.assess('I keep going over it.')"):
            begin = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            spent.append(time.perf_counter() - begin)
        ratios.append(spent[1] / spent[0])
    return {"cold first answer / cold spaCy": statistics.median(ratios)}
