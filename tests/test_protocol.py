"""The benchmark's folds keep what is judged out of what is learned; baselines learn; exports take part."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from ruminate.evaluation.records import Record
from ruminate.results import LABELS
from ruminate.training import Example, examples_of
from ruminate.training.train import corpus_of

ROOT = Path(__file__).parents[1]
SOURCES = ("covid_worry", "blogs", "forum")


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import contestants
    import features
    import pool
    import protocol
    import tables

    return SimpleNamespace(pool=pool, contestants=contestants, protocol=protocol, features=features, tables=tables)


@pytest.fixture
def small(modules: SimpleNamespace, authored: list[Record]) -> object:
    """Authored texts that play the part of three real sources, of dev, of texts with soft labels and of a collection."""
    def named(part: list[Record], name: str) -> list[Record]:
        return [Record(id=f"{name}-{at}", text=one.text, label=one.label, source=SOURCES[at % 3], group=str(at)) for at, one in enumerate(part)]

    outside = [Record(id=f"w{at}", text=one.text, label="", source="covid_worry", group=str(at), facts={"worry": str(at % 9 + 1), "anxiety": "3"}) for at, one in enumerate(authored[900:920])]
    records = {"train": named(authored[:300], "t"), "dev": named(authored[300:360], "d"), "authored": authored[400:520], "behaviour": named(authored[600:605], "b"), "worry": outside}
    examples: list[Example] = []
    rows = {}
    for part, listed in records.items():
        new = examples_of(listed) if part in ("train", "dev", "authored") else [Example(one.text, (1 / 3,) * 3, f"outside:{one.source}", one.id) for one in listed]
        rows[part] = np.arange(len(examples), len(examples) + len(new))
        examples += new
    soft = [Example(one.text, (0.2, 0.3, 0.5), f"judged:{SOURCES[at % 3]}", str(at)) for at, one in enumerate(authored[1000:1030])]
    rows["judged"] = np.arange(len(examples), len(examples) + len(soft))
    return modules.pool.Pool(records, corpus_of([*examples, *soft]), rows, {})


def test_what_is_judged_is_not_learned_from(small: object) -> None:
    origins = np.array(small.corpus.origins)
    folds = small.folds(("train", "more", "judged", "authored"))
    assert {"whole", "external", *(f"source {name}" for name in SOURCES), *(f"writers {at}" for at in range(4))} == set(folds)
    for name, fold in folds.items():
        assert not set(fold.train) & set(fold.test), name
        assert not set(fold.train) & set(np.concatenate([small.rows[part] for part in ("dev", "behaviour", "worry")])), name
    for name in SOURCES:
        assert name not in set(origins[folds[f"source {name}"].train]), "soft labels of the source are left out too"
    assert "covid_worry" not in set(origins[folds["external"].train])
    writers = {record.id: record.writer for record in small.records["authored"]}
    by_row = dict(zip(small.rows["authored"].tolist(), writers.values(), strict=True))
    for at in range(4):
        fold = folds[f"writers {at}"]
        assert not {by_row[row] for row in fold.train.tolist() if row in by_row} & {by_row[row] for row in fold.test.tolist()}
    tested = np.concatenate([folds[f"source {name}"].test for name in SOURCES])
    assert sorted(tested) == sorted(small.rows["train"])


def test_learners_learn_and_are_calibrated_alike(modules: SimpleNamespace, small: object, monkeypatch: pytest.MonkeyPatch) -> None:
    small.features["length only"] = modules.features.lengths(small.texts[: small.rows["judged"][0]])
    chosen = [one for one in modules.contestants.learners(small) if one.name in ("TF-IDF words 1-2 + logistic regression", "length only + logistic regression", "… without words and pairs (signs, measures)")]
    found = {one.name: one for one in modules.protocol.answers_of_learners(small, chosen, 1)}
    truth = np.array([LABELS.index(record.label) for record in small.records["dev"]])
    for one in found.values():
        assert set(one.parts) == {"new source", "dev", "authored", "behaviour", "worry"}
        assert all(np.allclose(answers.chances.sum(axis=1), 1.0) for answers in one.parts.values())
        assert one.parts["dev"].decision == one.parts["worry"].decision
    right = {name: float((one.parts["dev"].chances.argmax(axis=1) == truth).mean()) for name, one in found.items()}
    assert right["… without words and pairs (signs, measures)"] > 0.45 > 1 / 3


def test_columns_by_id_become_a_contestant(modules: SimpleNamespace, small: object, tmp_path: Path) -> None:
    ids = [record.id for listed in small.records.values() for record in listed]
    (tmp_path / "liwc.csv").write_text("id,negemo,name\n" + "".join(f"{one},{at % 7},x\n" for at, one in enumerate(ids[:-1])))
    values = modules.features.from_export(ids, tmp_path / "liwc.csv")
    assert values.shape == (len(ids), 1)
    assert np.isnan(values[-1]).all()
    small.features["LIWC"] = values
    learner = next(one for one in modules.contestants.learners(small) if one.name.startswith("LIWC"))
    folds = small.folds(learner.kinds)
    assert learner.scores(small, folds["whole"], None)[0].shape == (65, 3)
    with pytest.raises(ValueError, match="export all of them"):
        learner.scores(small, folds["external"], None)


def test_empath_is_counted_as_empath_counts(modules: SimpleNamespace, authored: list[Record]) -> None:
    empath = pytest.importorskip("empath")
    texts = [record.text for record in authored[:5]]
    theirs = [list(empath.Empath().analyze(text, normalize=True).values()) for text in texts]
    assert np.allclose(modules.features.empath(texts), theirs)


def test_a_table_goes_between_its_marks(modules: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ruminate.evaluation.metrics import Estimate

    monkeypatch.setattr(modules.tables, "RESULTS", tmp_path)
    modules.tables.write(tmp_path, "real_dev", {"one": {"macro-F1": Estimate(0.5, 0.4, 0.6), "ECE": Estimate(*[float("nan")] * 3)}}, shown=None)
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- table:real_dev -->\nold\n<!-- /table:real_dev -->\nafter\n")
    modules.tables.into(page, "real_dev")
    assert page.read_text() == "before\n<!-- table:real_dev -->\n| what decides | macro-F1 | ECE |\n| --- | --- | --- |\n| one | .50 [.40, .60] | – |\n<!-- /table:real_dev -->\nafter\n"
    assert '"ECE": [\n   null' in (tmp_path / "real_dev.json").read_text()
