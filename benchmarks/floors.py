"""What `--quick` measures without any text but our own, and the floors under it.

The shipped model has learned from the authored texts, so these figures say nothing of how good it is. They say that what ships is
what was trained: a model whose labels, columns or numbers were mixed up on the way falls through the floors.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pool import behaviour_cases
from ruminate.analyzer import Analyzer
from ruminate.evaluation.answers import from_analyzer
from ruminate.evaluation.metrics import evaluate_predictions, predicted
from ruminate.evaluation.records import Record, label_numbers, read_records
from ruminate.evaluation.registry import AUTHORED
from ruminate.evaluation.suites import contrast_pairs
from ruminate.results import LABELS
from ruminate.signs.catalogue import load_signs

FLOORS = Path(__file__).parent / "floors.toml"
KEPT = ("macro-F1", "kappa", "AUC rumination", "AUC reflection", "false alarms", "ECE")


def of_model(analyzer: Analyzer) -> dict[str, float]:
    """Figures of an analyzer on authored texts and cases of behaviour."""
    records, contestant = read_records(AUTHORED), from_analyzer(analyzer)
    answers, truth = contestant.answer(records), label_numbers(records)
    given = predicted(answers.chances, answers.decision)
    figures = evaluate_predictions(truth, answers.chances, [record.group for record in records], decision=answers.decision, draws=1)
    found = {f"authored texts, {name}": figures[name].value for name in KEPT}
    found |= {f"authored texts, recall of {label}": float((given[truth == at] == at).mean()) for at, label in enumerate(LABELS)}
    found["authored texts, pairs ranked right"] = contrast_pairs(records, answers.chances)["all"].value
    found["authored texts, macro-F1 of the table of signs and measures alone"] = table_alone(analyzer, records, truth)
    cases = behaviour_cases()
    if cases:
        from ruminate.evaluation.behaviour import predict_with, run_behaviour

        report = run_behaviour(cases, predict_with(analyzer), decision=analyzer.scorer.decision)
        found["behaviour, cases passed"] = 1.0 - report.everything.rate.value
    return found


def table_alone(analyzer: Analyzer, records: list[Record], truth: np.ndarray) -> float:
    """Macro-F1 of the best labels that the model's table can give without its words: columns out of order hide behind good words."""
    texts = tuple(record.text for record in records)
    rows = np.vstack([analyzer.assess_with_features(texts[at : at + 128])[1] for at in range(0, len(texts), 128)])
    scores = analyzer.scorer.scores(rows)
    return evaluate_predictions(truth, np.eye(3)[np.argmax(scores - np.median(scores, axis=0), axis=1)], texts, draws=1)["macro-F1"].value


def own_examples() -> dict[str, float]:
    """How many example sentences of the sign files come out as their side says, by the rules."""
    texts = [(hit.replace("[", "").replace("]", ""), sign.side) for sign in load_signs().signs.values() for hit in sign.hits]
    found = Analyzer(model=None).assess_many(text for text, _ in texts)
    right = [(side, assessment.leaning == side) for (_, side), assessment in zip(texts, found, strict=True)]
    return {f"own examples that lean to {side}": float(np.mean([ok for given, ok in right if given == side])) for side in ("reflection", "rumination")}


def below(figures: Mapping[str, float]) -> list[str]:
    """One line for each figure that is past its limit; figures without a limit pass, limits without a figure are left out."""
    floors = tomllib.loads(FLOORS.read_text("utf-8"))
    high = [f"{name}: {figures[name]:.2f} is above the limit of {limit}" for name, limit in floors["at_most"].items() if name in figures and not figures[name] <= limit]
    low = [f"{name}: {figures[name]:.2f} is below the floor of {floor}" for name, floor in floors["at_least"].items() if name in figures and not figures[name] >= floor]
    return high + low
