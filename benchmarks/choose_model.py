"""Why the shipped model is what it is: alternatives on the same texts, each real source held out in turn.

    python benchmarks/choose_model.py TRAIN [--judged UNLABELED --soft-labels FILE] [--jobs 2]

All learn from TRAIN and the authored texts. Nothing here sees the development set. Results go to benchmarks/results/choice.{json,md}.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy import sparse
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import make_pipeline

from ruminate.evaluation.metrics import evaluate_predictions
from ruminate.evaluation.records import read_records
from ruminate.evaluation.registry import AUTHORED
from ruminate.scoring.scorer import probabilities
from ruminate.training import Settings, examples_of, judged_examples, read_soft_labels
from ruminate.training.calibrate import calibrate, choose_decision
from ruminate.training.design import TermChoice
from ruminate.training.examples import text_weights
from ruminate.training.fit import fit_space, make_space
from ruminate.training.holdout import Corpus, Fold, by_source, held_out_scores
from ruminate.training.train import corpus_of
from tables import markdown

RESULTS = Path(__file__).parent / "results"
Matrix = NDArray[np.float64]
Fit = Callable[[Any, NDArray[np.int64], Matrix, Any], Matrix]


def classifier(make: Callable[[], Any], *, dense: bool = False) -> Fit:
    def fit(train: Any, labels: NDArray[np.int64], weights: Matrix, test: Any) -> Matrix:
        model = make()
        last = model.steps[-1][0] if hasattr(model, "steps") else None
        model.fit(train.toarray() if dense else train, labels, **{f"{last}__sample_weight" if last else "sample_weight": weights})
        return np.log(np.clip(model.predict_proba(test.toarray() if dense else test), 1e-4, 1.0))

    return fit


ALTERNATIVES: dict[str, tuple[tuple[str, ...], Fit]] = {
    "complement naive Bayes, words": (("terms",), classifier(lambda: ComplementNB(alpha=0.3))),
    "linear SVM (modified Huber), table and words": (("table", "terms"), classifier(lambda: SGDClassifier("modified_huber", alpha=3e-5, random_state=0))),
    "gradient-boosted trees, table": (("table",), classifier(lambda: HistGradientBoostingClassifier(max_iter=120, learning_rate=0.06, max_leaf_nodes=12, l2_regularization=5.0, random_state=0), dense=True)),
    "kernel machine (RBF by Nystroem), table": (("table",), classifier(lambda: make_pipeline(Nystroem(gamma=0.4, n_components=400, random_state=0), LogisticRegression(C=3.0, max_iter=500)))),
}


def held_out(corpus: Corpus, blocks: tuple[str, ...], fit: Fit, jobs: int) -> Matrix:
    """Scores of all labelled texts from models that have not seen their source; labels are taken as certain."""
    settings = Settings(blocks=blocks)

    def one(fold: Fold) -> Matrix:
        space = make_space(corpus.counted, fold.train, corpus.origins, settings)
        labels = corpus.targets()[fold.train].argmax(axis=1)
        weights = text_weights([corpus.examples[at] for at in fold.train.tolist()], authored=settings.authored, judged=settings.judged) * np.asarray(settings.favour)[labels]
        train, test = space.matrix(corpus.counted, fold.train), space.matrix(corpus.counted, fold.test)
        return fit(abs(train) if blocks == ("terms",) else train, labels, weights, test)

    folds = by_source(corpus)
    scores = np.full((len(corpus.examples), 3), np.nan)
    for fold, found in zip(folds, Parallel(n_jobs=jobs)(delayed(one)(fold) for fold in folds), strict=True):
        scores[fold.test] = found
    return scores


def with_more_terms(corpus: Corpus, jobs: int, **counting: Any) -> Matrix:
    """Scores from the shipped kind of fit with further terms beside table and words: what scikit-learn counts, chosen and weighted as words are."""
    counts = CountVectorizer(lowercase=True, min_df=20, dtype=np.float32, **counting).fit_transform([example.text for example in corpus.examples]).tocsr()
    origins, settings = np.array(corpus.origins), Settings(tolerance=1e-4)

    def weighted(train: NDArray[np.int64], rows: NDArray[np.int64]) -> Any:
        seen = counts[train] > 0
        texts = np.asarray(seen.sum(axis=0)).ravel()
        sources = sum((np.asarray(seen[origins[train] == name].sum(axis=0)).ravel() > 0).astype(int) for name in np.unique(origins[train]))
        kept = np.flatnonzero((texts >= settings.terms.texts) & (sources >= settings.terms.sources))
        found = TfidfTransformer(sublinear_tf=True).fit(counts[train][:, kept]).transform(counts[rows][:, kept])
        return found * 0.5

    def one(fold: Fold) -> Matrix:
        space = make_space(corpus.counted, fold.train, corpus.origins, settings)
        weights = text_weights([corpus.examples[at] for at in fold.train.tolist()], authored=settings.authored, judged=settings.judged)
        train, test = (sparse.hstack([space.matrix(corpus.counted, rows), weighted(fold.train, rows)]).tocsr() for rows in (fold.train, fold.test))
        fitted, intercept = fit_space(train, corpus.targets(fold.held_out)[fold.train], weights, settings)
        return np.asarray(test @ fitted) + intercept

    folds = by_source(corpus)
    scores = np.full((len(corpus.examples), 3), np.nan)
    for fold, found in zip(folds, Parallel(n_jobs=jobs)(delayed(one)(fold) for fold in folds), strict=True):
        scores[fold.test] = found
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path)
    parser.add_argument("--judged", type=Path)
    parser.add_argument("--soft-labels", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    corpus = corpus_of([*examples_of(read_records(options.train)), *examples_of(read_records(AUTHORED))])
    found: dict[str, tuple[Corpus, Matrix]] = {}
    for name, (blocks, fit) in ALTERNATIVES.items():
        found[name] = (corpus, held_out(corpus, blocks, fit, options.jobs))
    plain = Settings()
    for name, settings in {
        "logistic regression, words": replace(plain, blocks=("terms",)),
        "logistic regression, table (signs and measures)": replace(plain, blocks=("table",), scale=0.3),
        "logistic regression, table and words": plain,
        "the same, single words only": replace(plain, terms=TermChoice(single=True)),
    }.items():
        found[name] = (corpus, held_out_scores(corpus, by_source(corpus), settings, n_jobs=options.jobs))
    found["the same, and triples of words"] = (corpus, with_more_terms(corpus, options.jobs, ngram_range=(3, 3), token_pattern=r"\w+(?:'\w+)?"))  # noqa: S106 - no password
    found["the same, and two to four characters"] = (corpus, with_more_terms(corpus, options.jobs, analyzer="char_wb", ngram_range=(2, 4)))
    stacked = np.mean([probabilities(found[name][1]) for name in ("logistic regression, table and words", "gradient-boosted trees, table")], axis=0)
    found["average of that and the trees (for the record: not one sum of contributions)"] = (corpus, np.log(stacked))
    if options.judged:
        more = corpus_of([*corpus.examples, *judged_examples(options.judged, read_soft_labels(options.soft_labels), [example.text for example in corpus.examples])])
        found["logistic regression, table and words, with soft labels"] = (more, held_out_scores(more, by_source(more), plain, n_jobs=options.jobs))
    report = {}
    for name, (examples, scores) in found.items():
        tested = np.flatnonzero(~np.isnan(scores[:, 0]))
        targets, weights = examples.targets()[tested], text_weights([examples.examples[at] for at in tested.tolist()], authored=1.0, judged=1.0)
        calibration = calibrate(scores[tested], targets, weights)
        chances = probabilities(scores[tested] + np.array(calibration.shift), calibration.temperature)
        truth = targets.argmax(axis=1)
        groups = [examples.sources[at] for at in tested.tolist()]
        report[name] = evaluate_predictions(truth, chances, groups, decision=choose_decision(chances, truth), draws=200)
        print(f"{name}: macro-F1 {report[name]['macro-F1']}, AUC {report[name]['AUC rumination']} / {report[name]['AUC reflection']}", flush=True)
    (RESULTS / "choice.md").write_text(markdown(report))
    (RESULTS / "choice.json").write_text(json.dumps({name: {metric: list(figure) for metric, figure in row.items()} for name, row in report.items()}, indent=2) + "\n")


if __name__ == "__main__":
    main()
