"""Which scorer decides: a trained model that ships, one of the host's own, or the rules."""

from __future__ import annotations

import warnings
from os import PathLike
from typing import Final

from ruminate.errors import ModelError
from ruminate.scoring.features import FeatureTable
from ruminate.scoring.model_file import find_model, load_model
from ruminate.scoring.rules import rule_scorer
from ruminate.scoring.scorer import LinearScorer

__all__ = ["DEEP_MODEL", "DEFAULT_MODEL", "SHIPPED", "choose_scorer"]

DEFAULT_MODEL: Final = "en-linear-1"
"""The trained model that "default" stands for: language, kind, version."""
DEEP_MODEL: Final = "en-deep-1"
"""The trained model that "deep" stands for."""
SHIPPED: Final = ("default", "deep", "auto")
"""Names of models that ship; anything else is a folder."""


def choose_scorer(model: str | PathLike[str] | None, table: FeatureTable, *, threads: int = 1) -> LinearScorer:
    """The scorer that is asked for; in place of a shipped model that can't be used, the rules and one warning.

    Parameters
    ----------
    model
        "default", "deep", "auto" (deep where its packages are installed, else the default), the path of a model folder, or
        None for the rules.
    table
        The features that there are.
    threads
        Threads that an encoder may use for one text.

    Raises
    ------
    ModelError
        If a model that was given by its path, or the deep one that was asked for, can't be used.
    """
    if model is None:
        return rule_scorer(table)
    if model == "auto":
        return _deep_if_installed(table, threads)
    if model == "deep":
        return _from_folder(find_model(DEEP_MODEL), table, threads)
    if model != "default":
        return _from_folder(model, table, threads)
    try:
        return load_model(find_model(DEFAULT_MODEL), table)
    except ModelError as error:
        warnings.warn(f"the rules decide instead of the trained model: {error}", RuntimeWarning, stacklevel=3)
        return rule_scorer(table)


def _from_folder(folder: str | PathLike[str], table: FeatureTable, threads: int) -> LinearScorer:
    from ruminate.scoring.deep import is_deep, load_deep  # needed by few

    return load_deep(folder, table, threads=threads) if is_deep(folder) else load_model(folder, table)


def _deep_if_installed(table: FeatureTable, threads: int) -> LinearScorer:
    from ruminate.scoring.encoder import encoder_installed

    if not encoder_installed():
        return choose_scorer("default", table)
    try:
        return _from_folder(find_model(DEEP_MODEL), table, threads)
    except ModelError as error:
        warnings.warn(f"the default model decides instead of the deep one: {error}", RuntimeWarning, stacklevel=4)
        return choose_scorer("default", table)
