"""The suites by name: what each reads, what it asks, what comes out. A new suite is one more entry here.

A suite is a small function of records and answers. It gives headline figures for the table and details for the file of results and
the page of plots; nothing when a contestant can't take part (a file of predictions gives no evidence).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from ruminate.errors import InputError
from ruminate.evaluation import external
from ruminate.evaluation.answers import Answers, Contestant
from ruminate.evaluation.evidence import signs_by_text, spans_by_place
from ruminate.evaluation.metrics import Estimate, evaluate_predictions, predicted
from ruminate.evaluation.records import Record, label_numbers, read_records
from ruminate.evaluation.suites import abstention_curve, contrast_pairs, hard_kinds, reliability, shift_found, slices
from ruminate.signs.catalogue import load_signs

__all__ = ["AUTHORED", "LABELLED", "SUITES", "Outcome", "Suite", "judge_all", "length_of"]

AUTHORED: Final = Path(__file__).parents[3] / "data" / "authored" / "texts.jsonl"
"""The authored texts, where this is a checkout of the repository."""
_FEWEST: Final = 20
"""A slice of fewer texts is not shown."""
_FEWEST_TURNS: Final = 10


class Outcome(NamedTuple):
    """Headline figures by name, and details that JSON can hold."""

    headline: Mapping[str, Estimate]
    details: Mapping[str, Any]

    def plain(self) -> dict[str, Any]:
        """Lists and dictionaries, for JSON."""
        return {"headline": {title: list(one) for title, one in self.headline.items()}, "details": dict(self.details)}


Judge = Callable[[Sequence[Record], Answers], "Outcome | None"]


@dataclass(frozen=True)
class Suite:
    """A suite: what it is called, what it says and doesn't say, which texts it reads, and how it judges.

    Attributes
    ----------
    reads
        "labelled" for JSON lines with our labels, else the name of a collection of `ruminate.evaluation.external`, or
        "behaviour" for cases.
    """

    id: str
    title: str
    says: str
    reads: str
    judge: Judge = field(compare=False)

    def records(self, path: Path | None) -> list[Record]:
        """The texts of the suite.

        Raises
        ------
        InputError
            If no path is given where one is needed, or the file can't be used.
        """
        if self.reads == "labelled":
            if path is None and not AUTHORED.is_file():
                raise InputError(f"the authored texts are not part of an installed package; give labelled texts: {self.id}=FILE.jsonl")
            return read_records(path or AUTHORED)
        if path is None:
            raise InputError(f"the texts of {self.id} are other people's and don't ship; give your copy: {self.id}=PATH (see docs/benchmark.md)")
        return external.read_external(self.reads, path)


def _groups(records: Sequence[Record]) -> list[str]:
    return [record.contrast or record.group for record in records]


def _table(records: Sequence[Record], answers: Answers) -> Outcome:
    truth = label_numbers(records)
    given = predicted(answers.chances, answers.decision)
    figures = evaluate_predictions(truth, answers.chances, _groups(records), decision=answers.decision)
    return Outcome(figures, {"confusion": np.bincount(truth * 3 + given, minlength=9).reshape(3, 3).tolist(), "texts": len(records)})


def _pairs(records: Sequence[Record], answers: Answers) -> Outcome | None:
    found = {f"pairs ranked right, {name}": figure for name, figure in contrast_pairs(records, answers.chances).items()}
    return Outcome(found, {}) if any(not np.isnan(figure.value) for figure in found.values()) else None


def _hard(records: Sequence[Record], answers: Answers) -> Outcome | None:
    kinds = hard_kinds(records, answers.chances, answers.decision)
    worst = dict(sorted(((kind, figure) for kind, (figure, _) in kinds.items()), key=lambda item: item[1].value)[:5])
    details = {kind: [*figure, many] for kind, (figure, many) in kinds.items()}
    return Outcome({f"right, {kind.replace('_', ' ')}": figure for kind, figure in worst.items()}, {"kinds": details}) if kinds else None


def _signs(records: Sequence[Record], answers: Answers) -> Outcome | None:
    if answers.assessments is None or not any(record.signs for record in records):
        return None
    sides = {name: sign.side for name, sign in load_signs().signs.items()}
    table = signs_by_text(records, answers.assessments, sides)
    places = spans_by_place(records, answers.assessments, sides)
    shown = ("any sign of rumination", "any sign of reflection", "all signs")
    headline = {f"{name}, {what}": table[name][0][what] for name in shown for what in ("precision", "recall", "F1")}
    headline |= {f"places, {name}, {what}": figure for name, (figures, _) in places.items() for what, figure in figures.items()}
    return Outcome(headline, {"signs": _plain(table), "places": _plain(places)})


def _plain(rows: Mapping[str, tuple[Mapping[str, Estimate], int]]) -> dict[str, Any]:
    return {name: {"named": many, **{what: list(one) for what, one in figures.items()}} for name, (figures, many) in rows.items()}


def _shift(records: Sequence[Record], answers: Answers) -> Outcome | None:
    if answers.assessments is None or sum(record.shift is not None for record in records) < _FEWEST_TURNS:
        return None
    found = shift_found(records, answers.assessments)
    bare = float("nan")
    return Outcome({name: Estimate(value, bare, bare) for name, value in found.items() if name != "texts that turn"}, found)


def _calibration(records: Sequence[Record], answers: Answers) -> Outcome:
    truth = label_numbers(records)
    figures = evaluate_predictions(truth, answers.chances, _groups(records), decision=answers.decision, draws=300)
    return Outcome({name: figures[name] for name in ("Brier", "ECE")}, {"reliability": reliability(truth, answers.chances)})


def _abstention(records: Sequence[Record], answers: Answers) -> Outcome:
    truth = label_numbers(records)
    curve = abstention_curve(truth, answers.chances, answers.decision)
    bare = float("nan")
    headline = {f"wrong among the surest {share:.0%}": min(curve, key=lambda point: abs(point[0] - share))[1] for share in (0.5, 0.8, 1.0)}
    if answers.assessments is not None:
        given = np.array([one.label != "uncertain" for one in answers.assessments])
        wrong = predicted(answers.chances, answers.decision) != truth
        headline |= {"labels given": float(given.mean()), "wrong among labels given": float(wrong[given].mean()) if given.any() else bare}
    return Outcome({name: Estimate(value, bare, bare) for name, value in headline.items()}, {"curve": curve})


def length_of(record: Record) -> str:
    """The slice of length that a text is in."""
    words = len(record.text.split())
    return next(name for most, name in _LENGTHS if words <= most)


_LENGTHS: Final = ((20, "1: up to 20 words"), (60, "2: 21 to 60 words"), (120, "3: 61 to 120 words"), (10**9, "4: over 120 words"))
_SLICES: Final[Mapping[str, Callable[[Record], str | None]]] = {
    "source": lambda record: record.source,
    "length": length_of,
    "writer": lambda record: record.writer,
    "raters sure": lambda record: None if not record.votes else "unanimous" if len(set(record.votes)) == 1 else "divided",
}


def _slices(records: Sequence[Record], answers: Answers) -> Outcome | None:
    details: dict[str, Any] = {}
    for name, key in _SLICES.items():
        parts = slices(records, answers.chances, key, decision=answers.decision, least=_FEWEST, draws=200)
        if len(parts) > 1:
            details[name] = {part.name: {"texts": part.texts, **{what: list(part.figures[what]) for what in ("macro-F1", "false alarms")}} for part in parts}
    worst = {name: min(rows.items(), key=lambda item: item[1]["macro-F1"][0]) for name, rows in details.items()}
    headline = {f"lowest macro-F1 by {name} ({part})": Estimate(*row["macro-F1"]) for name, (part, row) in worst.items()}
    return Outcome(headline, details) if details else None


def _of_people(judge: Callable[[Sequence[Record], Answers], dict[str, Estimate]]) -> Judge:
    return lambda records, answers: Outcome(judge(records, answers), {"texts": len(records)})


_LISTED: Final = (
    Suite("table", "Labels and probabilities", "How well the three labels and their probabilities fit those of the raters.", "labelled", _table),
    Suite("pairs", "Contrast pairs", "Of texts on one event, thought through in different ways, whether the right one ranks higher.", "labelled", _pairs),
    Suite("hard", "Hard kinds", "Share of right labels by what makes a text hard; the five hardest are shown.", "labelled", _hard),
    Suite("signs", "Signs", "Signs that are found against those that raters named, and places against those that readers marked.", "labelled", _signs),
    Suite("shift", "Turns", "Whether a text's turn is found, the right way, within one sentence; turns found where there is none.", "labelled", _shift),
    Suite("calibration", "Calibration", "Whether probabilities are shares.", "labelled", _calibration),
    Suite("abstention", "Abstention", "How wrong the surest answers are, and what abstaining buys.", "labelled", _abstention),
    Suite("slices", "Slices", "The same by source, length, writer and how sure the raters were.", "labelled", _slices),
    Suite("reframing", "Thoughts and reframes", external.judge_reframing.__doc__ or "", "reframing", _of_people(external.judge_reframing)),
    Suite("worry", "Self-rated worry", external.judge_worry.__doc__ or "", "worry", _of_people(external.judge_worry)),
    Suite("teachers", "Teachers' diaries", external.judge_teachers.__doc__ or "", "teachers", _of_people(external.judge_teachers)),
    Suite("journals", "Daily journals", external.judge_journals.__doc__ or "", "journals", _of_people(external.judge_journals)),
)
SUITES: Final[Mapping[str, Suite]] = {suite.id: suite for suite in _LISTED}
LABELLED: Final = tuple(suite.id for suite in _LISTED if suite.reads == "labelled")
"""The suites that any file of labelled texts goes through."""


def judge_all(wanted: Sequence[tuple[str, Path | None]], contestants: Sequence[Contestant]) -> dict[str, dict[str, Any]]:
    """All contestants on all suites: texts are read once, and each contestant answers for them once.

    Parameters
    ----------
    wanted
        (suite, path of its texts or None for those of the repository).

    Returns
    -------
    dict
        By suite: its title, what it says, of which texts, how many, and for each contestant `headline` and `details` (None where it can't
        take part). Plain values, for JSON.
    """
    read: dict[tuple[str, Path | None], list[Record]] = {}
    answered: dict[tuple[str, Path | None, str], Answers] = {}
    report: dict[str, dict[str, Any]] = {}
    for name, path in wanted:
        suite = SUITES[name]
        key = (suite.reads, path)
        if key not in read:
            read[key] = suite.records(path)
        rows: dict[str, Any] = {}
        for contestant in contestants:
            if (*key, contestant.name) not in answered:
                answered[*key, contestant.name] = contestant.answer(read[key])
            outcome = suite.judge(read[key], answered[*key, contestant.name])
            rows[contestant.name] = None if outcome is None else outcome.plain()
        entry = name if name not in report else f"{name} ({path})"
        of = path.name if path is not None else "authored texts"
        report[entry] = {"title": suite.title, "of": of, "says": suite.says, "texts": len(read[key]), "contestants": rows}
    return report
