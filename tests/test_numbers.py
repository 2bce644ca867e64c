"""Numbers in documents are the numbers that were measured."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ruminate.analyzer import shared_extractor
from ruminate.evaluation.metrics import Estimate
from ruminate.scoring.chosen import DEEP_MODEL, DEFAULT_MODEL
from ruminate.scoring.model_file import load_model
from ruminate.training.card import render_card
from ruminate.training.deep.card import render_deep_card

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "models" / DEFAULT_MODEL


def test_the_card_is_its_metrics() -> None:
    report = json.loads((MODEL / "metrics.json").read_text("utf-8"))
    assert (MODEL / "README.md").read_text("utf-8") == render_card(report)
    assert report["name"] == DEFAULT_MODEL


def test_the_deep_card_is_its_metrics() -> None:
    folder = ROOT / "models" / DEEP_MODEL
    report = json.loads((folder / "metrics.json").read_text("utf-8"))
    assert (folder / "README.md").read_text("utf-8") == render_deep_card(report)
    about = json.loads((folder / "model.json").read_text("utf-8"))
    assert report["joint"] == {"linear": round(about["linear_weight"], 3), "encoder": round(about["encoder_weight"], 3)}


@pytest.mark.parametrize("page", ["README.md", "docs/benchmark.md"])
def test_pages_show_the_measured_tables(page: str) -> None:
    """Between its marks stands each table as it was written, and nothing where nothing was measured."""
    text = (ROOT / page).read_text("utf-8")
    shown = re.findall(r"<!-- table:(\w+) -->\n(.*?)<!-- /table:\1 -->", text, flags=re.DOTALL)
    assert shown, page
    for name, table in shown:
        written = ROOT / "benchmarks" / "results" / f"{name}.md"
        assert table == (written.read_text("utf-8") if written.is_file() else ""), name


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "benchmarks" / "results").glob("*.md")))
def test_a_table_shows_its_figures(name: str) -> None:
    results = ROOT / "benchmarks" / "results"
    figures = json.loads((results / f"{name}.json").read_text("utf-8"))
    lines = (results / f"{name}.md").read_text("utf-8").splitlines()
    columns = lines[0].strip("| ").split(" | ")[1:]
    for line in lines[2:]:
        who, *cells = line.strip("| ").split(" | ")
        for column, cell in zip(columns, cells, strict=True):
            given = figures[who].get(column)
            assert cell == ("–" if given is None else str(Estimate(*(float("nan") if value is None else value for value in given)))), (who, column)


def test_the_card_and_the_table_speak_of_one_model() -> None:
    card = json.loads((MODEL / "metrics.json").read_text("utf-8"))["dev"]["this model"]
    table = json.loads((ROOT / "benchmarks" / "results" / "real_dev.json").read_text("utf-8"))["ruminate, trained model (as shipped)"]
    for metric in ("macro-F1", "kappa", "AUC rumination", "AUC reflection"):
        assert round(table[metric][0], 3) == round(card[metric][0], 3), metric


def test_no_vocabulary_holds_a_name_or_an_address() -> None:
    """What looks like a handle, an address or a number of someone is in no shipped vocabulary."""
    scorer = load_model(MODEL, shared_extractor().table)
    assert scorer.vocabulary is not None
    odd = [term for term in scorer.vocabulary.terms if re.search(r"@\w|https?:|www\.|\d{5,}|\w+\.(com|org|net)\b", term)]
    assert odd == []
