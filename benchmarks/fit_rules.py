"""How the weights in `src/ruminate/scoring/rules.toml` are made: a fit under the codebook's sides, then rounded.

    python benchmarks/fit_rules.py TRAIN [--dev DEV] [--write]

A sign of reflection can only speak for reflection (or against rumination), and the other way round; measures are free.
Sources weigh less the larger they are, plain labels more than open ones. Texts that turn are rare in real collections, so the
authored texts that turn are added. Without --write nothing is changed; the figures of what would be written are printed.
"""

from __future__ import annotations

import argparse
import math
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from ruminate import LABELS
from ruminate.analyzer import shared_extractor
from ruminate.evaluation.metrics import evaluate_predictions
from ruminate.evaluation.records import Record, label_numbers, read_records
from ruminate.scoring.rules import limits
from ruminate.scoring.scorer import probabilities

ROOT = Path(__file__).parents[1]
RULES = ROOT / "src" / "ruminate" / "scoring" / "rules.toml"
AUTHORED = ROOT / "data" / "authored" / "texts.jsonl"
Matrix = NDArray[np.float64]

LEFT_OUT = frozenset(
    "i_subject time everyday present please others_help social swear negation gratitude you future function other_subject sentence_length".split()
)
"""Measures that tell a source's topic rather than a way of thinking."""
DWELLING = frozenset({"kinds_of_rumination", "matches_of_rumination", "dwelling_spread", "dwelling_at_end", "turn_to_rumination"})
REFLECTING = frozenset({"kinds_of_reflection", "matches_of_reflection", "reflecting_spread", "reflecting_at_end", "turn_to_reflection"})
TRUST = {1: 0.6, 2: 0.9, 3: 1.0}
RIDGE = 30.0
TURN = 1.0
"""Codebook rule 15: where a text turns and stays turned, the mode it ends in wins. Turns are too rare in real collections for
a fit to find that out, so each point of a turn's strength speaks at least so much for where it goes, and against where it came from."""
DENSE = 0.9
"""A feature that is not zero in so large a share of texts (their length, say) counts from its usual value."""
DECISION = (1.5, 1.0, 1.0)
"""How much each label is favoured when one is chosen; set once with the development set in view."""


def feature_rows(records: list[Record]) -> Matrix:
    texts = [record.text for record in records]
    rows = [shared_extractor().extract(texts[at : at + 200]).features.texts for at in range(0, len(texts), 200)]
    low, high = limits(shared_extractor().table)
    return np.clip(np.vstack(rows), low, high)


def text_weights(records: list[Record]) -> Matrix:
    many = Counter(record.source for record in records)
    weights = np.array([many[record.source] ** -0.4 * TRUST[round(record.confidence)] for record in records])
    return weights / weights.mean()


def allowed(kept: NDArray[np.bool_], spread: Matrix) -> list[tuple[float | None, float | None]]:
    """Bounds of the weights for (reflection, rumination), feature by feature, and of the two intercepts."""
    extractor = shared_extractor()
    signs = extractor.catalogue.signs
    bounds: list[tuple[float | None, float | None]] = []
    for name, keep, size in zip(extractor.table.names, kept, spread.tolist(), strict=True):
        side = signs[name.removeprefix("sign:")].side if name.startswith("sign:") else "reflection" if name in REFLECTING else "rumination" if name in DWELLING else ""
        if not keep:
            bounds += [(0.0, 0.0), (0.0, 0.0)]
        else:
            least = TURN * size if name.startswith("turn_to_") else 0.0
            bounds += {"reflection": [(least, None), (None, -least)], "rumination": [(None, -least), (least, None)], "": [(None, None), (None, None)]}[side]
    return [*bounds, (None, None), (None, None)]


def fit(rows: Matrix, truth: NDArray[np.int64], weights: Matrix, kept: NDArray[np.bool_]) -> tuple[Matrix, Matrix]:
    """Multinomial logistic regression with bounds and a ridge; "neither" is the zero line."""
    spread = rows.std(axis=0) + 1e-9
    scaled, count, columns = rows / spread, len(truth), rows.shape[1]
    target = np.eye(3)[truth]

    def loss(point: Matrix) -> tuple[float, Matrix]:
        matrix = point[:-2].reshape(columns, 2)
        chances = probabilities(np.column_stack([scaled @ matrix + point[-2:], np.zeros(count)]))
        gradient = (chances - target)[:, :2] * weights[:, None]
        value = -(weights * np.log((chances * target).sum(axis=1) + 1e-12)).sum() + RIDGE * (matrix**2).sum() / 2
        return value, np.concatenate(((scaled.T @ gradient + RIDGE * matrix).ravel(), gradient.sum(axis=0)))

    found = minimize(loss, np.zeros(2 * columns + 2), jac=True, method="L-BFGS-B", bounds=allowed(kept, spread), options={"maxiter": 300})
    return found.x[:-2].reshape(columns, 2) / spread[:, None], found.x[-2:]


def two_digits(value: float) -> float:
    if abs(value) < 1e-6:
        return 0.0
    return round(value, min(3, max(0, 1 - math.floor(math.log10(abs(value)))) if abs(value) < 1 else 1))


def centers(rows: Matrix, weights: Matrix) -> dict[str, float]:
    """Where the features with a weight and without a natural zero count from."""
    dense = ((rows != 0).mean(axis=0) >= DENSE) & (weights != 0).any(axis=1)
    return {name: round(float(mean), 2) for name, mean, far in zip(shared_extractor().table.names, rows.mean(axis=0), dense, strict=True) if far}


def written(weights: Matrix, intercept: Matrix, usual: dict[str, float]) -> str:
    """The file: its comment stays, its numbers are new."""
    comment = RULES.read_text("utf-8").split("\nversion = ", 1)[0]
    version = tomllib.loads(RULES.read_text("utf-8"))["version"]
    lines = [comment, f'version = "{version}"', "temperature = 1.0", "", "[intercept]"]
    lines += [f"reflection = {intercept[0]}", f"rumination = {intercept[1]}", "neither = 0.0", ""]
    lines += ["# How much a label is favoured over its probability when one is chosen (see LinearScorer.decision).", "[decision]"]
    lines += [f"{label} = {share}" for label, share in zip(LABELS, DECISION, strict=True)]
    lines += ["", "# Where features count from that have no natural zero: the usual value.", "[center]"]
    lines += [f"{name} = {value}" for name, value in usual.items()]
    lines += ["", "[weights]"]
    for name, row in zip(shared_extractor().table.names, weights, strict=True):
        parts = [f"{label} = {weight}" for label, weight in zip(LABELS, row, strict=False) if weight]
        if parts:
            lines.append(f'"{name}" = {{ {", ".join(parts)} }}')
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path)
    parser.add_argument("--dev", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    records = read_records(options.train) + [record for record in read_records(AUTHORED) if record.shift]
    rows, truth, weights = feature_rows(records), label_numbers(records), text_weights(records)
    names = shared_extractor().table.names
    kept = np.array([name not in LEFT_OUT for name in names])
    first, _ = fit(rows, truth, weights, kept)
    spread = rows.std(axis=0)[:, None]
    kept &= (np.abs(first * spread) > 0.06).any(axis=1)
    raw, start = fit(rows, truth, weights, kept)
    final = np.vectorize(two_digits)(np.where(np.abs(raw * spread) > 0.03, raw, 0.0))
    usual = centers(rows, final)
    center = np.array([usual.get(name, 0.0) for name in names])
    intercept = np.round(start + center @ final, 2)
    print(f"{len(records)} texts, {int((final != 0).any(axis=1).sum())} features with a weight")
    if options.dev:
        dev = read_records(options.dev)
        chances = probabilities(np.column_stack([(feature_rows(dev) - center) @ final + intercept, np.zeros(len(dev))]))
        for name, figure in evaluate_predictions(label_numbers(dev), chances, [record.group for record in dev], decision=DECISION).items():
            print(f"{name}: {figure}")
    if options.write:
        RULES.write_text(written(final, intercept, usual), "utf-8")


if __name__ == "__main__":
    main()
