"""Collections that carry judgements of their own: what other people asked, against our probabilities.

None of them labels reflection against rumination; each tests one thing that has to follow if the probabilities mean what they say.
The texts are other people's and are read from copies that the user gives. `docs/benchmark.md` names the pages of the originals.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import InputError
from ruminate.evaluation.answers import Answers
from ruminate.evaluation.metrics import Estimate, bootstrap, clustered_mean, predicted
from ruminate.evaluation.records import Record
from ruminate.evaluation.weighted import Judged, Metric, auc_of

__all__ = ["COLLECTIONS", "judge_journals", "judge_reframing", "judge_teachers", "judge_worry", "read_external"]

Matrix = NDArray[np.float64]
Row = Mapping[str, str]
REFLECTION, RUMINATION, NEITHER = range(3)
_DRAWS: Final = 500
_MOST_BYTES_A_FIELD: Final = 1 << 24
_DARK: Final = ("afraid", "angry", "anxious", "ashamed", "confused", "frustrated", "sad")


def _reframing(row: Row, number: int) -> Iterator[Record]:
    group = f"situation {row['situation'].strip()}"
    for part in ("thought", "reframe"):
        name, source = f"reframing-{number}-{part}", "cognitive_reframing"
        yield Record(id=name, text=row[part], label="", source=source, group=group, facts={"part": part, "pair": str(number)})


def _worry(row: Row, number: int) -> Iterator[Record]:
    name = f"worry-{number}"
    yield Record(id=name, text=row["text_long"], label="", source="covid_worry", group=name, facts={"worry": row["worry"], "anxiety": row["anxiety"]})


def _teachers(row: Row, number: int) -> Iterator[Record]:
    name = f"teachers-{row['idx'] or number}"
    yield Record(id=name, text=row["sentence"], label="", source="cered", group=name, facts={"kind": row["y"]})


def _journals(row: Row, number: int) -> Iterator[Record]:
    name = f"journals-{number}"
    dark = any(row.get(f"Answer.f1.{feeling}.raw") == "TRUE" for feeling in _DARK)
    yield Record(id=name, text=row["Answer"], label="", source="lemotif", group=name, facts={"feeling": "dark" if dark else "other"})


COLLECTIONS: Final[Mapping[str, tuple[Callable[[Row, int], Iterator[Record]], tuple[str, ...]]]] = {
    "reframing": (_reframing, ("situation", "thought", "reframe")),
    "worry": (_worry, ("text_long", "worry", "anxiety")),
    "teachers": (_teachers, ("idx", "sentence", "y")),
    "journals": (_journals, ("Answer",)),
}
"""For each collection: how a row becomes records, and the columns that it must have."""
FILES: Final[Mapping[str, tuple[str, ...]]] = {
    "reframing": ("cognitive_reframing.csv",), "worry": ("covid_worry.csv",), "teachers": ("cered_train.tsv", "cered_test.tsv"), "journals": ("lemotif.csv",),
}  # fmt: skip
"""Which files of a folder are taken when a folder is given."""


def read_external(name: str, path: str | Path) -> list[Record]:
    """The records of one collection, from its file (CSV or TSV), or from a folder with files of the names in `FILES`.

    Raises
    ------
    InputError
        If a file is missing, or lacks a column.
    """
    place = Path(path)
    files = [file for file in (place / one for one in FILES[name]) if file.is_file()] if place.is_dir() else [place]
    if not files:
        raise InputError(f"{place} holds none of the files {', '.join(FILES[name])}; give the path of your copy: {name}=PATH")
    make, needed = COLLECTIONS[name]
    records: list[Record] = []
    for file in files:
        for number, row in enumerate(_rows(file, needed), start=len(records)):
            records += [record for record in make(row, number) if record.text.strip()]
    if len({record.id for record in records}) < len(records):
        raise InputError(f"{place}: rows with the same id; give one copy of the collection")
    return records


def _rows(file: Path, needed: Sequence[str]) -> list[Row]:
    csv.field_size_limit(_MOST_BYTES_A_FIELD)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, delimiter="\t" if file.suffix == ".tsv" else ",")
            missing = [column for column in needed if column not in (reader.fieldnames or ())]
            if missing:
                raise InputError(f"{file.name} has no column {missing[0]!r}; it doesn't look like the collection that it is given for")
            return [{key: value or "" for key, value in row.items() if isinstance(key, str)} for row in reader]
    except (OSError, csv.Error, UnicodeDecodeError) as error:
        raise InputError(f"{file} can't be read as CSV or TSV: {type(error).__name__}") from error


def _members(records: Sequence[Record]) -> list[NDArray[np.int64]]:
    _, number = np.unique([record.group for record in records], return_inverse=True)
    return np.split(np.argsort(number, kind="stable"), np.cumsum(np.bincount(number))[:-1])


def _mean(values: Matrix, records: Sequence[Record], rows: NDArray[np.int64] | None = None) -> Estimate:
    at = np.arange(len(records)) if rows is None else rows
    return clustered_mean(values[at], [records[row].group for row in at.tolist()], draws=_DRAWS)


def _called(answers: Answers) -> Matrix:
    called: Matrix = (predicted(answers.chances, answers.decision) == RUMINATION).astype(np.float64)
    return called


def judge_reframing(records: Sequence[Record], answers: Answers) -> dict[str, Estimate]:
    """Pairs of a troubling thought and its reframe, by people who know cognitive therapy: the thought should rank higher as rumination."""
    pairs: dict[str, dict[str, int]] = {}
    for at, record in enumerate(records):
        pairs.setdefault(record.facts["pair"], {})[record.facts["part"]] = at
    both = [(pair["thought"], pair["reframe"]) for pair in pairs.values() if len(pair) == 2]
    first, second = np.array(both).T
    chances, called = answers.chances, _called(answers)
    thoughts = [records[at] for at in first.tolist()]
    return {
        "thought ranks above its reframe as rumination": _mean(_above(chances[first, RUMINATION], chances[second, RUMINATION]), thoughts),
        "reframe ranks above its thought as reflection": _mean(_above(chances[second, REFLECTION], chances[first, REFLECTION]), thoughts),
        "thoughts called rumination": _mean(called[first], thoughts),
        "reframes called rumination": _mean(called[second], thoughts),
    }


def _above(one: Matrix, other: Matrix) -> Matrix:
    above: Matrix = (one > other) + 0.5 * (one == other)
    return above


def judge_worry(records: Sequence[Record], answers: Answers) -> dict[str, Estimate]:
    """Self-rated worry and anxiety (1 to 9) beside the text: they should go along with P(rumination), but worry alone is no rumination."""
    from scipy.stats import spearmanr

    members, chances, called = _members(records), answers.chances[:, RUMINATION], _called(answers)
    found = {}
    constant = bool(np.ptp(chances) == 0)
    for name in ("worry", "anxiety"):
        rating = np.array([float(record.facts[name]) for record in records])

        def correlation(at: NDArray[np.int64], rating: Matrix = rating) -> float:
            if constant:
                return 0.0  # says the same of every text: goes along with nothing
            undefined = np.ptp(chances[at]) == 0 or np.ptp(rating[at]) == 0
            return float("nan") if undefined else float(spearmanr(chances[at], rating[at]).statistic)

        found[f"Spearman with {name}"] = bootstrap(correlation, members, draws=200)
    worry = np.array([float(record.facts["worry"]) for record in records])
    for title, here in (("called rumination, worry 1 to 4", worry <= 4), ("called rumination, worry 8 or 9", worry >= 8)):
        if here.any():
            found[title] = _mean(called, records, np.flatnonzero(here))
    return found


def judge_teachers(records: Sequence[Record], answers: Answers) -> dict[str, Estimate]:
    """Sentences of student teachers' diaries that people coded: Reflection against Experience and Other; none of them is about rumination."""
    kinds = np.array([record.facts["kind"] for record in records])
    at = np.flatnonzero(np.isin(kinds, ("Reflection", "Experience", "Other")))
    truth = np.where(kinds[at] == "Reflection", REFLECTION, NEITHER)
    given = predicted(answers.chances, answers.decision)
    auc: Metric = auc_of(REFLECTION)
    judged = Judged(truth, given[at], answers.chances[at])

    def ranked(rows: NDArray[np.int64]) -> float:
        return float(auc(judged, np.bincount(rows, minlength=len(at))[None, :].astype(np.float64))[0])

    reflecting, plain = np.flatnonzero(kinds == "Reflection"), np.flatnonzero(np.isin(kinds, ("Experience", "Other")))
    hits = (given == REFLECTION).astype(np.float64)
    return {
        "AUC reflection against experience and other": bootstrap(ranked, [np.array([row]) for row in range(len(at))], draws=200),
        "people's reflection called reflection": _mean(hits, records, reflecting),
        "experience and other called reflection": _mean(hits, records, plain),
        "called rumination": _mean(_called(answers), records),
    }


def judge_journals(records: Sequence[Record], answers: Answers) -> dict[str, Estimate]:
    """Ordinary daily entries, tagged with feelings by their writers: few should be called rumination, also where the feeling is dark."""
    called = _called(answers)
    found = {"called rumination": _mean(called, records)}
    dark = np.flatnonzero([record.facts["feeling"] == "dark" for record in records])
    if len(dark):
        found["called rumination, of entries with a dark feeling"] = _mean(called, records, dark)
    return found
