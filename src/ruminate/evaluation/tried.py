"""The behaviour suite for contestants: its cases bring texts of their own, so only those that answer for any text can take part."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from ruminate.errors import InputError
from ruminate.evaluation.answers import Contestant
from ruminate.evaluation.metrics import Estimate
from ruminate.evaluation.records import Record

__all__ = ["judge_behaviour"]


def judge_behaviour(path: Path | None, contestants: Sequence[Contestant]) -> dict[str, Any]:
    """Failure rates by capability, and the failed cases by id; the same form as an entry of `registry.judge_all`.

    Parameters
    ----------
    path
        Cases of your own, or None for those of the repository.

    Raises
    ------
    InputError
        If there are no cases, or this version has no behaviour suite.
    """
    try:
        behaviour: Any = import_module("ruminate.evaluation.behaviour")
    except ModuleNotFoundError:
        raise InputError("this version of ruminate has no behaviour suite") from None
    cases = behaviour.read_cases(path)
    rows: dict[str, Any] = {}
    for contestant in contestants:
        if contestant.analyzer is None:
            rows[contestant.name] = None
            continue

        def predict(texts: Sequence[str], contestant: Contestant = contestant) -> Any:
            return contestant.answer([Record(id=str(at), text=text, label="", source="behaviour", group=str(at)) for at, text in enumerate(texts)]).chances

        report = behaviour.run_behaviour(cases, predict, decision=contestant.analyzer.scorer.decision)
        parts = (report.everything, *report.capabilities)
        shown = {f"failures, {part.name.replace('_', ' ')}": list(Estimate(*part.rate)) for part in parts}
        rows[contestant.name] = {"headline": shown, "details": report.to_dict()}
    says = "What a system must be able to do, case by case (minimum, invariance, direction): share of cases that fail."
    of = "cases of the repository" if path is None else path.name
    return {"title": "Behaviour", "of": of, "says": says, "texts": int(np.sum([1 + (case.changed is not None) for case in cases])), "contestants": rows}
