"""The sections of the report: each takes a study and gives a heading, sentences, figures and tables, or nothing where there is nothing to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from ruminate.report.figures import bars, dots, heat, lines, small_histograms
from ruminate.report.statistics import Interval, agreement, difference, share
from ruminate.report.study import Study
from ruminate.results import LABELS

__all__ = ["SECTIONS", "Section", "Shown", "Table"]

_ALL: Final = (*LABELS, "uncertain")
_MOST_SIGNS: Final = 12
_FEW: Final = 30
"""A share of fewer texts than that is not shown as a point in time or as a group."""


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first column names the row."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Shown:
    """A figure and the table that says the same."""

    svg: str
    table: Table


@dataclass
class Section:
    """A part of the page."""

    id: str
    title: str
    says: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)


def _plain(name: str) -> str:
    return name.removeprefix("sign_").replace("_", " ")


def analyzed(study: Study) -> Section:
    """What was analyzed, by what."""
    manifest, results = study.manifest, study.results
    rows = [["texts", f"{len(results):,}"], ["decided by", ", ".join(sorted(set(results["decided_by"].dropna())))]]
    rows.append(["version of ruminate", ", ".join(sorted(set(results["ruminate_version"].dropna())))])
    if study.author:
        rows.append([f"authors (column {study.author})", f"{results[study.author].nunique():,}"])
    rows.extend([f"input {entry['name']}", f"{entry['rows']:,} rows"] for entry in manifest.get("inputs", ()))
    if manifest:
        rows += [["sha256 of the model", str(manifest["model_sha256"])], ["sha256 of the signs", manifest["signs_sha256"]]]
        rows.append(["finished", manifest["run"]["finished"]])
    says = [] if manifest else ["No manifest lies beside the results, so where they come from can't be shown here."]
    return Section("analyzed", "What was analyzed", says, [Table("The run", ("what", "value"), rows)])


def checks(study: Study) -> Section:
    """What should be looked at before the results are used."""
    results, counts = study.results, study.manifest.get("counts", {})
    section = Section("checks", "Quality checks")
    if study.text:
        words = results[study.text].fillna("").astype(str).str.split().str.len()
        marks = words.quantile([0, 0.25, 0.5, 0.75, 1]).astype(int).tolist()
        names = ("shortest", "a quarter has at most", "half have at most", "three quarters have at most", "longest")
        section.tables.append(Table("Length of the texts", ("", "words"), [[name, f"{mark:,}"] for name, mark in zip(names, marks, strict=True)]))
    reasons = results["abstained"].value_counts()
    meaning = {"empty": "no words", "too_short": "too short to tell", "not_english": "doesn't look like English", "low_confidence": "no label is likely enough",
               "crisis_language": "crisis language: not for a program to score"}  # fmt: skip
    rows = [[meaning.get(str(name), str(name)), f"{count:,}", f"{count / len(results):.1%}"] for name, count in reasons.items()]
    section.tables.append(Table("Texts without a label, and why", ("why", "texts", "share"), rows or [["none", "0", "0 %"]]))
    repeated = int(results[study.text].duplicated().sum()) if study.text else counts.get("duplicate_texts")
    found = [["texts that are the same as an earlier one", "not known" if repeated is None else f"{repeated:,}"]]
    if "possible_identifiers" in results:
        found.append(["texts that may hold names, addresses or numbers of people", f"{int((results['possible_identifiers'] > 0).sum()):,}"])
    found.append(["texts in which the screen for crisis language fired (no safety net)", f"{int(results['crisis'].fillna(value=False).sum()):,}"])
    if counts:
        found.append(["rows that could not be assessed", f"{counts['rejected']:,}"])
        found.append(["rows with an id that stands twice", f"{counts['duplicate_ids']:,}"])
    section.tables.append(Table("Checks", ("check", "texts"), found))
    if "possible_identifiers" in results and (results["possible_identifiers"] > 0).any():
        section.says.append(
            "Look at the rows that may identify people before the texts or this page are shared. The check misses some and suspects others wrongly."
        )
    return section


def labels(study: Study) -> Section:
    """How labels and probabilities are spread."""
    given, clusters = study.results["label"].to_numpy(), study.clusters
    shares = {name: share(given == name, clusters) for name in _ALL}
    counted = [[name, f"{int((given == name).sum()):,}", one.percent] for name, one in shares.items()]
    table = Table("Labels", ("label", "texts", "share with 95 % interval"), counted)
    spread = {name: study.results[f"p_{name}"].dropna().to_numpy() for name in LABELS}
    marks = Table("Probabilities", ("label", "mean", "lowest quarter", "half", "highest quarter"), [
        [name, f"{values.mean():.2f}", *(f"{mark:.2f}" for mark in np.quantile(values, [0.25, 0.5, 0.75]))] for name, values in spread.items()
    ])  # fmt: skip
    independent = "Authors aren't known, so intervals take texts to be independent; they are too narrow where people wrote several."
    whole = independent if clusters is None else "Intervals draw whole authors."
    return Section("labels", "Labels and probabilities", [whole], [], [
        Shown(bars(shares, "Share of texts by label: " + ", ".join(f"{name} {one.value:.0%}" for name, one in shares.items())), table),
        Shown(small_histograms(spread, "How the probabilities of the three labels are spread"), marks),
    ])  # fmt: skip


def _groups(study: Study) -> dict[str, Any]:
    if study.group is None:
        return {"all texts": np.ones(len(study.results), dtype=bool)}
    values = study.results[study.group].astype("object")
    return {str(name): (values == name).to_numpy() for name in sorted(values.dropna().unique(), key=str)}


def signs(study: Study) -> Section:
    """Which signs are found, by group."""
    present = (study.results[study.signs].fillna(0) > 0).to_numpy()
    order = np.argsort(-present.mean(axis=0), kind="stable")
    names = [study.signs[at] for at in order]
    clusters = study.clusters
    groups = {
        name: [share(present[inside, at], None if clusters is None else clusters[inside]) for at in order]
        for name, inside in _groups(study).items() if inside.any()
    }  # fmt: skip
    rows = [[_plain(name), *(intervals[at].percent for intervals in groups.values())] for at, name in enumerate(names)]
    table = Table("Signs", ("sign", *groups), rows)
    drawn = dots([_plain(name) for name in names], groups, "share of texts with the sign", "Share of texts in which each sign is found, most frequent first")
    return Section("signs", "Signs" + (f" by {study.group}" if study.group else ""), [
        "A sign counts in a text when it is found at least once in the writer's own words, now; negated, quoted and reported matches don't count."
    ], [], [Shown(drawn, table)])  # fmt: skip


def together(study: Study) -> Section | None:
    """Which signs stand in the same text."""
    present = (study.results[study.signs].fillna(0) > 0).to_numpy()
    order = [int(at) for at in np.argsort(-present.sum(axis=0), kind="stable") if present[:, at].sum() >= 5][:_MOST_SIGNS]
    if len(order) < 3:
        return None
    chosen = present[:, order].astype(np.int64)
    both = chosen.T @ chosen
    either = both.diagonal()[:, None] + both.diagonal()[None, :] - both
    ratio = both / np.maximum(either, 1)
    names = [_plain(study.signs[at]) for at in order]
    pairs = sorted(((ratio[row, column], row, column) for row in range(len(order)) for column in range(row)), reverse=True)[:15]
    table = Table("Pairs that stand together most", ("pair", "texts with both", "of 100 texts with either"), [
        [f"{names[column]} and {names[row]}", f"{both[row, column]:,}", f"{100 * value:.0f}"] for value, row, column in pairs
    ])  # fmt: skip
    drawn = heat(names, ratio, "How often pairs of signs stand in one text")
    return Section("together", "Signs that stand together", [f"The {len(order)} most frequent signs."], [], [Shown(drawn, table)])


def over_time(study: Study) -> Section | None:
    """Shares by day, week or month."""
    import pandas as pd

    if study.time is None:
        return None
    when = pd.to_datetime(study.results[study.time], errors="coerce", utc=True, format="mixed").dt.tz_localize(None)
    if when.notna().sum() < 2 * _FEW:
        return None
    days = (when.max() - when.min()).days
    unit, name = ("D", "day") if days <= 21 else ("W", "week") if days <= 200 else ("M", "month")
    period = when.dt.to_period(unit)
    kept = [one for one, count in period.value_counts().sort_index().items() if count >= _FEW]
    if len(kept) < 2:
        return None
    clusters, given = study.clusters, study.results["label"].to_numpy()
    shares: dict[str, list[Interval]] = {label: [] for label in ("rumination", "reflection")}
    for one in kept:
        inside = (period == one).to_numpy()
        for label, intervals in shares.items():
            intervals.append(share(given[inside] == label, None if clusters is None else clusters[inside]))
    times = [str(one.start_time.date()) for one in kept]
    rows = [[time, f"{shares['rumination'][at].texts:,}", *(intervals[at].percent for intervals in shares.values())] for at, time in enumerate(times)]
    left = int(when.isna().sum())
    missing = f"{left:,} texts have no time that can be read." if left else "All texts have a time."
    says = [f"By {name}; those with fewer than {_FEW} texts are left out. {missing}"]
    return Section("time", "Change over time", says, [], [
        Shown(lines(times, shares, f"Share of rumination and reflection by {name}"), Table(f"By {name}", (name, "texts", *shares), rows))
    ])  # fmt: skip


def compared(study: Study) -> Section | None:
    """Each group against all others."""
    if study.group is None:
        return None
    groups = {name: inside for name, inside in _groups(study).items() if inside.sum() >= _FEW and (~inside).sum() >= _FEW}
    if not groups:
        return None
    given, clusters = study.results["label"].to_numpy(), study.clusters
    found = {label: [difference(given == label, inside, clusters) for inside in groups.values()] for label in ("rumination", "reflection")}
    rows = [
        [f"{name}: {label}", f"{one.here:.1%}", f"{one.others:.1%}", one.gap.percent, f"{one.effect:+.2f}"]
        for label, differences in found.items() for name, one in zip(groups, differences, strict=True)
    ]  # fmt: skip
    says = [
        f"Each group of {study.group} against all other texts. The difference is in percentage points, with a bootstrap interval "
        + ("that draws whole authors" if clusters is not None else "over texts, since authors aren't known")
        + "; Cohen's h is about 0.2 for a small, 0.5 for a medium and 0.8 for a large difference.",
        "Several comparisons are made: an interval that just misses zero is weak evidence. A difference of labels says nothing of why.",
    ]
    gaps = {label: [one.gap for one in differences] for label, differences in found.items()}
    drawn = dots(list(groups), gaps, "difference to all others", f"Difference of each group of {study.group} to all others", zero=True)
    table = Table("Groups", ("group and label", "here", "others", "difference", "Cohen's h"), rows)
    return Section("groups", f"Comparison by {study.group}", says, [], [Shown(drawn, table)])


def agreed(study: Study) -> Section | None:
    """Agreement with labels that people gave."""
    if study.human is None:
        return None
    human = study.results[study.human].astype(str).str.strip().str.lower().to_numpy()
    found = agreement(human, study.results["label"].to_numpy(), study.clusters)
    figures = Table("Agreement", ("measure", "value"), [
        ["Cohen's kappa with 95 % interval", f"{found.kappa.value:.2f} [{found.kappa.low:.2f}, {found.kappa.high:.2f}]"],
        ["Krippendorff's alpha", f"{found.alpha:.2f}"], ["same label", f"{found.accuracy:.1%}"], ["texts with both labels", f"{found.kappa.texts:,}"],
        ["texts on which the program abstained", f"{found.left_out:,}"],
    ])  # fmt: skip
    confusion = Table("Confusion: people's label by row, the program's by column", ("people say", *LABELS), [
        [label, *(f"{count:,}" for count in row)] for label, row in zip(LABELS, found.confusion.tolist(), strict=True)
    ])  # fmt: skip
    says = ["The figures to report. A kappa without its interval says little."]
    return Section("agreement", f"Agreement with people (column {study.human})", says, [figures, confusion])


SECTIONS: Final = (analyzed, checks, labels, signs, together, over_time, compared, agreed)
"""In the order of the page; examples and limits follow."""
