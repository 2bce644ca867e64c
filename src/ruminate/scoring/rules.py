"""The rule-based scorer: weights that a person can read, in `rules.toml`, behind the same scorer as the trained model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import SignError
from ruminate.results import LABELS
from ruminate.scoring.features import FeatureTable
from ruminate.scoring.scorer import LinearScorer
from ruminate.text.wordfiles import parse

__all__ = ["limits", "rule_scorer"]

_CAPS: Final = {"per 100 words": (0.0, 20.0), "difference of rates": (-15.0, 15.0)}


@cache
def _raw() -> Mapping[str, Any]:
    return parse(files("ruminate.scoring").joinpath("rules.toml").read_text("utf-8"))


def limits(table: FeatureTable) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lowest and highest value of each feature that the rules count."""
    caps = [(-20.0, 20.0) if feature.name == "valence" else _CAPS.get(feature.unit, (0.0, 10.0)) for feature in table.features]
    low, high = np.array(caps).T
    return low, high


def rule_scorer(table: FeatureTable) -> LinearScorer:
    """The rules for a table of features; a sign that the rules don't know yet counts by its side alone.

    Raises
    ------
    SignError
        If the rules name a feature that the table does not have.
    """
    raw = _raw()
    column = {name: at for at, name in enumerate(table.names)}
    weights = np.zeros((len(column), len(LABELS)))
    for name, by_label in raw["weights"].items():
        if name not in column:
            if name.startswith("sign:"):
                continue
            raise SignError(f"rules.toml: weights: there is no feature {name!r}")
        for label, weight in by_label.items():
            weights[column[name], LABELS.index(label)] = weight
    weights -= weights.mean(axis=1, keepdims=True)  # says the same of the labels, and shows what speaks for "neither" too
    low, high = limits(table)
    center = np.zeros(len(column))
    for name, usual in raw["center"].items():
        center[column[name]] = usual
    first, second, third = (float(raw["intercept"][label]) for label in LABELS)
    decision = tuple(float(raw["decision"][label]) for label in LABELS)
    return LinearScorer(
        name=f"rules:{raw['version']}", features=table.names, weights=weights, intercept=(first, second, third), low=low, high=high, center=center,
        temperature=float(raw["temperature"]), decision=(decision[0], decision[1], decision[2]),
    )  # fmt: skip
