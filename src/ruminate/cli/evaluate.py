"""`ruminate evaluate`: labelled texts in, figures with intervals out; for this library or for anybody's predictions."""

from __future__ import annotations

import argparse
import json
from math import isnan
from pathlib import Path
from typing import Any

from ruminate.cli.shared import EXIT_OK, Commands

__all__ = ["add"]

_SHOWN = ("macro-F1", "kappa", "AUC rumination", "AUC reflection", "precision rumination", "recall rumination", "false alarms", "ECE")


def add(commands: Commands) -> None:
    """Put the command into the parser."""
    parser = commands.add_parser("evaluate", help="measure a model, the rules or anybody's predictions on labelled texts")
    parser.add_argument("texts", type=Path, metavar="LABELLED.jsonl", help="texts with id, text, label; set, hard, source, votes are used too")
    more = "predictions by id (JSON lines, CSV, TSV); may be given again"
    parser.add_argument("--predictions", type=Path, action="append", default=[], metavar="FILE", help=more)
    parser.add_argument("--model", help="path of a model folder (default: the one that ships)")
    parser.add_argument("--json", type=Path, metavar="OUT.json", help="write everything that was measured")
    parser.set_defaults(run=_evaluate)


def _evaluate(options: argparse.Namespace) -> int:
    import numpy as np

    from ruminate.analyzer import Analyzer
    from ruminate.evaluation.predictions import align, read_predictions
    from ruminate.evaluation.records import read_records
    from ruminate.evaluation.suites import rater_ceiling
    from ruminate.results import LABELS

    records = read_records(options.texts)
    report: dict[str, Any] = {"texts": len(records), "raters": rater_ceiling(records), "contestants": {}}
    for analyzer in (Analyzer(None), Analyzer(options.model or "default")):
        found = list(analyzer.assess_many([record.text for record in records]))
        chances = np.array([[one.probabilities[label] for label in LABELS] for one in found]).reshape(-1, len(LABELS))
        report["contestants"][analyzer.scorer.name] = _measure(records, chances, analyzer.scorer.decision)
    for path in options.predictions:
        report["contestants"][path.name] = _measure(records, align([record.id for record in records], read_predictions(path)), (1.0, 1.0, 1.0))
    _print(report)
    if options.json is not None:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return EXIT_OK


def _measure(records: Any, chances: Any, decision: tuple[float, float, float]) -> dict[str, Any]:
    from ruminate.evaluation.metrics import evaluate_predictions
    from ruminate.evaluation.records import label_numbers
    from ruminate.evaluation.suites import abstention_curve, contrast_pairs, hard_kinds, reliability

    truth = label_numbers(records)
    figures = evaluate_predictions(truth, chances, [record.contrast or record.group for record in records], decision=decision, draws=500)
    return {
        "figures": {name: list(figure) for name, figure in figures.items()},
        "pairs": {name: list(figure) for name, figure in contrast_pairs(records, chances).items()},
        "hard kinds": {kind: [*figure, many] for kind, (figure, many) in hard_kinds(records, chances, decision).items()},
        "reliability": reliability(truth, chances),
        "abstention": abstention_curve(truth, chances, decision),
    }


def _print(report: dict[str, Any]) -> None:
    from ruminate.evaluation.metrics import Estimate

    print(f"{report['texts']} texts; each figure with its 95 % interval (groups drawn as a whole)")
    if report["raters"]:
        print("one rater against the majority (model raters): " + ", ".join(f"{name} {value:.2f}" for name, value in report["raters"].items()))
    for contestant, found in report["contestants"].items():
        print(f"\n{contestant}")
        for name in _SHOWN:
            print(f"  {name:<22}{Estimate(*found['figures'][name])}")
        if not isnan(found["pairs"]["all"][0]):
            print(f"  {'pairs ranked right':<22}{Estimate(*found['pairs']['all'])}")
        worst = sorted(found["hard kinds"].items(), key=lambda item: item[1][0])[:5]
        if worst:
            print(f"  {'hardest kinds':<22}" + ", ".join(f"{kind} {values[0]:.0%}" for kind, values in worst))
