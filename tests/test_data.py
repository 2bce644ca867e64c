"""The data that ship: schema, no doubles, no shortcut by length or style, counts as the datasheet says, no text of others."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ruminate.evaluation.collections import cut_record, join_labels, read_copies
from ruminate.results import LABELS
from ruminate.signs.catalogue import load_signs
from ruminate.training.holdout import folds_of_groups

DATA = Path(__file__).parents[1] / "data"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


TEXTS = rows("authored/texts.jsonl")


def test_authored_texts_have_the_schema() -> None:
    signs = set(load_signs().signs)
    assert len({row["id"] for row in TEXTS}) == len(TEXTS)
    for row in TEXTS:
        assert row["label"] in LABELS, row["id"]
        assert set(row["signs"]) <= signs, row["id"]
        assert row["text"] == row["text"].strip() != "", row["id"]
        assert row["shift"] in (None, "to_reflection", "to_rumination"), row["id"]
        assert row["turn"] is None or row["turn"] in row["text"], row["id"]
        assert all(sign in signs and quote in row["text"] for sign, quote in row["spans"] or ()), row["id"]
    assert len(TEXTS) >= 2000
    assert sum(bool(row["spans"]) for row in TEXTS) >= 800
    kinds = Counter(row["hard"] for row in TEXTS if row["hard"])
    assert len(kinds) >= 18
    assert min(kinds.values()) >= 60, kinds


def test_contrast_sets_contrast() -> None:
    labels, words = defaultdict(list), defaultdict(list)
    for row in TEXTS:
        if row["set"]:
            labels[row["set"]].append(row["label"])
            words[row["set"]].append(len(row["text"].split()))
    assert sum(set(found) == set(LABELS) for found in labels.values()) >= 300
    assert all(len(found) == len(set(found)) for found in labels.values())


def test_no_text_is_nearly_another() -> None:
    """No two texts have a quarter of all their runs of five words in common."""
    seen: dict[tuple[str, ...], list[int]] = defaultdict(list)
    sizes = []
    for at, row in enumerate(TEXTS):
        words = re.findall(r"[a-z']+", row["text"].lower())
        runs = {tuple(words[begin : begin + 5]) for begin in range(len(words) - 4)}
        sizes.append(len(runs))
        for run in runs:
            seen[run].append(at)
    shared: Counter[tuple[int, int]] = Counter()
    for holders in seen.values():
        shared.update((first, second) for place, first in enumerate(holders) for second in holders[place + 1 :])
    close = [(TEXTS[a]["id"], TEXTS[b]["id"]) for (a, b), many in shared.items() if many / (sizes[a] + sizes[b] - many) > 1 / 4]
    assert not [pair for pair in close if TEXTS_SET[pair[0]] != TEXTS_SET[pair[1]] or TEXTS_SET[pair[0]] is None], close


TEXTS_SET = {row["id"]: row["set"] for row in TEXTS}


def surface(text: str) -> list[float]:
    words = text.split()
    return [
        np.log(len(words)), np.mean([len(word) for word in words]), text.count(",") / len(words), text.count(".") / len(words), text.count("\n") / len(words),
        sum(char.isupper() for char in text) / len(text), sum(char.isdigit() for char in text) / len(text), float(text[:1].isupper()), text.count("'") / len(words),
    ]  # fmt: skip


@pytest.mark.parametrize(("what", "columns", "most"), [("length", slice(0, 1), 0.45), ("style", slice(1, None), 0.52)])
def test_no_shortcut(what: str, columns: slice, most: float) -> None:
    """Length alone, or surface style alone, tells the label hardly better than chance (.33), on writers not learned from."""
    given = np.array([surface(row["text"]) for row in TEXTS])[:, columns]
    truth = np.array([LABELS.index(row["label"]) for row in TEXTS])
    writers = [row["writer"] for row in TEXTS]
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500, class_weight="balanced"))
    guessed = cross_val_predict(model, given, truth, groups=writers, cv=GroupKFold(4))
    assert f1_score(truth, guessed, average="macro") < most, what


def test_splits_keep_writers_and_sets_whole() -> None:
    fold = folds_of_groups([row["writer"] for row in TEXTS], 4)
    for key in ("writer", "set"):
        where = defaultdict(set)
        for row, number in zip(TEXTS, fold.tolist(), strict=True):
            if row[key]:
                where[row[key]].add(number)
        assert all(len(folds) == 1 for folds in where.values()), key


def test_the_datasheet_counts_right() -> None:
    import runpy

    module = runpy.run_path(str(DATA.parent / "benchmarks" / "datasheet.py"))
    sheet = (DATA / "README.md").read_text("utf-8")
    assert module["counts"]() in sheet


def test_real_labels_hold_no_text() -> None:
    allowed = {"sha256", "source", "repository", "key", "part", "label", "confidence", "signs", "shift", "votes"}
    real = rows("real/labels.jsonl")
    assert len({row["sha256"] for row in real}) == len(real)
    for row in real:
        assert set(row) <= allowed
        assert re.fullmatch(r"[0-9a-f]{64}", row["sha256"])
        assert row["label"] in LABELS


def test_labels_join_a_copy(tmp_path: Path) -> None:
    """Whole records find the label of the piece that was cut from them; what is missing is told by source."""
    from hashlib import sha256

    long = " ".join(f"This is sentence number {number} of a long record." for number in range(40))
    entries = [
        {"sha256": sha256(cut_record(long, 150).encode()).hexdigest(), "source": "one", "label": "neither"},
        {"sha256": sha256(b"I keep going over it.").hexdigest(), "source": "one", "label": "rumination"},
        {"sha256": sha256(b"not here").hexdigest(), "source": "two", "label": "reflection"},
    ]
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, entries)))
    (tmp_path / "copy.csv").write_text(f'id,words\n1,"{long}"\n2,I keep going over it.\n')
    joined = join_labels(tmp_path / "labels.jsonl", read_copies([tmp_path / "copy.csv"]))
    assert [row["label"] for row in joined.rows] == ["neither", "rumination"]
    assert joined.missing == {"two": 1}
