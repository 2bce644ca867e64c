"""Measures the shipped model from every side and writes its card.

    python benchmarks/model_card.py MODEL --train TRAIN --dev DEV --judged UNLABELED [--jobs 2]

Writes MODEL/metrics.json and MODEL/README.md. A test holds the card to the numbers. Nothing is tuned here. What "new source" means:
trained on all real sources but one (train and dev together), tested on that one; soft labels for it come from larger models that
had not seen it either. What "held-out writers" means: trained with the authored texts of the other writers.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ruminate.analyzer import Analyzer
from ruminate.evaluation.metrics import Estimate, evaluate_predictions
from ruminate.evaluation.records import Record, label_numbers, read_records
from ruminate.evaluation.suites import abstention_curve, contrast_pairs, hard_kinds, rater_ceiling, reliability, shift_found, slices, within_source
from ruminate.results import LABELS
from ruminate.scoring.calibration import estimate_base_rates
from ruminate.scoring.scorer import probabilities
from ruminate.training import Settings, examples_of, judged_examples, read_soft_labels
from ruminate.training.calibrate import Calibration, calibrate, choose_decision
from ruminate.training.card import render_card
from ruminate.training.examples import text_weights
from ruminate.training.holdout import Fold, by_source, fold_scores, folds_of_groups, held_out_scores
from ruminate.training.train import corpus_of

ROOT = Path(__file__).parents[1]
AUTHORED = ROOT / "data" / "authored" / "texts.jsonl"
SOFT = ROOT / "data" / "real" / "soft_labels.jsonl.gz"
SHIPPED = "as shipped"
WAYS = {"authored only": ["authored"], "real only": ["real"], SHIPPED: ["real", "authored"], "with soft labels too": ["real", "judged", "authored"]}
"""What is learned from; the further labels count as real."""
Matrix = NDArray[np.float64]
Ints = NDArray[np.int64]


def numbers(figures: dict[str, Estimate]) -> dict[str, list[float]]:
    return {name: [round(float(value), 4) for value in figure] for name, figure in figures.items()}


class Texts:
    """All examples in one corpus, and which rows are what."""

    def __init__(self, train: list[Record], dev: list[Record], judged: Path) -> None:
        self.train, self.more = [record for record in train if not record.learn_only], [record for record in train if record.learn_only]
        self.dev, self.authored = dev, read_records(AUTHORED)
        soft = judged_examples(judged, read_soft_labels(SOFT), [record.text for record in train])
        parts = [*(examples_of(records) for records in (self.train, dev, self.more, self.authored)), soft]
        self.corpus = corpus_of([example for part in parts for example in part])
        sizes = np.cumsum([0, *map(len, parts)])
        self.is_train, self.is_dev, self.is_more, self.is_authored, self.is_judged = (np.arange(a, b) for a, b in pairwise(sizes.tolist()))
        self.real = np.concatenate((self.is_train, self.is_dev))
        self.records = [*self.train, *dev]

    def part(self, *kinds: str) -> Ints:
        rows = {"real": np.concatenate((self.real, self.is_more)), "judged": self.is_judged, "authored": self.is_authored}
        return np.concatenate([rows[kind] for kind in kinds])


def new_source(texts: Texts, kinds: Sequence[str], settings: Settings, jobs: int) -> tuple[Matrix, Calibration]:
    """Calibrated probabilities of all real texts from models that have not seen their source, and how they were calibrated."""
    allowed = np.zeros(len(texts.corpus.examples), dtype=np.bool_)
    allowed[texts.part(*kinds)] = True
    folds = [Fold(fold.train[allowed[fold.train]], fold.test, fold.held_out) for fold in by_source(texts.corpus)]
    if "real" not in kinds:
        folds = [Fold(texts.part(*kinds), texts.real, "")]
    scores = held_out_scores(texts.corpus, folds, settings, n_jobs=jobs)[texts.real]
    targets = texts.corpus.targets()[texts.real]
    weights = text_weights([texts.corpus.examples[at] for at in texts.real.tolist()], authored=1.0, judged=1.0)
    calibration = calibrate(scores, targets, weights)
    return probabilities(scores + np.array(calibration.shift), calibration.temperature), calibration


def held_out_writers(texts: Texts, settings: Settings, calibration: Calibration, decision: Sequence[float]) -> dict[str, Any]:
    """Contrast pairs, hard kinds and registers on writers that were not learned from; those and train real texts are.

    Calibrated on real texts, as what ships is: the decision was chosen for such probabilities.
    """
    fold = folds_of_groups([record.writer or record.id for record in texts.authored], 4, seed=1)
    base = np.concatenate((texts.is_train, texts.is_more))
    chances = np.zeros((len(texts.authored), 3))
    for number in range(4):
        learn, test = texts.is_authored[fold != number], texts.is_authored[fold == number]
        scores = fold_scores(texts.corpus, Fold(np.concatenate((base, learn)), test), settings)
        chances[fold == number] = probabilities(scores + np.array(calibration.shift), calibration.temperature)
    kinds = hard_kinds(texts.authored, chances, decision)
    return {
        "table": numbers(evaluate_predictions(label_numbers(texts.authored), chances, [record.writer or record.id for record in texts.authored], decision=decision, draws=300)),
        "pairs": numbers(contrast_pairs(texts.authored, chances)),
        "kinds": {kind: [*(round(float(value), 4) for value in figure), many] for kind, (figure, many) in kinds.items()},
    }


def adapted(records: Sequence[Record], chances: Matrix, decision: Sequence[float]) -> dict[str, list[float]]:
    """For each real source with a hundred texts or more: macro-F1 as it comes, and with base rates estimated on its texts."""
    truth, sources = label_numbers(records), np.array([record.source for record in records])
    rates = np.eye(3)[truth].mean(axis=0)
    found = {}
    for source in np.unique(sources):
        here = np.flatnonzero(sources == source)
        if len(here) < 100 or len(np.unique(truth[here])) < 2:
            continue
        shares = np.array(estimate_base_rates(chances[here], rates, most_rounds=1).shares)
        shifted = chances[here] * shares / rates
        shifted /= shifted.sum(axis=1, keepdims=True)
        groups = [records[at].group for at in here.tolist()]
        before, after = (evaluate_predictions(truth[here], values, groups, decision=decision, draws=2) for values in (chances[here], shifted))
        found[str(source)] = [len(here), *(round(float(figures[name].value), 3) for name in ("macro-F1", "Brier") for figures in (before, after))]
    return found


SWAPS = {"he": "she", "she": "he", "him": "her", "his": "her", "her": "his", "himself": "herself", "herself": "himself", "man": "woman", "woman": "man",
         "mother": "father", "father": "mother", "mom": "dad", "dad": "mom", "sister": "brother", "brother": "sister", "wife": "husband", "husband": "wife",
         "son": "daughter", "daughter": "son"}  # fmt: skip


def swapped(text: str) -> str:
    """The same text with the other gender's words."""

    def other(match: re.Match[str]) -> str:
        word = SWAPS[match.group().lower()]
        return word.capitalize() if match.group()[0].isupper() else word

    return re.sub(r"\b(" + "|".join(SWAPS) + r")\b", other, text, flags=re.IGNORECASE)


def removed(text: str) -> str:
    """The same text with the pronouns of other people made neutral."""
    return re.sub(r"\b(he|she)\b", "they", re.sub(r"\b(his|her|him)\b", "their", text, flags=re.IGNORECASE), flags=re.IGNORECASE)


def fairness(analyzer: Analyzer, records: Sequence[Record]) -> dict[str, list[float]]:
    """How much probabilities of rumination move, and how many labels change, when only a word of gender or of dialect does."""
    before = list(analyzer.assess_many([record.text for record in records]))
    found = {}
    for name, change in {
        "gender words swapped": swapped,
        "pronouns of others made neutral": removed,
        "no capitals": str.lower,
        "British spelling": lambda text: re.sub(r"(?<=[a-z]{3})iz(e|ed|ing)\b", r"is\1", text.replace("color", "colour").replace("behavior", "behaviour")),
        "'isn't' as 'ain't'": lambda text: re.sub(r"\b(isn't|aren't|am not)\b", "ain't", text),
    }.items():
        texts = [change(record.text) for record in records]
        touched = [at for at, record in enumerate(records) if texts[at] != record.text]
        after = list(analyzer.assess_many([texts[at] for at in touched]))
        moved = [abs(found_now.probabilities["rumination"] - before[at].probabilities["rumination"]) for at, found_now in zip(touched, after, strict=True)]
        changed = [found_now.label != before[at].label for at, found_now in zip(touched, after, strict=True)]
        found[name] = [len(touched), round(float(np.mean(moved)), 4), round(float(np.mean(changed)), 4)] if touched else [0, 0.0, 0.0]
    return found


def curves(texts: Texts, settings: Settings) -> dict[str, list[list[float]]]:
    """Macro-F1 on dev (best threshold not sought; decision of the settings' own held-out choice is left at 1) and AUCs, by how much is learned from."""
    random = np.random.default_rng(0)
    truth = label_numbers(texts.dev)
    order, written = random.permutation(np.concatenate((texts.is_train, texts.is_more))), random.permutation(texts.is_authored)

    def row(size: int, rows: Ints) -> list[float]:
        chances = probabilities(fold_scores(texts.corpus, Fold(rows, texts.is_dev), settings))
        figures = evaluate_predictions(truth, chances, [record.group for record in texts.dev], draws=2)
        return [size, *(round(float(figures[name].value), 3) for name in ("macro-F1", "AUC rumination", "AUC reflection"))]

    return {
        "real": [row(size, order[:size]) for size in (400, 1600, 5000, len(order))],
        "authored beside all real": [row(size, np.concatenate((texts.is_train, written[:size]))) for size in (0, 800, 1600, len(written))],
    }


def of_dev(analyzer: Analyzer, dev: Sequence[Record]) -> Matrix:
    found = analyzer.assess_many([record.text for record in dev])
    return np.array([[one.probabilities[label] for label in LABELS] for one in found])


def measure(folder: Path, texts: Texts, settings: Settings, jobs: int) -> dict[str, Any]:
    analyzer, rules = Analyzer(folder), Analyzer(None)
    decision, groups, truth = analyzer.scorer.decision, [record.group for record in texts.dev], label_numbers(texts.dev)
    on_dev = of_dev(analyzer, texts.dev)
    report: dict[str, Any] = {
        "name": folder.name,
        "texts": {"train": len(texts.train), "more": len(texts.more), "judged": len(texts.is_judged), "authored": len(texts.authored), "dev": len(texts.dev)},
        "base_rates": [round(share, 4) for share in analyzer.scorer.base_rates or ()],
        "terms": len(analyzer.scorer.vocabulary or ()),
        "raters": {name: round(value, 3) for name, value in rater_ceiling(texts.dev).items()},
        "dev": {
            "rules": numbers(evaluate_predictions(truth, of_dev(rules, texts.dev), groups, decision=rules.scorer.decision)),
            "this model": numbers(evaluate_predictions(truth, on_dev, groups, decision=decision)),
        },
    }
    print("dev", report["dev"]["this model"], flush=True)
    sources, real_truth = [record.source for record in texts.records], label_numbers(texts.records)
    chances: dict[str, Matrix] = {}
    report["new_source"] = {}
    shipped_calibration = Calibration(1.0, (0.0, 0.0, 0.0))
    for name, kinds in WAYS.items():
        chances[name], calibration = new_source(texts, kinds, settings, jobs)
        shipped_calibration = calibration if name == SHIPPED else shipped_calibration
        figures = evaluate_predictions(real_truth, chances[name], sources, decision=choose_decision(chances[name], real_truth), draws=500)
        report["new_source"][name] = {**numbers(figures), "within source": {key: round(value, 3) for key, value in within_source(texts.records, chances[name]).items()}}
        print(name, report["new_source"][name], flush=True)
    shipped = chances[SHIPPED]
    best = choose_decision(shipped, real_truth)
    report["by_source"] = {part.name: [part.texts, numbers(dict(part.figures))] for part in slices(texts.records, shipped, lambda record: record.source, decision=best, draws=100)}
    report["by_length"] = {part.name: [part.texts, numbers(dict(part.figures))] for part in slices(texts.records, shipped, length_of, decision=best, draws=100)}
    report["reliability"] = {label: [[round(a, 3), round(b, 3), n] for a, b, n in rows] for label, rows in reliability(real_truth, shipped).items()}
    report["abstention"] = [[round(coverage, 3), round(risk, 3)] for coverage, risk in abstention_curve(real_truth, shipped, best)]
    report["adapt"] = adapted(texts.records, chances["real only"], choose_decision(chances["real only"], real_truth))
    report["writers"] = held_out_writers(texts, settings, shipped_calibration, decision)
    print("writers", report["writers"]["pairs"], flush=True)
    report["shift"] = {name: round(float(value), 3) for name, value in shift_found(texts.authored, list(analyzer.assess_many([record.text for record in texts.authored]))).items()}
    report["fairness"] = fairness(analyzer, texts.authored)
    report["curves"] = curves(texts, settings)
    return report


def length_of(record: Record) -> str:
    words = len(record.text.split())
    return next(name for most, name in ((20, "up to 20 words"), (60, "21 to 60 words"), (120, "61 to 120 words"), (10**9, "over 120 words")) if words <= most)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--judged", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    texts = Texts(read_records(options.train), read_records(options.dev), options.judged)
    report = measure(options.model, texts, Settings(), options.jobs)
    (options.model / "metrics.json").write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    (options.model / "README.md").write_text(render_card(report), "utf-8")


if __name__ == "__main__":
    main()
