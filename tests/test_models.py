"""Trained models: words as features, files in and out, the fallback, base rates. Trained here on a few authored texts."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from ruminate.analyzer import Analyzer, shared_extractor
from ruminate.errors import InputError, ModelError
from ruminate.evaluation.records import Record
from ruminate.results import LABELS
from ruminate.scoring import chosen
from ruminate.scoring.calibration import estimate_base_rates
from ruminate.scoring.model_file import load_model, save_model
from ruminate.scoring.scorer import TERM
from ruminate.scoring.terms import Vocabulary
from ruminate.text.document import read_batch
from ruminate.training import Settings, Trained, examples_of, train_model
from ruminate.training.design import TermChoice
from ruminate.training.examples import SoftLabels, judged_examples, target_of
from ruminate.training.holdout import by_source
from ruminate.training.train import corpus_of

SETTINGS = Settings(terms=TermChoice(texts=5, sources=1))
TEXT = "I keep going over what I said to her. I don't know why I said it, and I don't know how to stop. Maybe she was tired."


@pytest.fixture(scope="session")
def trained(authored: list[Record]) -> Trained:
    return train_model(examples_of(authored[::3]), "small", settings=SETTINGS)


@pytest.fixture(scope="session")
def folder(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "small"
    save_model(path, trained.scorer, units())
    return path


def units() -> dict[str, str]:
    return {feature.name: feature.unit for feature in shared_extractor().table.features}


def test_terms_are_what_scikit_learn_counts() -> None:
    """Our values at run time are scikit-learn's sublinear TF-IDF on the same tokens."""
    texts = ["why am i here why am i", "i am here. am i?", "nothing of it"]
    terms = ["am", "am i", "here", "i", "i am", "why", "why am"]
    idf = np.linspace(1.0, 2.0, len(terms))
    found = Vocabulary(terms, idf).find(read_batch(texts))
    theirs = TfidfVectorizer(vocabulary=terms, ngram_range=(1, 2), token_pattern=r"\w+", sublinear_tf=True, norm="l2")
    theirs.fit(texts)
    theirs.idf_ = idf
    sentences = ["why am i here why am i", "i am here.", "am i?", "nothing of it"]
    rows = np.vstack([theirs.transform(texts).toarray(), theirs.transform(sentences).toarray()])
    rows[1] = rows[1] * 0  # pairs don't reach over a sentence end, so this text is made up by hand
    counts = np.array([2, 1, 1, 2, 1, 0, 0])
    rows[1] = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0) * idf
    rows[1] /= np.linalg.norm(rows[1])
    ours = np.zeros((7, len(terms)))
    order = [terms.index(term) for term in Vocabulary(terms, idf).terms]
    ours[found.rows, np.array(order)[found.columns]] = found.values
    assert np.allclose(ours, rows, atol=1e-12)


def test_a_saved_model_is_the_same_model(trained: Trained, folder: Path, tmp_path: Path) -> None:
    save_model(tmp_path / "small", trained.scorer, units())
    for name in ("model.json", "weights.npz", "terms.txt"):
        assert (tmp_path / "small" / name).read_bytes() == (folder / name).read_bytes()
    again = load_model(folder, shared_extractor().table)
    batch = read_batch([TEXT])
    rows = shared_extractor().extract([TEXT]).features.rows
    assert np.array_equal(again.score(rows, batch).scores, trained.scorer.score(rows, batch).scores)
    assert Analyzer(folder).assess(TEXT).decided_by == "model:small"


def test_training_and_run_time_agree(trained: Trained) -> None:
    """The matrix that was fitted and the scorer that came of it give the same scores."""
    examples, counted = trained.corpus.examples[:40], trained.corpus.counted
    texts = [example.text for example in examples]
    extracted = shared_extractor().extract(texts)
    at_run_time = trained.scorer.score(extracted.features.rows, extracted.batch).scores[: len(texts)]
    assert np.array_equal(extracted.features.texts, counted.rows[: len(texts)])
    vocabulary = trained.scorer.vocabulary
    assert vocabulary is not None
    assert trained.scorer.term_weights is not None
    column = {term: at for at, term in enumerate(counted.terms)}
    present = counted.counts[: len(texts)][:, [column[term] for term in vocabulary.terms]].toarray()
    values = np.where(present > 0, 1 + np.log(np.maximum(present, 1)), 0) * vocabulary.idf
    values /= np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-12)
    by_hand = trained.scorer.scores(extracted.features.texts) + values @ trained.scorer.term_weights
    assert np.allclose(at_run_time, by_hand, atol=1e-9)


def test_words_point_at_their_places(folder: Path) -> None:
    rows = [row for row in Analyzer(folder).assess(TEXT).contributions if row.feature.startswith(TERM)]
    assert len(rows) > 10
    for row in rows:
        assert row.places
        words = row.feature.removeprefix(TERM).split(" ")
        for start, end in row.places:
                quote = TEXT[start:end].lower().replace("n't", " not").replace(",", " ,").replace(".", " .").split()
                assert quote == words


@pytest.mark.parametrize("damage", ["missing", "cut short", "tampered", "other features", "newer", "no json", "pickle"])
def test_a_damaged_model_is_refused(folder: Path, tmp_path: Path, damage: str) -> None:
    copy = tmp_path / "small"
    shutil.copytree(folder, copy)
    about = json.loads((copy / "model.json").read_text())
    if damage == "missing":
        (copy / "weights.npz").unlink()
    elif damage == "cut short":
        (copy / "weights.npz").write_bytes((copy / "weights.npz").read_bytes()[:-100])
    elif damage == "tampered":
        (copy / "terms.txt").write_text((copy / "terms.txt").read_text().replace("the", "thy", 1))
    elif damage == "other features":
        about["features"]["sign:nothing_we_know"] = "number"
    elif damage == "newer":
        about["format"] = 99
    elif damage == "pickle":
        np.savez(copy / "weights.npz", weights=np.array([{"a": 1}], dtype=object))
        from hashlib import sha256

        about["sha256"]["weights.npz"] = sha256((copy / "weights.npz").read_bytes()).hexdigest()
    if damage in ("other features", "newer", "pickle"):
        (copy / "model.json").write_text(json.dumps(about))
    if damage == "no json":
        (copy / "model.json").write_text("{")
    with pytest.raises(ModelError, match="small"):
        Analyzer(copy)


def test_without_its_model_the_rules_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chosen, "DEFAULT_MODEL", "nowhere")
    with pytest.warns(RuntimeWarning, match="the rules decide") as caught:
        fallback = Analyzer()
    assert len(caught) == 1
    assert fallback.assess(TEXT).decided_by.startswith("rules:")


def test_base_rates_shift_the_start_only(folder: Path) -> None:
    plain = Analyzer(folder)
    shifted = Analyzer(folder, base_rates=(0.01, 0.01, 0.98))
    before, after = plain.assess(TEXT), shifted.assess(TEXT)
    assert after.probabilities["neither"] > before.probabilities["neither"]
    assert after.contributions.rows == before.contributions.rows
    for wrong in ((0.5, 0.5), (0.0, 0.5, 0.5), (float("nan"), 1, 1)):
        with pytest.raises(InputError, match="base rates"):
            Analyzer(folder, base_rates=wrong)
    with pytest.raises(InputError, match="trained model"):
        Analyzer(None, base_rates=(0.2, 0.2, 0.6))


def test_adapting_finds_the_mix(folder: Path, authored: list[Record]) -> None:
    mostly = [record.text for record in authored if record.label == "neither"] + [record.text for record in authored if record.label != "neither"][:20]
    plain = Analyzer(folder)
    adapted = plain.adapt(mostly)
    assert adapted.scorer.base_rates is not None
    assert plain.scorer.base_rates is not None
    assert adapted.scorer.base_rates[LABELS.index("neither")] > plain.scorer.base_rates[LABELS.index("neither")] + 0.02
    assert abs(sum(adapted.scorer.base_rates) - 1.0) < 1e-9
    with pytest.raises(InputError, match="none were given"):
        plain.adapt([""])


def test_estimated_base_rates_are_right_for_a_perfect_model() -> None:
    """Probabilities that are calibrated for even labels, drawn from a world where one label is rare."""
    random = np.random.default_rng(1)
    old, new = np.full(3, 1 / 3), np.array([0.05, 0.15, 0.80])
    truth = random.choice(3, size=20_000, p=new)
    seen = random.normal(size=(20_000, 3)) + 2.0 * np.eye(3)[truth]
    likelihood = np.exp(2.0 * seen - 2.0)
    chances = likelihood * old / (likelihood * old).sum(axis=1, keepdims=True)
    assert np.allclose(estimate_base_rates(chances, old).shares, new, atol=0.02)


def test_too_little_to_learn_from(authored: list[Record]) -> None:
    with pytest.raises(InputError, match="too few"):
        train_model(examples_of(authored[:10]), "tiny")
    with pytest.raises(InputError, match="no text is labelled reflection"):
        train_model(examples_of([record for record in authored if record.label != "reflection"]), "one-sided")


def test_what_is_only_learned_from_is_never_measured_on(authored: list[Record]) -> None:
    """Texts picked because a model was unsure of them are in every training part of other sources, and in no test."""
    names = ("one", "two", "three")
    given = [replace(record, source=names[at % 3], writer=None, group=str(at), learn_only=at % 5 == 0) for at, record in enumerate(authored[:120])]
    corpus = corpus_of(examples_of(given))
    tested = np.concatenate([fold.test for fold in by_source(corpus)])
    assert sorted(tested.tolist()) == [at for at, record in enumerate(given) if not record.learn_only]
    for fold in by_source(corpus):
        learned = {at for at, record in enumerate(given) if record.source != fold.held_out}
        assert set(fold.train.tolist()) == learned


def test_a_split_vote_leans_to_the_label(authored: list[Record]) -> None:
    split = replace(authored[0], label="reflection", votes=("reflection", "neither"), confidence=3.0)
    shares = dict(zip(LABELS, target_of(split), strict=True))
    assert shares["reflection"] > shares["neither"] > 0.4
    assert abs(sum(shares.values()) - 1.0) < 1e-12


def test_a_soft_label_gives_way_to_a_real_one(tmp_path: Path) -> None:
    texts = ["We went home.", "I keep going over it."]
    shares = {sha256(text.encode()).hexdigest(): ((0.2, 0.2, 0.6),) for text in texts}
    (tmp_path / "texts.jsonl").write_text("\n".join(json.dumps({"source": "one", "text": text}) for text in texts))
    soft = SoftLabels((frozenset(),), shares)
    assert [example.text for example in judged_examples(tmp_path / "texts.jsonl", soft)] == texts
    assert [example.text for example in judged_examples(tmp_path / "texts.jsonl", soft, texts[:1])] == texts[1:]
