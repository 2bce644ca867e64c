"""The de-identification check: every kind finds its examples, passes its counter-examples, and is never slow."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd
import pytest

from ruminate.batch import find_identifiers, run_batch
from ruminate.batch.identifiers import kinds
from ruminate.batch.options import Outputs

HITS = [(kind, text) for kind, entry in kinds().items() for text in entry["hits"]]
MISSES = [(kind, text) for kind, entry in kinds().items() for text in entry["misses"]]


@pytest.mark.parametrize(("kind", "text"), HITS)
def test_hits(kind: str, text: str) -> None:
    assert kind in find_identifiers(text)


@pytest.mark.parametrize(("kind", "text"), MISSES)
def test_misses(kind: str, text: str) -> None:
    assert kind not in find_identifiers(text)


@pytest.mark.parametrize("text", ["a" * 300_000, "A" * 300_000, "1 " * 150_000, "a.b-" * 80_000, "Aa Bb " * 50_000, "0123 " * 60_000, "@" * 300_000])
def test_long_odd_texts_take_no_time(text: str) -> None:
    started = time.process_time()
    find_identifiers(text)
    assert time.process_time() - started < 5


def test_rows_and_counts_but_never_the_words(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text('id,text\n1,nothing here\n2,"call +44 20 7946 0123, or +44 20 7946 0124"\n3,I told Sarah and Emma Example\n', "utf-8")
    outcome = run_batch([source], tmp_path / "out.csv")
    found = pd.read_csv(Outputs(tmp_path / "out.csv").identifiers)
    assert found[["row", "kind", "places"]].to_numpy().tolist() == [[2, "phone", 2], [3, "name", 2]]
    assert outcome.counts["rows_with_possible_identifiers"] == {"name": 1, "phone": 1}
    assert pd.read_csv(tmp_path / "out.csv")["possible_identifiers"].tolist() == [0, 2, 2]
    assert not any("Sarah" in line or "7946" in line for line in outcome.warnings)
