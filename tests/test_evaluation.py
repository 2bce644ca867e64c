"""Measuring: predictions from files, suites that say what they should, broken models that are seen to be broken."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ruminate.cli import main
from ruminate.errors import InputError
from ruminate.evaluation.metrics import evaluate_predictions
from ruminate.evaluation.predictions import align, fit_columns, read_columns, read_predictions
from ruminate.evaluation.records import Record, label_numbers
from ruminate.evaluation.suites import abstention_curve, contrast_pairs, hard_kinds, rater_ceiling, reliability, slices, within_source
from ruminate.results import LABELS


@pytest.fixture(scope="module")
def perfect(authored: list[Record]) -> np.ndarray:
    return np.eye(3)[label_numbers(authored)] * 0.9 + 0.1 / 3


def test_a_perfect_system_is_seen_as_perfect(authored: list[Record], perfect: np.ndarray) -> None:
    figures = evaluate_predictions(label_numbers(authored), perfect, [record.group for record in authored], draws=5)
    assert figures["macro-F1"].value == figures["kappa"].value == figures["precision at 2 %"].value == 1.0
    assert figures["false alarms"].value == 0.0
    assert contrast_pairs(authored, perfect)["all"].value == 1.0
    assert all(figure.value == 1.0 for figure, _ in hard_kinds(authored, perfect).values())


@pytest.mark.parametrize("broken", ["labels shuffled", "a class dropped", "always neither"])
def test_a_broken_system_is_seen_as_broken(authored: list[Record], perfect: np.ndarray, broken: str) -> None:
    chances = {
        "labels shuffled": np.random.default_rng(0).permutation(perfect),
        "a class dropped": np.column_stack([np.zeros(len(perfect)), perfect[:, 1], perfect[:, 0] + perfect[:, 2]]),
        "always neither": np.tile([0.0, 0.0, 1.0], (len(perfect), 1)),
    }[broken]
    figures = evaluate_predictions(label_numbers(authored), chances, [record.group for record in authored], draws=5)
    assert figures["macro-F1"].value < 0.75
    assert contrast_pairs(authored, chances)["all"].value < 0.85


def test_precision_at_a_base_rate_is_bayes() -> None:
    truth = np.array([1] * 50 + [2] * 50)
    chances = np.eye(3)[[1] * 40 + [2] * 10 + [1] * 5 + [2] * 45]
    found = evaluate_predictions(truth, chances, [str(at) for at in range(100)], draws=2)
    assert found["precision at 10 %"].value == pytest.approx(0.8 * 0.1 / (0.8 * 0.1 + 0.1 * 0.9))


def test_shapes_of_the_suites(authored: list[Record], perfect: np.ndarray) -> None:
    truth = label_numbers(authored)
    curve = abstention_curve(truth, perfect)
    assert curve[-1] == (1.0, 0.0)
    assert sum(count for _, _, count in reliability(truth, perfect)["rumination"]) == len(truth)
    assert {part.name for part in slices(authored, perfect, lambda record: record.writer, draws=2)} == {record.writer for record in authored}
    assert within_source(authored, perfect)["rumination"] == 1.0
    voted = [Record(id=str(at), text="x", label=label, source="s", group=str(at), votes=(label, label, LABELS[at % 3])) for at, label in enumerate(LABELS * 4)]
    assert rater_ceiling(voted)["kappa"] == 1.0
    assert rater_ceiling(authored) == {}


def test_predictions_from_files(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "1", "label": "rumination"}\n{"id": 2, "reflection": 0.2, "rumination": 0.3, "neither": 0.5}\n')
    found = read_predictions(tmp_path / "a.jsonl")
    assert align(["2", "1"], found).tolist() == [[0.2, 0.3, 0.5], [0.0, 1.0, 0.0]]
    with pytest.raises(InputError, match="1 of 3 texts have no prediction"):
        align(["1", "2", "3"], found)
    for text, match in [('{"label": "rumination"}\n', "no id"), ('{"id": "1", "label": "sad"}\n', "neither shares"), ('{"id": "1", "reflection": 2, "rumination": 0, "neither": 0}\n', "no probabilities")]:
        (tmp_path / "b.jsonl").write_text(text)
        with pytest.raises(InputError, match=match):
            read_predictions(tmp_path / "b.jsonl")


def test_an_export_of_columns_becomes_predictions(tmp_path: Path) -> None:
    """A LIWC export, say: id, and columns of numbers."""
    (tmp_path / "train.csv").write_text("id,i,negemo,name\n" + "".join(f"t{at},{at % 3},{at % 3 * 2},x\n" for at in range(60)))
    (tmp_path / "test.csv").write_text("id,i,negemo,name\n" + "".join(f"d{at},{at},{at * 2},x\n" for at in range(3)))
    labels = {f"t{at}": LABELS[at % 3] for at in range(60)}
    found = fit_columns(read_columns(tmp_path / "train.csv"), labels, read_columns(tmp_path / "test.csv"))
    assert [LABELS[int(np.argmax(found[f"d{at}"]))] for at in range(3)] == list(LABELS)


def test_the_command(tmp_path: Path, authored: list[Record], capsys: pytest.CaptureFixture[str]) -> None:
    some = authored[:45]
    texts, mine = tmp_path / "texts.jsonl", tmp_path / "mine.jsonl"
    texts.write_text("".join(json.dumps({"id": record.id, "text": record.text, "label": record.label, "set": record.contrast}) + "\n" for record in some))
    mine.write_text("".join(json.dumps({"id": record.id, "label": record.label}) + "\n" for record in some))
    assert main(["evaluate", str(texts), "--predictions", str(mine), "--json", str(tmp_path / "out.json")]) == 0
    printed = capsys.readouterr().out
    assert "rules:" in printed
    assert "mine.jsonl" in printed
    report = json.loads((tmp_path / "out.json").read_text())["suites"]
    assert report["table"]["contestants"]["mine.jsonl"]["headline"]["macro-F1"][0] == 1.0
    assert report["signs"]["contestants"]["mine.jsonl"] is None, "a file of labels shows no signs"
    assert not any(record.text[:30] in (tmp_path / "out.json").read_text() for record in some)
