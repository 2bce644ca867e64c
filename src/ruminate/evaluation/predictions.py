"""Predictions of any system, from a file: so that another tool, or a language model's answers, can be scored in the same way.

JSON lines or CSV/TSV with a column `id` and either the three columns `reflection`, `rumination`, `neither` (shares) or one
column `label`. LIWC exports and the like become predictions through `fit_columns`, a logistic regression on their columns.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import InputError
from ruminate.results import LABELS

__all__ = ["align", "fit_columns", "read_columns", "read_predictions"]

Matrix = NDArray[np.float64]
Shares = tuple[float, float, float]
Columns = Mapping[str, Mapping[str, str]]


def read_columns(path: str | Path) -> dict[str, dict[str, str]]:
    """Rows of a file by their `id`, values as text.

    Raises
    ------
    InputError
        If the file can't be read, has no `id`, or an id stands twice.
    """
    file = Path(path)
    try:
        if file.suffix in (".jsonl", ".ndjson"):
            raw: list[Mapping[str, Any]] = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
        else:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                raw = list(csv.DictReader(lines, delimiter="\t" if file.suffix == ".tsv" else ","))
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(f"{file} can't be read as JSON lines, CSV or TSV: {type(error).__name__}") from error
    rows: dict[str, dict[str, str]] = {}
    for number, row in enumerate(raw, start=1):
        if not isinstance(row, Mapping) or "id" not in row:
            raise InputError(f"{file.name}, row {number}: there is no id; predictions need the ids of the texts that they are for")
        name = str(row["id"])
        if name in rows:
            raise InputError(f"{file.name}, row {number}: an id stands twice; each text has one prediction")
        rows[name] = {str(key): str(value) for key, value in row.items() if value is not None}
    return rows


def read_predictions(path: str | Path) -> dict[str, Shares]:
    """Shares of the labels by id; a bare label counts as certain.

    Raises
    ------
    InputError
        If a row has neither three shares nor a label, or its shares are no probabilities.
    """
    found = {}
    for name, row in read_columns(path).items():
        if all(label in row for label in LABELS):
            try:
                shares = [float(row[label]) for label in LABELS]
            except ValueError:
                shares = [-1.0]
            if min(shares) < 0 or not 0.98 <= sum(shares) <= 1.02:
                raise InputError(f"{Path(path).name}: a row's shares of {', '.join(LABELS)} are no probabilities (0 to 1, sum 1)")
            first, second, third = (share / sum(shares) for share in shares)
        elif row.get("label") in LABELS:
            first, second, third = (float(row["label"] == label) for label in LABELS)
        else:
            raise InputError(f"{Path(path).name}: a row has neither shares of {', '.join(LABELS)} nor a label that is one of them")
        found[name] = (first, second, third)
    return found


def align(ids: Sequence[str], predictions: Mapping[str, Shares]) -> Matrix:
    """Predictions in the order of the texts.

    Raises
    ------
    InputError
        If some text has none: scoring only the easy ones would flatter.
    """
    missing = [name for name in ids if name not in predictions]
    if missing:
        raise InputError(f"{len(missing)} of {len(ids)} texts have no prediction (the first is {missing[0]!r}); every text needs one")
    return np.array([predictions[name] for name in ids], dtype=np.float64)


def fit_columns(train: Columns, labels: Mapping[str, str], test: Columns) -> dict[str, Shares]:
    """Predictions from columns of numbers (an export of LIWC, say) by logistic regression on the columns that both files have.

    Raises
    ------
    InputError
        If no column is numeric in both, or training rows have no labels.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    everything = (*train.values(), *test.values())
    names = [key for key in next(iter(train.values()), {}) if key not in ("id", "label", *LABELS) and all(_is_number(row.get(key)) for row in everything)]
    known = [name for name in train if name in labels]
    if not names or not known:
        raise InputError("there is no column of numbers in both files, or no training row has a label")
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000, class_weight="balanced"))
    model.fit([[float(train[name][key]) for key in names] for name in known], [LABELS.index(labels[name]) for name in known])
    chances = np.zeros((len(test), len(LABELS)))
    chances[:, model.classes_] = model.predict_proba([[float(row[key]) for key in names] for row in test.values()])
    return {name: (float(row[0]), float(row[1]), float(row[2])) for name, row in zip(test, chances, strict=True)}


def _is_number(value: str | None) -> bool:
    try:
        return value is not None and np.isfinite(float(value))
    except ValueError:
        return False
