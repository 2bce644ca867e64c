"""The model card: plain words around numbers that come from `metrics.json` alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any, Final

__all__ = ["figure_of", "plain_table", "render_card", "table_of"]

_SHOWN: Final = ("macro-F1", "kappa", "AUC rumination", "AUC reflection", "precision rumination", "recall rumination", "false alarms", "precision at 2 %", "ECE")


def figure_of(values: Sequence[float]) -> str:
    """A figure with its interval."""
    if isnan(values[0]):
        return "–"  # too few texts of a label
    value, low, high = (f"{number:.2f}".replace("0.", ".", 1) for number in values[:3])
    return f"{value} [{low}, {high}]"


def table_of(title: str, rows: Mapping[str, Mapping[str, Sequence[float]]], names: Sequence[str] = _SHOWN) -> str:
    """A table of figures with intervals: rows by name, a column a metric."""
    lines = [f"| {title} | {' | '.join(names)} |", "| --- |" + " --- |" * len(names)]
    lines += [f"| {name} | {' | '.join(figure_of(figures[metric]) for metric in names)} |" for name, figures in rows.items()]
    return "\n".join(lines)


def plain_table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table of cells as they are."""
    lines = [f"| {' | '.join(head)} |", "| --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join([*lines, *(f"| {' | '.join(str(cell) for cell in row)} |" for row in rows)])


def render_card(report: Mapping[str, Any]) -> str:
    """The card of a model as Markdown, from what `benchmarks/model_card.py` measured."""
    texts, rates = report["texts"], report["base_rates"]
    parts = {part: {name: figures for name, (_, figures) in report[part].items()} for part in ("by_source", "by_length")}
    counts = {part: {name: many for name, (many, _) in report[part].items()} for part in ("by_source", "by_length")}
    named = {part: {f"{name} ({counts[part][name]})": figures for name, figures in parts[part].items()} for part in parts}
    few = ("macro-F1", "AUC rumination", "AUC reflection", "false alarms")
    within = {name: figures["within source"] for name, figures in report["new_source"].items()}
    covered = [row for row in report["abstention"] if any(abs(row[0] - share) < 0.015 for share in (0.5, 0.7, 0.9, 1.0))]
    return f"""# Model card: {report["name"]}

Multinomial logistic regression on {report["terms"]:,} words and pairs of words (TF-IDF) and the table of signs and measures. Linear at run time: every
score is an intercept plus named contributions. The numbers below are written by `benchmarks/model_card.py` and held to `metrics.json` by a test.

## What it is for, and what not

It says how the thinking goes in **one text**: `reflection`, `rumination` or `neither`, by the codebook of this project. Use it to show evidence and open questions to
the person who wrote, or to describe collections of anonymized texts. Not for diagnosis, screening, risk assessment, hiring, insurance, grading or any decision about a person.
English only. It knows nothing of irony that needs context, of what was said before, or of the writer.

## Data and licences

- {texts["train"]:,} real texts with labels by one model rater each, from 18 public collections (named in `data/README.md`, with their licences). Labels ship, texts do not.
- {texts["more"]:,} more of them, three in four picked because a model was unsure of them, labelled by another model rater. They are learned from only: no figure here is measured on them.
- {texts["authored"]:,} authored texts (MIT), each with the mean weight of a real one. They teach what the collections lack and cost a little on them.
- Not learned from: a larger model's shares of the labels for {texts["judged"]:,} unlabeled texts of the same collections (distillation; the row "with soft labels too"). No gain on new sources.
- Words that tell a collection's topic are left out of the vocabulary (`left_out.txt`), a word has to stand in several collections to get in, and names of people therefore don't.

Raters are models of one family. Among themselves, on the {texts["dev"]} texts below, one against the majority reaches macro-F1 {report["raters"]["macro-F1"]:.2f} and kappa {report["raters"]["kappa"]:.2f}:
consistency, not agreement among people.

## Real texts that it has not learned from

{table_of(f"development set ({texts['dev']} texts)", report["dev"])}

Thresholds and calibration were chosen on held-out sources of the training texts. The development set was looked at while the method was chosen.

## New sources: trained on all real sources but one, tested on that one

{table_of("learned from", report["new_source"])}

Intervals draw whole sources. AUC inside a source, mean over sources: {"; ".join(f"{name}: rumination {values['rumination']:.2f}, reflection {values['reflection']:.2f}" for name, values in within.items())}.

### By source (as shipped, never having seen it)

{table_of("source (texts)", named["by_source"], few)}

### By length

{table_of("length (texts)", named["by_length"], few)}

## Calibration and abstention (new sources)

Calibrated to base rates {rates[0]:.2f} / {rates[1]:.2f} / {rates[2]:.2f} (reflection, rumination, neither). Share of rumination by predicted probability:

{plain_table(["mean probability", "share", "texts"], report["reliability"]["rumination"])}

Answering only the surest texts (coverage, share of wrong labels): {", ".join(f"{coverage:.0%}: {risk:.0%}" for coverage, risk in covered)}.

`Analyzer.adapt(texts)` re-estimates the base rates on unlabeled texts, by one step of expectation maximization: run to its end, it made the probabilities of most new
sources far worse. One step changes little: it tends to help the probabilities (Brier score, lower is better) where labels are much rarer or commoner than in training, and seldom
the labels. Models of real texts alone, each source unseen:

{plain_table(["source", "texts", "macro-F1", "adapted", "Brier", "adapted"], [[name, *row] for name, row in report["adapt"].items()])}

## Authored texts of writers that it has not learned from

A test of behaviour, not a headline. Pairs of one contrast set ranked right: {figure_of(report["writers"]["pairs"]["all"])} (rumination {figure_of(report["writers"]["pairs"]["rumination"])}, reflection {figure_of(report["writers"]["pairs"]["reflection"])}).

{plain_table(["hard kind", "right", "texts"], [[kind, figure_of(row), row[3]] for kind, row in report["writers"]["kinds"].items()])}

Turns, on these same texts (the shipped model has learned from their labels, not from where they turn): {", ".join(f"{name} {value}" for name, value in report["shift"].items())}.

## Fairness slices

Only a word of gender or dialect changes: mean move of P(rumination), and share of labels that change.

{plain_table(["change", "texts", "mean move", "labels changed"], [[name, *row] for name, row in report["fairness"].items()])}

## Learning curves (development set, labels by plain majority of probability)

{plain_table(["texts learned from", "macro-F1", "AUC rumination", "AUC reflection"], [[f"real, {int(row[0])}", *row[1:]] for row in report["curves"]["real"]] + [[f"all real + authored, {int(row[0])}", *row[1:]] for row in report["curves"]["authored beside all real"]])}

## Known failures

Sentences of our own that it gets wrong or may get wrong:

- calm, measured loops: "It can be read in two ways, and I have set the one beside the other again this evening."
- grievances that loop without words of a loop: "He said it in front of everyone. In front of everyone."
- plain, concrete reflection without words of insight: "I answered the phone with my hand on the timer, and my hand counted that as done."
- irony at one's own cost: "Brilliant work from me, as ever."
- very short texts, and texts that turn in the last sentence.
"""
