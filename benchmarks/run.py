"""The table of contestants on labelled texts, with intervals, and the speed of the library against its tokenizer.

    python benchmarks/run.py --quick                       what CI runs: examples of our own, speed, floors
    python benchmarks/run.py --train TRAIN --dev DEV       the table on real texts (paths to your own copies)

Results go to benchmarks/results/. Floors stand in benchmarks/floors.toml.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ruminate import LABELS
from ruminate.analyzer import Analyzer
from ruminate.evaluation.metrics import Estimate, evaluate_predictions
from ruminate.evaluation.records import Record, label_numbers, read_records
from ruminate.signs.catalogue import load_signs

HERE = Path(__file__).parent
AUTHORED = HERE.parent / "data" / "authored" / "texts.jsonl"
Matrix = NDArray[np.float64]
BEGIN, END = "<!-- table:real_dev -->", "<!-- /table:real_dev -->"
"""The README's table stands between these, and is written here."""


def majority(train: list[Record], texts: list[str]) -> Matrix:
    shares = np.bincount(label_numbers(train), minlength=len(LABELS)) / len(train)
    return np.tile(shares, (len(texts), 1))


def fitted(train: list[Record], texts: list[str], featurize: Callable[[list[str]], Matrix]) -> Matrix:
    """Logistic regression on some numbers a text."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000, class_weight="balanced"))
    model.fit(featurize([record.text for record in train]), label_numbers(train))
    return np.asarray(model.predict_proba(featurize(texts)))


def lengths(texts: list[str]) -> Matrix:
    return np.array([[np.log1p(len(text.split())), np.log1p(len(text))] for text in texts])


def vader(texts: list[str]) -> Matrix:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return np.array([list(analyzer.polarity_scores(text).values()) for text in texts])


def plain_phrases(texts: list[str]) -> Matrix:
    """The phrases that the codebook quotes for each sign, as they stand there: two kinds of sign make a label."""
    phrases = tomllib.loads((HERE / "codebook_phrases.toml").read_text())
    rows = []
    for text in texts:
        low = text.lower().replace("’", "'")
        kinds = {side: sum(any(phrase in low for phrase in listed) for listed in signs.values()) for side, signs in phrases.items()}
        scores = np.array([kinds["reflection"], kinds["rumination"], 1.5])
        rows.append(np.exp(scores) / np.exp(scores).sum())
    return np.array(rows)


def tf_idf(train: list[Record], texts: list[str]) -> Matrix:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), LogisticRegression(C=4.0, max_iter=2000, class_weight="balanced"))
    model.fit([record.text for record in train], label_numbers(train))
    return np.asarray(model.predict_proba(texts))


def ours(analyzer: Analyzer, texts: list[str]) -> Matrix:
    return np.array([[found.probabilities[label] for label in LABELS] for found in analyzer.assess_many(texts)])


def table(train: list[Record], dev: list[Record]) -> dict[str, dict[str, Estimate]]:
    texts, truth, groups = [record.text for record in dev], label_numbers(dev), [record.group for record in dev]
    rules, model = Analyzer(model=None), Analyzer()
    contestants: dict[str, Callable[[], tuple[Matrix, tuple[float, float, float]]]] = {
        "majority": lambda: (majority(train, texts), (1.0, 1.0, 1.0)),
        "length only + logistic regression": lambda: (fitted(train, texts, lengths), (1.0, 1.0, 1.0)),
        "phrases quoted in the codebook, no fitting": lambda: (plain_phrases(texts), (1.0, 1.0, 1.0)),
        "VADER's four scores + logistic regression": lambda: (fitted(train, texts, vader), (1.0, 1.0, 1.0)),
        "TF-IDF words 1-2 + logistic regression": lambda: (tf_idf(train, texts), (1.0, 1.0, 1.0)),
        "ruminate, rules only": lambda: (ours(rules, texts), rules.scorer.decision),
        "ruminate, trained model (as shipped)": lambda: (ours(model, texts), model.scorer.decision),
    }
    found = {}
    for name, predict in contestants.items():
        chances, decision = predict()
        found[name] = evaluate_predictions(truth, chances, groups, decision=decision)
        print(f"{name}: macro-F1 {found[name]['macro-F1']}, kappa {found[name]['kappa']}", flush=True)
    return found


SHOWN = ("macro-F1", "kappa", "AUC rumination", "AUC reflection", "precision rumination", "recall rumination", "false alarms")


def markdown(rows: dict[str, dict[str, Estimate]]) -> str:
    names = [name for name in next(iter(rows.values())) if name in SHOWN]
    lines = ["| what decides | " + " | ".join(names) + " |", "| --- |" + " --- |" * len(names)]
    lines += [f"| {name} | " + " | ".join(str(figures[metric]) for metric in names) + " |" for name, figures in rows.items()]
    return "\n".join(lines) + "\n"


def of_160_words(path: Path, count: int = 60) -> list[str]:
    """Texts of about 160 words; for timing only."""
    lines = path.read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    return [text for text in texts if 145 <= len(text.split()) <= 175][:count]


def speed(texts: list[str], analyzer: Analyzer, what: str) -> dict[str, float]:
    """Cost of one warm `assess` and of `assess_many`, as multiples of spaCy's blank tokenizer on the same texts."""
    import spacy

    split = spacy.blank("en").tokenizer

    def seconds(call: Callable[[], object], rounds: int) -> float:
        best = float("inf")
        for _ in range(rounds):
            begin = time.perf_counter()
            call()
            best = min(best, time.perf_counter() - begin)
        return best

    for text in texts:
        analyzer.assess(text), split(text)
    single = [seconds(lambda text=text: analyzer.assess(text), 15) / seconds(lambda text=text: split(text), 15) for text in texts]
    many = seconds(lambda: list(analyzer.assess_many(texts * 4)), 5) / seconds(lambda: [split(text) for text in texts * 4], 5)
    return {
        f"assess / tokenizer, median, {what}": statistics.median(single),
        f"assess / tokenizer, 90th percentile, {what}": sorted(single)[int(0.9 * len(single))],
        f"assess_many / tokenizer, {what}": many,
    }


def cold() -> dict[str, float]:
    """A first answer in a new process against importing spaCy and making its blank pipeline, in turn."""
    ratios = []
    for _ in range(3):
        spent = []
        for code in ("import spacy; spacy.blank('en')", "import ruminate; ruminate.assess('I keep going over it.')"):
            begin = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            spent.append(time.perf_counter() - begin)
        ratios.append(spent[1] / spent[0])
    return {"cold first answer / cold spaCy": statistics.median(ratios)}


def check_floors(figures: dict[str, float]) -> list[str]:
    floors = tomllib.loads((HERE / "floors.toml").read_text())
    return [f"{name}: {figures[name]:.2f} is above the limit of {limit}" for name, limit in floors["at_most"].items() if name in figures and figures[name] > limit] + [
        f"{name}: {figures[name]:.2f} is below the floor of {floor}" for name, floor in floors["at_least"].items() if name in figures and figures[name] < floor
    ]


def own_examples() -> dict[str, float]:
    """How many example sentences of the sign files come out as their side says, by the rules; a check that nothing broke."""
    signs = load_signs().signs
    texts = [(hit.replace("[", "").replace("]", ""), sign.side) for sign in signs.values() for hit in sign.hits]
    found = Analyzer(model=None).assess_many(text for text, _ in texts)
    right = [(side, assessment.leaning == side) for (_, side), assessment in zip(texts, found, strict=True)]
    return {f"own examples that lean to {side}": float(np.mean([ok for given, ok in right if given == side])) for side in ("reflection", "rumination")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--train", type=Path)
    parser.add_argument("--dev", type=Path)
    options = parser.parse_args()
    figures = {**own_examples(), **speed(of_160_words(AUTHORED), Analyzer(), "own texts"), **cold()}
    if options.train:
        figures |= speed(of_160_words(options.train), Analyzer(), "real texts") | speed(of_160_words(options.train), Analyzer(None), "real texts, rules")
    for name, value in figures.items():
        print(f"{name}: {value:.2f}")
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    if not options.quick:
        (results / "speed.json").write_text(json.dumps(figures, indent=2) + "\n")
    if options.train and options.dev:
        rows = table(read_records(options.train), read_records(options.dev))
        (results / "real_dev.md").write_text(markdown(rows))
        (results / "real_dev.json").write_text(json.dumps({name: {metric: list(figure) for metric, figure in row.items()} for name, row in rows.items()}, indent=2) + "\n")
        print(markdown(rows))
        readme = HERE.parent / "README.md"
        before, after = readme.read_text("utf-8").split(BEGIN)[0], readme.read_text("utf-8").split(END)[1]
        readme.write_text(f"{before}{BEGIN}\n{markdown(rows)}{END}{after}", "utf-8")
    problems = check_floors(figures)
    for problem in problems:
        print(f"FLOOR: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
