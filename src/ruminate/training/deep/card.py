"""The deep model's card: plain words around numbers that come from its `metrics.json` alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ruminate.training.card import figure_of, plain_table, table_of

__all__ = ["render_deep_card"]

_FEW = ("macro-F1", "AUC rumination", "AUC reflection", "false alarms")


def render_deep_card(report: Mapping[str, Any]) -> str:
    """The card as Markdown, from what `benchmarks/deep_card.py` measured."""
    texts, trained, speed, rates = report["texts"], report["trained"], report["speed"], report["base_rates"]
    named = {part: {f"{name} ({many})": figures for name, (many, figures) in report[part].items()} for part in ("by_source", "by_length")}
    within = {name: figures["within source"] for name, figures in report["new_source"].items()}
    covered = [row for row in report["abstention"] if any(abs(row[0] - share) < 0.015 for share in (0.5, 0.7, 0.9, 1.0))]
    kinds = report["writers"]["kinds"]
    both = kinds["deep: both"]
    further = f", {texts['more']:,} further real texts that are learned from and never measured on" if texts["more"] else ""
    averaged = f" The weights of {trained['averaged']} such runs were averaged; the earlier ones knew fewer texts." if trained.get("averaged", 1) > 1 else ""
    return f"""# Model card: {report["name"]}

The linear model that ships and an encoder, whose scores are added: `softmax({report["joint"]["linear"]} x linear + {report["joint"]["encoder"]} x encoder + shift)`. The encoder is
MiniLM-L6 (22 million weights, Apache-2.0), fine-tuned on labelled texts; it ships as ONNX with 8-bit weights ({report["megabytes"]} MB) and runs on the CPU with the extra
`deep` (onnxruntime, tokenizers; no torch, no network). The numbers below are written by `benchmarks/deep_card.py` and held to `metrics.json` by a test.

## What it is for, and what not

The same as the linear model: how the thinking goes in **one text**, by the codebook of this project, to show evidence and open questions to the person who wrote, or to describe
collections of anonymized texts. Not for diagnosis, screening, risk assessment, hiring, insurance, grading or any decision about a person. English only.

## How it explains itself

Signs, measures and words contribute as in the linear model, times one share. The encoder's part is a sum over word pieces, told by sentence (`encoder:0`, `encoder:1`, …): the
numbers that were added. But what the encoder makes of a sentence depends on the sentences around it, so these don't say what the text would score without it; for
that, `ruminate.effects.sentence_effects` leaves each sentence out in turn. Both are approximate as explanations of meaning.

## Data and licences

- {texts["train"]:,} real texts with labels by one model rater each (collections and licences: `data/README.md`), {trained["texts"] - texts["train"] - texts["more"]:,} authored texts (MIT) at weight 0.7{further}.
  Labels ship, real texts don't.
- Signs and the course of the text were learned as tasks beside the labels. {trained["epochs"]} epochs, learning rate {trained["rate"]}, 8 % of words hidden, no layer frozen but the word embeddings.{averaged}
- How the two are added was fitted on texts held out in three parts, by whole source and whole writer. The models of the parts had also seen development texts of other sources.

## Real texts that it has not learned from

{table_of(f"development set ({texts['dev']} texts)", report["dev"])}

The development set was looked at while the method was chosen. Raters are models of one family; one against the majority reaches macro-F1 {report["raters"]["macro-F1"]:.2f}.

## New sources: a third of the sources held out at a time

Harder than leaving one source out, as the linear model's card does: a third of the texts to learn from is missing. The linear tier stands here without the
further labels that it ships with.

{table_of("what decides", report["new_source"])}

Intervals draw whole sources. AUC inside a source, mean over sources: {"; ".join(f"{name}: rumination {values['rumination']:.2f}, reflection {values['reflection']:.2f}" for name, values in within.items())}.

### By source

{table_of("source (texts)", named["by_source"], _FEW)}

### By length

{table_of("length (texts)", named["by_length"], _FEW)}

## Calibration and abstention (new sources)

Calibrated to base rates {rates[0]:.2f} / {rates[1]:.2f} / {rates[2]:.2f} (reflection, rumination, neither). Share of rumination by predicted probability:

{plain_table(["mean probability", "share", "texts"], report["reliability"]["rumination"])}

Answering only the surest texts (coverage, share of wrong labels): {", ".join(f"{coverage:.0%}: {risk:.0%}" for coverage, risk in covered)}.

## Authored texts of writers that it has not learned from

A test of behaviour, not a headline. Pairs of one contrast set ranked right: {"; ".join(f"{name} {figure_of(values)}" for name, values in report["writers"]["pairs"].items())}.

{plain_table(["hard kind", "deep: both", "encoder alone", "linear tier alone", "texts"], [[kind, figure_of(row), figure_of(kinds["encoder alone"][kind]), figure_of(kinds["linear tier alone"][kind]), row[3]] for kind, row in both.items()])}

Turns, on these same texts (the shipped model has learned from them): {", ".join(f"{name} {value}" for name, value in report["shift"].items())}.

## Fairness slices

Only a word of gender or dialect changes (every fourth authored text): mean move of P(rumination), and share of labels that change.

{plain_table(["change", "texts", "mean move", "labels changed"], [[name, *row] for name, row in report["fairness"].items()])}

## Speed

{speed["texts a second"]:.0f} texts of about 160 words a second of one core's time, {speed["times the linear tier"]:.0f} times the linear tier in the same run. Each text is run by itself: with 8-bit
activations, texts that share a run change each other's last digits, and a text's result must depend on that text alone.

## Known failures

- {", ".join(f"{kind} ({row[0]:.0%})" for kind, row in sorted(both.items(), key=lambda item: item[1][0])[:4])}: the hard kinds that it gets right least often.
- What is said obliquely, irony that needs context, and texts that turn in the last sentence.
- Probabilities of single sentences are read in the light of their neighbours: a plain sentence between ruminating ones leans their way.
"""
