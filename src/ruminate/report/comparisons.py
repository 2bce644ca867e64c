"""The sections that compare: over time, between groups, and with labels that people gave. Each is left out where there is nothing to compare."""

from __future__ import annotations

from typing import Final

import numpy as np

from ruminate.report.figures import COLOURS, dots, lines
from ruminate.report.shapes import FEW, Section, Shown, Table
from ruminate.report.statistics import Interval, agreement, difference, share
from ruminate.report.study import Study
from ruminate.results import LABELS

__all__ = ["agreed", "compared", "over_time"]

_SIDES: Final = ("rumination", "reflection")


def over_time(study: Study) -> Section | None:
    """Shares by day, week or month."""
    import pandas as pd

    if study.time is None:
        return None
    section = Section("time", "Change over time")
    when = pd.to_datetime(study.results[study.time].astype("object"), errors="coerce", utc=True, format="mixed").dt.tz_localize(None)
    left = int(when.isna().sum())
    missing = f"{left:,} texts have no time that can be read (column {study.time})." if left else "All texts have a time."
    section.says.append(missing)
    days = (when.max() - when.min()).days if left < len(when) else 0
    unit, name = ("D", "day") if days <= 21 else ("W", "week") if days <= 200 else ("M", "month")
    period = when.dt.to_period(unit)
    kept = [one for one, count in period.value_counts().sort_index().items() if count >= FEW]
    if len(kept) < 2:
        section.says.append(f"No course is shown: it takes at least two days, weeks or months with {FEW} texts or more.")
        return section
    clusters, given = study.clusters, study.results["label"].to_numpy()
    shares: dict[str, list[Interval]] = {label: [] for label in _SIDES}
    for one in kept:
        inside = (period == one).to_numpy()
        for label, intervals in shares.items():
            intervals.append(share(given[inside] == label, None if clusters is None else clusters[inside]))
    times = [str(one.start_time.date()) for one in kept]
    rows = [[time, f"{shares['rumination'][at].texts:,}", *(intervals[at].percent for intervals in shares.values())] for at, time in enumerate(times)]
    section.says.insert(0, f"By {name}; those with fewer than {FEW} texts are left out.")
    section.shown.append(Shown(lines(times, shares, f"Share of rumination and reflection by {name}"), Table(f"By {name}", (name, "texts", *shares), rows)))
    return section


def compared(study: Study) -> Section | None:
    """Each group against all others."""
    if study.group is None:
        return None
    section = Section("groups", f"Comparison by {study.group}")
    groups = {name: inside for name, inside in study.groups.items() if inside.sum() >= FEW and (~inside).sum() >= FEW}
    small = [name for name in study.groups if name not in groups]
    if small:
        section.says.append(f"Not compared, since there are fewer than {FEW} texts on one side: {', '.join(small)}.")
    nameless = int(study.results[study.group].isna().sum())
    if nameless:
        section.says.append(f"{nameless:,} texts belong to no group; they count among the others.")
    if not groups:
        return section
    given, clusters = study.results["label"].to_numpy(), study.clusters
    found = {label: [difference(given == label, inside, clusters) for inside in groups.values()] for label in _SIDES}
    rows = [
        [f"{name}: {label}", f"{one.here:.1%}", f"{one.others:.1%}", one.gap.points, f"{one.effect:+.2f}"]
        for label, differences in found.items() for name, one in zip(groups, differences, strict=True)
    ]  # fmt: skip
    section.says[:0] = [
        f"Each group of {study.group} against all other texts. The difference is in percentage points, with a bootstrap interval "
        + ("that draws whole authors" if clusters is not None else "over texts, since authors can't be drawn")
        + "; Cohen's h is about 0.2 for a small, 0.5 for a medium and 0.8 for a large difference.",
        "Several comparisons are made: an interval that just misses zero is weak evidence. A difference of labels says nothing of why.",
    ]
    gaps = {label: [one.gap for one in differences] for label, differences in found.items()}
    says = f"Difference of each group of {study.group} to all others, in percentage points"
    drawn = dots(list(groups), gaps, "difference in percentage points", says, colours=COLOURS, differences=True)
    section.shown.append(Shown(drawn, Table("Groups", ("group and label", "here", "others", "difference", "Cohen's h"), rows)))
    return section


def agreed(study: Study) -> Section | None:
    """Agreement with labels that people gave."""
    if study.human is None:
        return None
    human = study.results[study.human].astype("object").fillna("").astype(str).str.strip().str.lower().to_numpy()
    section = Section("agreement", f"Agreement with people (column {study.human})")
    coded = int(np.isin(human, LABELS).sum())
    others = int((human != "").sum()) - coded
    if others:
        section.says.append(f"{others:,} texts have another word than {', '.join(LABELS)} in that column; they are left out.")
    found = agreement(human, study.results["label"].to_numpy(), study.clusters)
    if found is None:
        section.says.append("No text has a label of both, so there is no agreement to tell.")
        return section
    kappa = found.kappa
    section.says.append("The figures to report. A kappa without its interval says little.")
    section.tables.append(Table("Agreement", ("measure", "value"), [
        ["Cohen's kappa with 95% interval", _or_unknown(kappa.value) + ("" if np.isnan(kappa.low) else f" [{kappa.low:.2f}, {kappa.high:.2f}]")],
        ["Krippendorff's alpha", _or_unknown(found.alpha)], ["same label", f"{found.accuracy:.1%}"], ["texts with both labels", f"{kappa.texts:,}"],
        ["texts that people labelled and the program abstained on", f"{found.left_out:,}"],
    ]))  # fmt: skip
    section.tables.append(Table("Confusion: people's label by row, the program's by column", ("people say", *LABELS), [
        [label, *(f"{count:,}" for count in row)] for label, row in zip(LABELS, found.confusion.tolist(), strict=True)
    ]))  # fmt: skip
    return section


def _or_unknown(value: float) -> str:
    return "not defined: only one label is used" if np.isnan(value) else f"{value:.2f}"
