"""A model that was broken on the way falls through the floors of the quick benchmark; the one that ships does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ruminate.analyzer import Analyzer, shared_extractor
from ruminate.evaluation.records import Record
from ruminate.scoring.chosen import DEFAULT_MODEL
from ruminate.scoring.model_file import load_model, save_model
from ruminate.scoring.scorer import LinearScorer
from ruminate.training import Settings, examples_of
from ruminate.training.design import count_texts
from ruminate.training.fit import fit_space, make_space

ROOT = Path(__file__).parents[1]


@pytest.fixture
def floors(monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import floors

    return floors


def shipped() -> LinearScorer:
    return load_model(ROOT / "models" / DEFAULT_MODEL, shared_extractor().table)


def labels_shuffled(authored: list[Record]) -> LinearScorer:
    """Trained as always, on labels that were dealt out by chance."""
    settings, everything = Settings(blocks=("table",)), np.arange(len(authored))
    counted = count_texts(shared_extractor(), [record.text for record in authored])
    space = make_space(counted, everything, ["authored"] * len(authored), settings)
    targets = np.array([example.target for example in examples_of(authored)])[np.random.default_rng(0).permutation(len(authored))]
    weights, intercept = fit_space(space.matrix(counted, everything), targets, np.ones(len(authored)), settings)
    return space.scorer(counted, counted.names, weights, intercept, "model:shuffled")


def labels_exchanged(_: list[Record]) -> LinearScorer:
    """The order of the labels got lost: reflection's numbers stand where rumination's should."""
    good, order = shipped(), [1, 0, 2]
    first, second, third = (good.intercept[at] for at in order)
    assert good.term_weights is not None
    return replace(good, weights=good.weights[:, order], term_weights=good.term_weights[:, order], intercept=(first, second, third))


def a_class_dropped(_: list[Record]) -> LinearScorer:
    """Reflection never comes out."""
    good = shipped()
    return replace(good, intercept=(good.intercept[0] - 30.0, *good.intercept[1:]))


def features_misordered(_: list[Record]) -> LinearScorer:
    """Each weight of the table stands one column further on; the words are as they were."""
    good = shipped()
    return replace(good, weights=np.roll(good.weights, 1, axis=0))


def words_misordered(_: list[Record]) -> LinearScorer:
    good = shipped()
    assert good.term_weights is not None
    return replace(good, term_weights=np.roll(good.term_weights, 1, axis=0))


def test_what_ships_stands_on_the_floors(floors: object, analyzer: Analyzer) -> None:
    figures = floors.own_examples() | floors.of_model(analyzer)
    assert floors.below(figures) == []
    assert len(figures) >= 13


@pytest.mark.parametrize("broken", [labels_shuffled, labels_exchanged, a_class_dropped, features_misordered, words_misordered], ids=lambda made: made.__name__)
def test_a_broken_model_falls_through(broken: Callable[[list[Record]], LinearScorer], floors: object, authored: list[Record], tmp_path: Path) -> None:
    """Written and read as a model is: nothing but the floors can notice."""
    save_model(tmp_path / "broken", broken(authored), {feature.name: feature.unit for feature in shared_extractor().table.features})
    figures = floors.of_model(Analyzer(tmp_path / "broken"))
    problems = floors.below(figures)
    assert any("authored texts" in problem for problem in problems), figures


def test_a_floor_says_what_and_how_far(floors: object) -> None:
    assert floors.below({"authored texts, macro-F1": 0.4}) == ["authored texts, macro-F1: 0.40 is below the floor of 0.65"]
    assert floors.below({"authored texts, macro-F1": float("nan")}) != [], "a figure that has no value is no pass"
    assert floors.below({"authored texts, false alarms": 0.4}) == ["authored texts, false alarms: 0.40 is above the limit of 0.12"]
    assert floors.below({"a figure without a floor": 0.0}) == []
