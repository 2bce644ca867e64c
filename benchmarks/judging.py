"""From answers to files of results: one table a part of the texts, and details beside it. No text is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from contestants import RULES
from pool import Pool, behaviour_cases
from protocol import Answered
from ruminate.evaluation import external
from ruminate.evaluation.answers import Answers
from ruminate.evaluation.metrics import Estimate, evaluate_predictions
from ruminate.evaluation.records import Record, label_numbers
from ruminate.evaluation.registry import SUITES
from ruminate.evaluation.suites import contrast_pairs, hard_kinds, rater_ceiling, within_source
from tables import HERE, README, RESULTS, into, write

Figures = dict[str, Estimate]
BASE_RATES = ("macro-F1", "precision at 10 %", "recall at 10 %", "precision at 2 %", "recall at 2 %", "Brier", "ECE")
OUTSIDE: dict[str, Callable[[Sequence[Record], Answers], Figures]] = {
    "reframing": external.judge_reframing, "worry": external.judge_worry, "teachers": external.judge_teachers, "journals": external.judge_journals,
}  # fmt: skip



def write_results(pool: Pool, answered: Sequence[Answered], place: Path) -> None:
    """All tables into a folder; where it is the usual one, also into the pages that show them."""
    for part in (of_dev, of_new_sources, of_authored, of_outside, of_evidence, of_behaviour):
        part(pool, answered, place)
    if place != RESULTS:
        return
    for name in ("real_dev", "base_rates", "new_source", "authored", "external", "evidence", "behaviour"):
        for page in (README, HERE.parent / "docs" / "benchmark.md"):
            if page.is_file() and (RESULTS / f"{name}.md").is_file():
                into(page, name)


def of_dev(pool: Pool, answered: Sequence[Answered], place: Path) -> None:
    dev, rows, details = pool.records["dev"], {}, {}
    for one in answered:
        answers = one.parts["dev"]
        rows[one.name] = evaluate_predictions(label_numbers(dev), answers.chances, [record.group for record in dev], decision=answers.decision)
        outcomes = {name: SUITES[name].judge(dev, answers) for name in ("calibration", "abstention", "slices")}
        details[one.name] = {name: None if outcome is None else outcome.plain() for name, outcome in outcomes.items()}
        details[one.name]["decision"] = list(answers.decision)
        print(f"{one.name}: macro-F1 {rows[one.name]['macro-F1']}, kappa {rows[one.name]['kappa']}", flush=True)
    write(place, "real_dev", rows, details={"raters": rater_ceiling(dev), "contestants": details})
    write(place, "base_rates", rows, shown=BASE_RATES)


def of_new_sources(pool: Pool, answered: Sequence[Answered], place: Path) -> None:
    train, rows, details = pool.records["train"], {}, {}
    for one in answered:
        if "new source" in one.parts:
            answers = one.parts["new source"]
            groups = [record.source for record in train]
            rows[one.name] = evaluate_predictions(label_numbers(train), answers.chances, groups, decision=answers.decision, draws=500)
            outcome = SUITES["slices"].judge(train, answers)
            details[one.name] = {"within source": within_source(train, answers.chances), "slices": None if outcome is None else outcome.details}
    write(place, "new_source", rows, details=details)


def of_authored(pool: Pool, answered: Sequence[Answered], place: Path) -> None:
    records, rows, details = pool.records["authored"], {}, {}
    for one in answered:
        if "authored" in one.parts:
            answers = one.parts["authored"]
            groups = [record.writer or record.id for record in records]
            figures = evaluate_predictions(label_numbers(records), answers.chances, groups, decision=answers.decision, draws=300)
            pairs = {f"pairs, {name}": figure for name, figure in contrast_pairs(records, answers.chances).items()}
            rows[one.name] = {"macro-F1": figures["macro-F1"], "AUC rumination": figures["AUC rumination"], "AUC reflection": figures["AUC reflection"], **pairs}
            details[one.name] = {kind: [*figure, many] for kind, (figure, many) in hard_kinds(records, answers.chances, answers.decision).items()}
    write(place, "authored", rows, shown=None, details=details)


def of_outside(pool: Pool, answered: Sequence[Answered], place: Path) -> None:
    rows: dict[str, Figures] = {}
    for one in answered:
        found = {f"{name}: {title}": figure for name in pool.external if name in one.parts for title, figure in OUTSIDE[name](pool.records[name], one.parts[name]).items()}
        if found:
            rows[one.name] = found
    if rows:
        write(place, "external", rows, shown=None)


def of_evidence(pool: Pool, answered: Sequence[Answered], place: Path) -> None:
    rules = next(one for one in answered if one.name == RULES)
    rows: dict[str, Figures] = {}
    details: dict[str, Any] = {}
    for part, title in (("dev", "real texts (dev)"), ("authored", "authored texts")):
        for suite in ("signs", "shift"):
            outcome = SUITES[suite].judge(pool.records[part], rules.parts[part])
            if outcome is not None:
                rows.setdefault(title, {}).update(outcome.headline)
                details.setdefault(title, {})[suite] = outcome.details
    write(place, "evidence", rows, shown=None, details=details)


def of_behaviour(pool: Pool, answered: Sequence[Answered], place: Path) -> None:
    cases = behaviour_cases()
    if not cases:
        return
    from ruminate.evaluation.behaviour import run_behaviour

    known = {record.text: at for at, record in enumerate(pool.records["behaviour"])}
    rows: dict[str, Figures] = {}
    details: dict[str, Any] = {}
    for one in answered:
        if "behaviour" in one.parts:
            answers = one.parts["behaviour"]

            def predict(texts: Sequence[str], answers: Answers = answers) -> np.ndarray:
                return answers.chances[[known[text] for text in texts]]

            report = run_behaviour(cases, predict, decision=answers.decision)
            rows[one.name] = {f"failures, {part.name}": Estimate(*part.rate) for part in (report.everything, *report.kinds)}
            details[one.name] = report.to_dict()
    write(place, "behaviour", rows, shown=None, details=details)
