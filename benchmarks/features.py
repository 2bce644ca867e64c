"""Numbers a text for contestants that learn from few of them: length, and peers' measures. A peer that isn't installed is left out, aloud."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pool import Pool
from ruminate.errors import InputError
from ruminate.evaluation.predictions import read_columns

Matrix = NDArray[np.float64]


def lengths(texts: Sequence[str]) -> Matrix:
    return np.array([[np.log1p(len(text.split())), np.log1p(len(text))] for text in texts])


def vader(texts: Sequence[str]) -> Matrix:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return np.array([list(analyzer.polarity_scores(text).values()) for text in texts])


def empath(texts: Sequence[str]) -> Matrix:
    """Empath's built-in categories as shares of the words, as its `analyze` counts them; its index is built once and not for every text."""
    from empath import Empath, helpers

    categories = Empath().cats
    index: dict[str, list[int]] = {}
    for number, terms in enumerate(categories.values()):
        for term in terms:
            index.setdefault(term, []).append(number)
    found = np.zeros((len(texts), len(categories)))
    for at, text in enumerate(texts):
        tokens = helpers.default_tokenizer(text)
        for token in tokens:
            for number in index.get(token, ()):
                found[at, number] += 1.0 / len(tokens)
    return found


PEERS: Mapping[str, Callable[[Sequence[str]], Matrix]] = {"length only": lengths, "VADER's four scores": vader, "Empath's categories": empath}


def add_features(pool: Pool, columns: Mapping[str, Path]) -> None:
    """Fill `pool.features` for all texts but those with soft labels (texts x numbers, nan for the others)."""
    texts = pool.texts[: len(pool.corpus.examples) - len(pool.rows["judged"])]
    for name, measure in PEERS.items():
        try:
            found = measure(texts)
        except ImportError as error:
            print(f"{name}: {error.name} is not installed (pip install --group bench), skipped", flush=True)
            continue
        pool.features[name] = found
        print(f"{name}: {found.shape[1]} numbers a text", flush=True)
    ids = [record.id for listed in pool.records.values() for record in listed]
    for name, path in columns.items():
        pool.features[name] = from_export(ids, path)


def from_export(ids: Sequence[str], path: Path) -> Matrix:
    """Columns of numbers by id, as LIWC and TextDescriptives export them; rows that are missing are nan, and no fold may need them."""
    rows = read_columns(path)
    names = [key for key in next(iter(rows.values()), {}) if key not in ("id", "label", "source", "text") and all(_is_number(row.get(key)) for row in rows.values())]
    if not names:
        raise InputError(f"{path.name}: there is no column of numbers in all rows")
    return np.array([[float(rows[one][name]) for name in names] if one in rows else [np.nan] * len(names) for one in ids])


def _is_number(value: str | None) -> bool:
    try:
        return value is not None and bool(np.isfinite(float(value)))
    except ValueError:
        return False
