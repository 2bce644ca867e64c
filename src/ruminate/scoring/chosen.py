"""Which scorer decides: the trained model that ships, one of the host's own, or the rules."""

from __future__ import annotations

import warnings
from os import PathLike
from typing import Final

from ruminate.errors import ModelError
from ruminate.scoring.features import FeatureTable
from ruminate.scoring.model_file import find_model, load_model
from ruminate.scoring.rules import rule_scorer
from ruminate.scoring.scorer import LinearScorer

__all__ = ["DEFAULT_MODEL", "choose_scorer"]

DEFAULT_MODEL: Final = "en-linear-1"
"""The trained model that "default" stands for: language, kind, version."""


def choose_scorer(model: str | PathLike[str] | None, table: FeatureTable) -> LinearScorer:
    """The scorer that is asked for; in place of a shipped model that can't be used, the rules and one warning.

    Raises
    ------
    ModelError
        If a model that was given by its path can't be used.
    """
    if model is None:
        return rule_scorer(table)
    if model != "default":
        return load_model(model, table)
    try:
        return load_model(find_model(DEFAULT_MODEL), table)
    except ModelError as error:
        warnings.warn(f"the rules decide instead of the trained model: {error}", RuntimeWarning, stacklevel=3)
        return rule_scorer(table)
