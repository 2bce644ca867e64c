"""The contract of scikit-learn, by hand: its common checks skip estimators that take texts."""

from __future__ import annotations

import inspect
import json
import pickle
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_predict, cross_val_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import StandardScaler

import ruminate
from ruminate.errors import InputError, SignError
from ruminate.estimators import RuminationClassifier, SignFeatures

ROOT = Path(__file__).parents[1]
TEACHERS = ROOT / "examples" / "teacher_signs"
DRAFTS = [json.loads(line) for line in (ROOT / "data" / "authored" / "texts.jsonl").read_text("utf-8").splitlines()[::14]]
TEXTS = [draft["text"] for draft in DRAFTS]
LABELS = np.array([draft["label"] for draft in DRAFTS])
ALL = len(ruminate.feature_names())
GROUPS = np.array([draft["writer"] for draft in DRAFTS])


@pytest.fixture(scope="module")
def fitted() -> RuminationClassifier:
    return RuminationClassifier().fit(TEXTS, LABELS)


@pytest.mark.parametrize("made", [SignFeatures(), RuminationClassifier()], ids=["features", "classifier"])
def test_init_only_keeps_its_arguments(made: BaseEstimator) -> None:
    names = set(inspect.signature(type(made).__init__).parameters) - {"self"}
    assert set(vars(made)) == names == set(made.get_params())
    odd: dict[str, Any] = {name: object() for name in names}
    assert all(getattr(type(made)(**odd), name) is value for name, value in odd.items()), "no copy, no check, no default put in"
    assert clone(made).get_params() == made.get_params()
    assert repr(made) == f"{type(made).__name__}()"


@pytest.mark.parametrize("made", [SignFeatures(signs=[str(TEACHERS)], columns="signs"), RuminationClassifier(signs=[str(TEACHERS)], C=2.0)], ids=["features", "classifier"])
def test_fit_changes_no_argument_and_forgets_what_was_before(made: BaseEstimator) -> None:
    before = made.get_params()
    assert made.fit(TEXTS, LABELS) is made
    assert made.get_params() == before
    learned = {name for name in vars(made) if name.endswith("_")}
    assert learned
    assert learned.isdisjoint(vars(clone(made)))
    again = clone(made).fit(TEXTS[:40], LABELS[:40])
    made.fit(TEXTS[:40], LABELS[:40])
    assert pickle.dumps(vars(made)["feature_names_"]) == pickle.dumps(vars(again)["feature_names_"])


def test_unfitted_is_said() -> None:
    for call in (SignFeatures().transform, SignFeatures().get_feature_names_out, RuminationClassifier().predict, RuminationClassifier().explain, RuminationClassifier().decision_function):
        with pytest.raises(NotFittedError):
            call(TEXTS)


def test_a_row_is_featurize() -> None:
    features = SignFeatures().fit(TEXTS)
    assert tuple(features.get_feature_names_out()) == ruminate.feature_names()
    rows = features.transform(TEXTS)
    assert rows.shape == (len(TEXTS), len(ruminate.feature_names()))
    assert rows[7].tolist() == list(ruminate.featurize(TEXTS[7]).values())
    assert (features.transform(TEXTS[7:8]) == rows[7:8]).all(), "a row depends on its text alone"
    assert (features.transform(TEXTS * 3) == np.vstack([rows] * 3)).all(), "also past a batch"


@pytest.mark.parametrize(("columns", "count"), [("all", ALL), ("signs", 26), ("measures", ALL - 26), (["i", "sign:self_blame"], 2)])
def test_columns(columns: Any, count: int) -> None:
    whole = SignFeatures().fit([])
    some = SignFeatures(columns=columns).fit([])
    names = some.get_feature_names_out().tolist()
    assert len(names) == count
    everything = pd.DataFrame(whole.transform(TEXTS), columns=whole.get_feature_names_out())
    assert (some.transform(TEXTS) == everything[names].to_numpy()).all()


@pytest.mark.parametrize("columns", ["sings", ["no_such_feature"], []])
def test_wrong_columns_are_named(columns: Any) -> None:
    with pytest.raises(ValueError, match="columns: "):
        SignFeatures(columns=columns).fit(TEXTS)


def test_own_signs_are_columns_and_need_no_folder_afterwards() -> None:
    features = SignFeatures(signs=[TEACHERS], columns=["sign:lesson_as_verdict"]).fit(TEXTS)
    assert features.transform(["Which proves I can't teach."]).item() > 0
    assert (pickle.loads(pickle.dumps(features)).transform(TEXTS) == features.transform(TEXTS)).all()
    with pytest.raises(SignError, match="no such folder"):
        SignFeatures(signs=["no_such_folder"]).fit(TEXTS)


def test_sparse_equals_dense() -> None:
    found = SignFeatures(sparse_output=True).fit_transform(TEXTS * 2)
    assert sparse.issparse(found)
    assert found.format == "csr"
    assert (found.toarray() == SignFeatures().fit_transform(TEXTS * 2)).all()
    assert SignFeatures(sparse_output=True).fit([]).transform([]).shape == (0, ALL)
    assert SignFeatures().fit([]).transform([]).shape == (0, ALL)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_set_output(library: str) -> None:
    pytest.importorskip(library)
    series = pd.Series(TEXTS[:5], index=list("abcde"))
    frame = SignFeatures(columns="signs").set_output(transform=library).fit_transform(series)
    assert list(frame.columns) == [name for name in ruminate.feature_names() if name.startswith("sign:")]
    assert type(frame).__module__.split(".")[0] == library
    if library == "pandas":
        assert frame.index.tolist() == list("abcde")


def containers() -> list[Any]:
    texts = TEXTS[:6]
    found: list[Any] = [
        texts, tuple(texts), iter(texts), np.array(texts), np.array(texts, dtype=object), np.array(texts, dtype=object)[:, None], pd.Series(texts),
        pd.Series(texts, dtype="string"), pd.Series(texts, dtype="category"), pd.DataFrame({"text": texts}),
    ]  # fmt: skip
    return found


@pytest.mark.parametrize("number", range(len(containers())))
def test_texts_in_any_container(number: int) -> None:
    expected = SignFeatures().fit_transform(TEXTS[:6])
    features = SignFeatures().fit([])
    assert (features.transform(containers()[number]) == expected).all()


def test_texts_from_polars_and_arrow() -> None:
    polars, arrow = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    expected = SignFeatures().fit_transform(TEXTS[:6])
    for column in (polars.Series(TEXTS[:6]), polars.DataFrame({"text": TEXTS[:6]}), arrow.array(TEXTS[:6]), arrow.chunked_array([TEXTS[:2], TEXTS[2:6]])):
        assert (SignFeatures().fit_transform(column) == expected).all()


@pytest.mark.parametrize("wrong", ["one text", b"bytes", 3, None, np.zeros((2, 2)), pd.DataFrame({"a": ["x"], "b": ["y"]})], ids=range(6))
def test_what_is_no_column_of_texts_is_refused(wrong: Any) -> None:
    with pytest.raises(InputError, match="column"):
        SignFeatures().fit_transform(wrong)


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, b"bytes", 3], ids=repr)
def test_a_missing_value_is_named_by_its_place(missing: Any) -> None:
    with pytest.raises(InputError, match=r"^text 130 is of type"):
        SignFeatures().fit_transform(["a secret"] * 130 + [missing])


def test_in_pipelines_unions_and_column_transformers() -> None:
    union = FeatureUnion([("signs", SignFeatures(sparse_output=True)), ("words", TfidfVectorizer())])
    pipe = make_pipeline(union, LogisticRegression(max_iter=2000)).fit(TEXTS, LABELS)
    assert set(pipe.predict(TEXTS)) <= set(LABELS)
    assert any(name.startswith("signs__sign:") for name in pipe[:-1].get_feature_names_out())
    frame = pd.DataFrame({"entry": TEXTS, "mood": np.arange(len(TEXTS))})
    for column in ("entry", ["entry"]):
        both = ColumnTransformer([("text", SignFeatures(columns="signs"), column), ("rest", "passthrough", ["mood"])]).fit(frame)
        assert both.transform(frame).shape == (len(TEXTS), 27)


def test_searched_and_cross_validated() -> None:
    search = GridSearchCV(RuminationClassifier(start="scratch"), {"C": [0.01, 0.1], "start": ["scratch", "rules"]}, cv=3).fit(TEXTS, LABELS)
    assert search.best_score_ > 0.4
    pipe = make_pipeline(SignFeatures(), StandardScaler(), LogisticRegression(max_iter=2000))
    assert cross_val_score(pipe, TEXTS, LABELS, groups=GROUPS, cv=GroupKFold(3)).shape == (3,)
    numbered = dict(enumerate(sorted(set(LABELS))))
    chances = cross_val_predict(RuminationClassifier(stands_for=numbered), TEXTS, LABELS, method="predict_proba", cv=3)
    assert chances.shape == (len(TEXTS), 3)


def test_labels_that_stand_for_ours(fitted: RuminationClassifier) -> None:
    codes = {"neither": 0, "reflection": 1, "rumination": 2}
    coded = RuminationClassifier(stands_for={code: label for label, code in codes.items()}).fit(TEXTS, [codes[label] for label in LABELS])
    assert coded.predict(TEXTS).tolist() == [codes[label] for label in fitted.predict(TEXTS)]
    assert (coded.coef_ == fitted.coef_).all()
    with pytest.raises(ValueError, match="two stand for the same"):
        RuminationClassifier(stands_for={"neither": "reflection"}).fit(TEXTS, LABELS)


def test_from_scratch_is_logistic_regression() -> None:
    """Checked against scikit-learn's own solver: the same penalty, the same loss, the same probabilities."""
    ours = RuminationClassifier(start="scratch", C=0.05).fit(TEXTS, LABELS)
    values = ours.scorer_.clip(SignFeatures().fit_transform(TEXTS))
    spread = values.std(axis=0)
    scaled = (values - values.mean(axis=0)) / np.where(spread == 0, 1, spread)
    theirs = LogisticRegression(C=0.05, tol=1e-10, max_iter=20_000).fit(scaled, LABELS)
    assert ours.predict_proba(TEXTS) == pytest.approx(theirs.predict_proba(scaled), abs=1e-5)


@pytest.mark.parametrize("start", ["rules", "default"])
def test_the_start_is_where_we_are(start: Any) -> None:
    """With a penalty that lets nothing move, the ranking of the texts is ours; how often a label is given follows the labels."""
    near = RuminationClassifier(start=start, C=1e-9).fit(TEXTS, LABELS)
    analyzer = ruminate.Analyzer(None if start == "rules" else "default")
    ours = np.log([[found.probabilities[label] for label in near.classes_] for found in analyzer.assess_many(TEXTS)])
    apart = np.log(near.predict_proba(TEXTS)) - ours
    apart -= apart[:, :1]
    assert np.ptp(apart, axis=0) == pytest.approx(0, abs=1e-4), "the same shift for every text: that of the intercepts"
    far = RuminationClassifier(start=start, C=1e3).fit(TEXTS, LABELS)
    assert far.score(TEXTS, LABELS) > near.score(TEXTS, LABELS)


def test_scores_probabilities_and_classes_agree(fitted: RuminationClassifier) -> None:
    assert is_classifier(fitted)
    assert fitted.classes_.tolist() == ["neither", "reflection", "rumination"]
    chances, scores = fitted.predict_proba(TEXTS), fitted.decision_function(TEXTS)
    assert chances.sum(axis=1) == pytest.approx(1.0)
    assert (fitted.classes_[chances.argmax(axis=1)] == fitted.predict(TEXTS)).all()
    assert (scores.argmax(axis=1) == chances.argmax(axis=1)).all()
    assert (fitted.predict_proba(TEXTS[3:4]) == chances[3:4]).all(), "a text is judged alone as among others"
    assert fitted.coef_.shape == (3, len(fitted.feature_names_))


def test_two_classes_follow_the_binary_convention() -> None:
    chosen = LABELS != "neither"
    texts, labels = [text for text, keep in zip(TEXTS, chosen, strict=True) if keep], LABELS[chosen]
    two = RuminationClassifier().fit(texts, labels)
    assert two.classes_.tolist() == ["reflection", "rumination"]
    assert two.decision_function(texts).shape == (len(texts),)
    assert ((two.decision_function(texts) > 0) == (two.predict(texts) == "rumination")).all()
    assert (two.predict_proba(texts)[:, 1] > 0.5).tolist() == (two.decision_function(texts) > 0).tolist()


@pytest.mark.parametrize("labels", [LABELS == "rumination", (LABELS == "rumination").astype(int), np.char.upper(LABELS)], ids=["bool", "int", "str"])
def test_labels_of_ones_own(labels: Any) -> None:
    own = RuminationClassifier(start="scratch").fit(TEXTS, labels)
    assert own.predict(TEXTS).dtype == labels.dtype
    assert own.score(TEXTS, labels) > 0.6
    assert OneVsRestClassifier(RuminationClassifier(start="scratch")).fit(TEXTS, LABELS).predict(TEXTS).shape == (len(TEXTS),)
    with pytest.raises(ValueError, match="or start='scratch'"):
        RuminationClassifier().fit(TEXTS, labels)


def test_the_explanation_is_the_computation(fitted: RuminationClassifier) -> None:
    for text, told, scores in zip(TEXTS, fitted.explain(TEXTS), fitted.decision_function(TEXTS), strict=True):
        for at, name in enumerate(fitted.classes_):
            total = fitted.intercept_[at] + sum(part.adds[name] for part in told)
            assert total == pytest.approx(scores[at], abs=1e-9)
        values = fitted.scorer_.clip(np.array([list(ruminate.featurize(text).values())]))[0]
        column = {name: at for at, name in enumerate(fitted.feature_names_)}
        assert all(part.value == values[column[part.feature]] for part in told if not part.feature.startswith("words:"))
        ranges = [max(part.adds.values()) - min(part.adds.values()) for part in told]
        assert ranges == sorted(ranges, reverse=True)


def test_weights_count_as_repetition() -> None:
    weight = np.where(LABELS == "rumination", 2, 1)
    weighted = RuminationClassifier().fit(TEXTS, LABELS, sample_weight=weight)
    by_class = RuminationClassifier(class_weight={"rumination": 2.0, "reflection": 1.0, "neither": 1.0}).fit(TEXTS, LABELS)
    assert weighted.predict_proba(TEXTS) == pytest.approx(by_class.predict_proba(TEXTS), abs=1e-6)
    assert RuminationClassifier(class_weight="balanced").fit(TEXTS, LABELS).predict_proba(TEXTS) != pytest.approx(weighted.predict_proba(TEXTS), abs=1e-3)


def test_same_data_same_weights_and_pickles(fitted: RuminationClassifier) -> None:
    again = RuminationClassifier().fit(TEXTS, LABELS)
    assert (again.coef_ == fitted.coef_).all()
    assert (pickle.loads(pickle.dumps(fitted)).predict_proba(TEXTS) == fitted.predict_proba(TEXTS)).all()


@pytest.mark.parametrize("settings", [{}, {"start": "scratch"}, {"start": "rules", "signs": [TEACHERS]}], ids=["default", "scratch", "own signs"])
def test_what_is_learned_decides_behind_every_other_door(tmp_path: Path, settings: dict[str, Any]) -> None:
    import spacy

    learned = RuminationClassifier(**settings).fit(TEXTS, LABELS)
    learned.save(tmp_path / "ours", name="ours-1")
    assert {path.suffix for path in (tmp_path / "ours").iterdir()} <= {".json", ".npz", ".txt"}, "numbers and words, no code"
    signs = settings.get("signs", [])
    analyzer = ruminate.Analyzer(tmp_path / "ours", signs=signs)
    nlp = spacy.blank("en")
    nlp.add_pipe("ruminate", config={"model": str(tmp_path / "ours"), "signs": [str(folder) for folder in signs]})
    for text, chances, doc in zip(TEXTS, learned.predict_proba(TEXTS), nlp.pipe(TEXTS), strict=True):
        found = analyzer.assess(text)
        assert doc._.ruminate == found
        assert found.decided_by == "model:ours-1"
        assert [found.probabilities[label] for label in learned.classes_] == pytest.approx(list(chances), abs=1e-9)
        assert found.abstained or found.label == learned.predict([text]).item()
    assert analyzer.scorer.base_rates == pytest.approx([(label == LABELS).mean() for label in ruminate.LABELS])


def test_a_model_for_others_gives_our_labels(tmp_path: Path) -> None:
    own = RuminationClassifier(start="scratch").fit(TEXTS, np.char.upper(LABELS))
    with pytest.raises(ValueError, match="see stands_for"):
        own.save(tmp_path, name="own")
    named = RuminationClassifier(start="scratch", stands_for={label.upper(): label for label in ruminate.LABELS}).fit(TEXTS, np.char.upper(LABELS))
    named.save(tmp_path / "named", name="named")
    assert ruminate.Analyzer(tmp_path / "named").assess(TEXTS[0]).decided_by == "model:named"


@pytest.mark.parametrize(
    ("settings", "texts", "labels", "says"),
    [
        ({}, TEXTS, LABELS[:-1], "inconsistent numbers"),
        ({}, TEXTS[:3], ["neither"] * 3, "at least two classes"),
        ({}, TEXTS[:3], [0.1, 0.2, 0.3], "continuous"),
        ({"C": 0.0}, TEXTS, LABELS, "C must be positive"),
        ({"start": "here"}, TEXTS, LABELS, "start: 'here'"),
    ],
    ids=range(5),
)
def test_wrong_input_is_named(settings: dict[str, Any], texts: Any, labels: Any, says: str) -> None:
    with warnings.catch_warnings(), pytest.raises(ValueError, match=says):
        RuminationClassifier(**settings).fit(texts, labels)
