"""Measures the deep model from every side and writes its card.

    python benchmarks/deep_card.py MODEL --train TRAIN --dev DEV --held-out CHECKPOINTS/held_out.npz

The last file is what `ruminate train --deep` leaves: scores of both tiers for TRAIN and the authored texts, from models that had not seen a
text's source or writer. Both tiers and their sum are judged on the same texts. Writes MODEL/metrics.json and MODEL/README.md.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_card import AUTHORED, fairness, length_of, numbers, of_dev
from ruminate.analyzer import Analyzer
from ruminate.evaluation.metrics import evaluate_predictions
from ruminate.evaluation.records import Record, label_numbers, read_records
from ruminate.evaluation.suites import abstention_curve, contrast_pairs, hard_kinds, rater_ceiling, reliability, shift_found, slices, within_source
from ruminate.scoring.model_file import read_about
from ruminate.scoring.scorer import probabilities
from ruminate.training.calibrate import calibrate, choose_decision
from ruminate.training.deep.card import render_deep_card
from ruminate.training.deep.joining import Joint, measured
from ruminate.training.examples import examples_of, target_of, text_weights

Matrix = NDArray[np.float64]


def calibrated(scores: Matrix, records: Sequence[Record], real: NDArray[np.bool_]) -> Matrix:
    """Probabilities from scores, calibrated on the real held-out texts, as the linear tier is."""
    kept = [record for record, yes in zip(records, real, strict=True) if yes]
    weights = text_weights(examples_of(kept), authored=1.0, judged=1.0)
    found = calibrate(scores[real], np.array([target_of(record) for record in kept]), weights)
    return probabilities(scores + np.array(found.shift), found.temperature)


def held_out(records: list[Record], file: Path, joint: Joint) -> dict[str, Any]:
    """Tables on sources and writers that were not learned from, for both tiers and their sum."""
    kept = np.load(file, allow_pickle=False)
    real, by_us = measured(records), np.array([record.source == "authored" for record in records])
    every = {
        "linear tier alone": calibrated(kept["linear"], records, real),
        "encoder alone": calibrated(kept["encoder"], records, real),
        "deep: both": joint.chances(kept["linear"], kept["encoder"]),
    }
    real_records = [record for record, yes in zip(records, real, strict=True) if yes]
    written = [record for record, yes in zip(records, by_us, strict=True) if yes]
    truth, sources = label_numbers(real_records), [record.source for record in real_records]
    report: dict[str, Any] = {"new_source": {}, "writers": {"pairs": {}, "kinds": {}, "table": {}}}
    for name, chances in every.items():
        decision = choose_decision(chances[real], truth)
        figures = evaluate_predictions(truth, chances[real], sources, decision=decision, draws=500)
        inside = {key: round(value, 3) for key, value in within_source(real_records, chances[real]).items()}
        report["new_source"][name] = {**numbers(figures), "within source": inside}
        report["writers"]["pairs"][name] = numbers(contrast_pairs(written, chances[by_us]))["all"]
        report["writers"]["table"][name] = numbers(
            evaluate_predictions(label_numbers(written), chances[by_us], [record.writer or record.id for record in written], decision=decision, draws=300)
        )
        report["writers"]["kinds"][name] = {
            kind: [*(round(float(value), 4) for value in figure), many] for kind, (figure, many) in hard_kinds(written, chances[by_us], decision).items()
        }
    both, best = every["deep: both"][real], choose_decision(every["deep: both"][real], truth)
    for part, key in {"by_source": lambda record: record.source, "by_length": length_of}.items():
        report[part] = {one.name: [one.texts, numbers(dict(one.figures))] for one in slices(real_records, both, key, decision=best, draws=100)}
    report["reliability"] = {label: [[round(a, 3), round(b, 3), n] for a, b, n in rows] for label, rows in reliability(truth, both).items()}
    report["abstention"] = [[round(coverage, 3), round(risk, 3)] for coverage, risk in abstention_curve(truth, both, best)]
    return report


def speed(deep: Analyzer, linear: Analyzer, records: Sequence[Record]) -> dict[str, float]:
    """Texts of about 160 words a second of one core's time, and how many times as long as the linear tier."""
    texts = [record.text for record in records if 145 <= len(record.text.split()) <= 175][:60]
    spent = {}
    for name, analyzer in (("deep", deep), ("linear", linear)):
        list(analyzer.assess_many(texts))
        begin = time.process_time()
        list(analyzer.assess_many(texts))
        spent[name] = time.process_time() - begin
    return {"texts a second": round(len(texts) / spent["deep"], 1), "times the linear tier": round(spent["deep"] / spent["linear"], 1)}


def measure(folder: Path, train: list[Record], dev: list[Record], file: Path) -> dict[str, Any]:
    about, deep, linear = read_about(folder), Analyzer(folder), Analyzer()
    joint = Joint(about["linear_weight"], about["encoder_weight"], tuple(about["shift"]))
    authored, truth, groups = read_records(AUTHORED), label_numbers(dev), [record.group for record in dev]
    rows = {}
    for name, analyzer in {"rules": Analyzer(None), "linear tier (en-linear-1)": linear, "deep: both": deep}.items():
        rows[name] = numbers(evaluate_predictions(truth, of_dev(analyzer, dev), groups, decision=analyzer.scorer.decision))
        print(name, rows[name], flush=True)
    return {
        "name": folder.name,
        "texts": {"train": sum(not record.learn_only for record in train), "more": sum(record.learn_only for record in train), "authored": len(authored), "dev": len(dev)},
        "megabytes": round((folder / "encoder.onnx").stat().st_size / 1e6, 1),
        "joint": {"linear": round(joint.linear_weight, 3), "encoder": round(joint.encoder_weight, 3)},
        "trained": about["trained"],
        "base_rates": [round(share, 4) for share in about["base_rates"]],
        "raters": {name: round(value, 3) for name, value in rater_ceiling(dev).items()},
        "dev": rows,
        **held_out([*train, *authored], file, joint),
        "shift": {name: round(float(value), 3) for name, value in shift_found(authored, list(deep.assess_many([record.text for record in authored]))).items()},
        "fairness": fairness(deep, authored[::4]),
        "speed": speed(deep, linear, [*train, *authored]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--held-out", type=Path, required=True)
    options = parser.parse_args()
    report = measure(options.model, read_records(options.train), read_records(options.dev), options.held_out)
    (options.model / "metrics.json").write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    (options.model / "README.md").write_text(render_deep_card(report), "utf-8")


if __name__ == "__main__":
    main()
