"""The sections of the report: each takes a study and gives a heading, sentences, figures and tables, or nothing where there is nothing to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from ruminate.report.comparisons import agreed, compared, over_time
from ruminate.report.figures import COLOURS, bars, dots, heat, small_histograms
from ruminate.report.shapes import FEW, Section, Shown, Table, plain, proportion
from ruminate.report.statistics import Interval, share
from ruminate.report.study import Study
from ruminate.results import LABELS
from ruminate.signs.catalogue import load_signs

__all__ = ["SECTIONS"]

_ALL: Final = (*LABELS, "uncertain")
_MOST_SIGNS: Final = 12
_MOST_ROWS: Final = 8
"""Signs in a figure that compares groups: more don't fit a phone; the table has them all."""
_WHY: Final = {
    "empty": "no words", "too_short": "too short to tell", "not_english": "doesn't look like English", "low_confidence": "no label is likely enough",
    "crisis_language": "crisis language: not for a program to score",
}  # fmt: skip


def analyzed(study: Study) -> Section:
    """What was analyzed, by what."""
    manifest, results = study.manifest, study.results
    rows = [["texts", f"{len(results):,}"], ["decided by", ", ".join(sorted(set(results["decided_by"].dropna())))]]
    rows.append(["version of ruminate", ", ".join(sorted(set(results["ruminate_version"].dropna())))])
    if study.author:
        rows.append([f"authors (column {study.author})", f"{results[study.author].nunique():,}"])
    rows.extend([f"input {entry['name']}", f"{entry['rows']:,} rows"] for entry in manifest.get("inputs", ()))
    if manifest:
        rows += [["sha256 of the model", str(manifest["model_sha256"] or "none: the rules decided")], ["sha256 of the signs", manifest["signs_sha256"]]]
        rows.append(["finished", manifest["run"]["finished"]])
    says = [] if manifest else ["No manifest lies beside the results, so where they come from can't be shown here."]
    return Section("analyzed", "What was analyzed", says, [Table("The run", ("what", "value"), rows)])


def checks(study: Study) -> Section:
    """What should be looked at before the results are used."""
    results, counts = study.results, study.manifest.get("counts", {})
    total = len(results)
    section = Section("checks", "Quality checks")
    words = study.words
    if words is not None:
        marks = np.quantile(words, [0, 0.25, 0.5, 0.75, 1]).astype(int).tolist()
        names = ("shortest", "a quarter has at most", "half have at most", "three quarters have at most", "longest")
        section.tables.append(Table("Length of the texts", ("", "words"), [[name, f"{mark:,}"] for name, mark in zip(names, marks, strict=True)]))
    reasons = results["abstained"].value_counts()
    rows = [[_WHY.get(str(name), str(name)), f"{count:,}", proportion(count, total)] for name, count in reasons.items()]
    section.tables.append(Table("Texts without a label, and why", ("why", "texts", "share"), rows or [["none", "0", "0%"]]))
    repeated = int(results[study.text].duplicated().sum()) if study.text else counts.get("duplicate_texts")
    found = [["texts that are the same as an earlier one", "not known" if repeated is None else f"{repeated:,}"]]
    if "possible_identifiers" in results:
        found.append(["texts that may hold names, addresses or numbers of people", f"{int((results['possible_identifiers'] > 0).sum()):,}"])
    found.append(["texts in which the screen for crisis language fired (no safety net)", f"{int(results['crisis'].fillna(value=False).sum()):,}"])
    found.append(["rows that could not be assessed", f"{counts.get('rejected', 0) + study.left_out:,}"])
    if counts:
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
    table = Table("Labels", ("label", "texts", "share with 95% interval"), counted)
    spread = {name: study.results[f"p_{name}"].dropna().to_numpy() for name in LABELS}
    section = Section("labels", "Labels and probabilities", [study.says_of_intervals])
    section.shown.append(Shown(bars(shares, "Share of texts by label: " + ", ".join(f"{name} {one.value:.0%}" for name, one in shares.items())), table))
    if all(len(values) for values in spread.values()):
        marks = Table("Probabilities", ("label", "mean", "lowest quarter", "half", "highest quarter"), [
            [name, f"{values.mean():.2f}", *(f"{mark:.2f}" for mark in np.quantile(values, [0.25, 0.5, 0.75]))] for name, values in spread.items()
        ])  # fmt: skip
        section.shown.append(Shown(small_histograms(spread, "How the probabilities of the three labels are spread"), marks))
    return section


def signs(study: Study) -> Section | None:
    """Which signs are found, by side and group."""
    if not study.signs:
        return None
    present = (study.results[study.signs].fillna(0) > 0).to_numpy()
    clusters = study.clusters
    groups = {f"{name} ({int(inside.sum()):,})": inside for name, inside in study.groups.items()}
    sides = {name: sign.side for name, sign in load_signs().signs.items()}
    section = Section("signs", "Signs" + (f" by {study.group}" if study.group else ""), [
        "A sign counts in a text when it is found at least once in the writer's own words, now; negated, quoted and reported matches don't count."
    ])  # fmt: skip
    few = sum(inside.sum() < FEW for inside in groups.values())
    if study.group and few:
        section.says.append(f"Groups of fewer than {FEW} texts ({few} of {len(groups)}) stand in the tables only.")
    for side in ("reflection", "rumination", "your own"):
        mine = [at for at, name in enumerate(study.signs) if sides.get(name.removeprefix("sign_"), "your own") == side]
        order = sorted(mine, key=lambda at: (-present[:, at].mean(), at))
        if order:
            intervals = {name: [share(present[inside, at], None if clusters is None else clusters[inside]) for at in order] for name, inside in groups.items()}
            title = "Signs of your own" if side == "your own" else f"Signs of {side}"
            section.shown.append(_shown_signs(title, [plain(study.signs[at]) for at in order], intervals, side))
    return section


def _shown_signs(title: str, names: Sequence[str], intervals: Mapping[str, Sequence[Interval]], side: str) -> Shown:
    """The figure leaves out groups that are small and, where there are groups, signs that are rare; the table has all."""
    table = Table(title, ("sign", *intervals), [[name, *(one[at].percent for one in intervals.values())] for at, name in enumerate(names)])
    large = {name: one for name, one in intervals.items() if one[0].texts >= FEW} or dict(intervals)
    most = _MOST_ROWS if len(large) > 1 else len(names)
    cut = f" (the {most} most frequent)" if most < len(names) else ""
    colours = {name: COLOURS.get(side, COLOURS["neither"]) for name in large} if len(large) == 1 else None
    says = f"{title}{cut}: share of texts in which each is found, most frequent first"
    drawn = dots(names[:most], {name: one[:most] for name, one in large.items()}, "share of texts with the sign", says, title=title + cut, colours=colours)
    return Shown(drawn, table)


def together(study: Study) -> Section | None:
    """Which signs stand in the same text."""
    present = (study.results[study.signs].fillna(0) > 0).to_numpy()
    order = [int(at) for at in np.argsort(-present.sum(axis=0), kind="stable") if present[:, at].sum() >= 5][:_MOST_SIGNS]
    if len(order) < 3:
        return None
    chosen: Any = present[:, order].astype(np.int64)
    both = chosen.T @ chosen
    either = both.diagonal()[:, None] + both.diagonal()[None, :] - both
    ratio = both / np.maximum(either, 1)
    names = [plain(study.signs[at]) for at in order]
    pairs = sorted(((ratio[row, column], row, column) for row in range(len(order)) for column in range(row)), reverse=True)[:15]
    table = Table("The 15 pairs that stand together most" if len(pairs) == 15 else "Pairs", ("pair", "texts with both", "of 100 texts with either"), [
        [f"{names[column]} and {names[row]}", f"{both[row, column]:,}", f"{100 * value:.0f}"] for value, row, column in pairs
    ])  # fmt: skip
    drawn = heat(names, ratio, "How often pairs of signs stand in one text")
    return Section("together", "Signs that stand together", [f"The {len(order)} most frequent signs."], [], [Shown(drawn, table)])


SECTIONS: Final = (analyzed, checks, labels, signs, together, over_time, compared, agreed)
"""In the order of the page; examples and limits follow."""
