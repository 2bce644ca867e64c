"""All texts of a run, read once, and the folds by which contestants that learn are judged.

Rules of the folds: a text that is judged, its source (or its writer, for authored texts) and its soft labels' collection are never
learned from; nothing is learned from a collection of `external`, nor from real texts of the same collections when those are judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ruminate.evaluation.external import COLLECTIONS, read_external
from ruminate.evaluation.records import Record, read_records
from ruminate.evaluation.registry import AUTHORED
from ruminate.training import Example, examples_of, judged_examples, read_soft_labels
from ruminate.training.examples import JUDGED
from ruminate.training.holdout import Corpus, Fold, folds_of_groups
from ruminate.training.train import corpus_of

SOFT = AUTHORED.parents[1] / "real" / "soft_labels.jsonl.gz"
WRITER_FOLDS = 4
Ints = NDArray[np.int64]


@dataclass(eq=False)
class Pool:
    """Records by part ("train", "more" (learned from, not judged), "dev", "authored", "behaviour", the collections), all texts as one corpus, and the rows of each part."""

    records: dict[str, list[Record]]
    corpus: Corpus
    rows: dict[str, Ints]
    features: dict[str, Any]

    @property
    def texts(self) -> list[str]:
        return [example.text for example in self.corpus.examples]

    @property
    def external(self) -> list[str]:
        return [name for name in COLLECTIONS if name in self.records]

    def learned(self, kinds: Sequence[str]) -> Ints:
        return np.concatenate([self.rows[kind] for kind in kinds if kind in self.rows])

    def folds(self, kinds: Sequence[str]) -> dict[str, Fold]:
        """What is fitted for a contestant that learns from these kinds of text: a fold a source, one for dev and behaviour, writers, collections."""
        rows, origins = self.learned(kinds), np.array(self.corpus.origins)
        folds: dict[str, Fold] = {}
        if "train" in kinds or "judged" in kinds:
            for source in sorted({record.source for record in self.records["train"]}):
                test = self.rows["train"][origins[self.rows["train"]] == source]
                folds[f"source {source}"] = Fold(rows[origins[rows] != source], test, source)
        else:
            folds["source all"] = Fold(rows, self.rows["train"])
        folds["whole"] = Fold(rows, np.concatenate((self.rows["dev"], self.rows["behaviour"])))
        if "authored" in kinds:
            number = folds_of_groups([record.writer or record.id for record in self.records["authored"]], WRITER_FOLDS, seed=1)
            for fold in range(WRITER_FOLDS):
                test = self.rows["authored"][number == fold]
                folds[f"writers {fold}"] = Fold(np.setdiff1d(rows, test), test)
        else:
            folds["writers all"] = Fold(rows, self.rows["authored"])
        if self.external:
            seen = {record.source for name in self.external for record in self.records[name]}
            test = np.concatenate([self.rows[name] for name in self.external])
            folds["external"] = Fold(rows[~np.isin(origins[rows], sorted(seen))], test)
        return folds


def behaviour_cases() -> list[Any]:
    """The cases of the behaviour suite; none, with a line that says so, where this version has no such suite."""
    try:
        from ruminate.evaluation.behaviour import read_cases
    except ModuleNotFoundError:
        print("behaviour suite: not part of this version, skipped", flush=True)
        return []
    return list(read_cases(None))


def read_pool(train: Path, dev: Path, judged: Path | None, external: Path | None) -> Pool:
    """Read everything once; `external` is a folder with copies of the collections, and those that it lacks are left out."""
    given = read_records(train)
    records = {"train": [record for record in given if not record.learn_only], "more": [record for record in given if record.learn_only]}
    records |= {"dev": read_records(dev), "authored": read_records(AUTHORED)}
    texts = dict.fromkeys(text for case in behaviour_cases() for text in (case.text, case.changed) if text is not None)
    records["behaviour"] = [Record(id=f"behaviour-{at}", text=text, label="", source="behaviour", group=str(at)) for at, text in enumerate(texts)]
    if external is not None:
        records |= {name: read_external(name, external) for name in COLLECTIONS}
    examples: list[Example] = []
    rows: dict[str, Ints] = {}
    for part, listed in records.items():
        labelled = part in ("train", "more", "dev", "authored")
        new = examples_of(listed) if labelled else [Example(record.text, (1 / 3,) * 3, f"outside:{record.source}", record.id) for record in listed]
        rows[part] = np.arange(len(examples), len(examples) + len(new))
        examples += new
    soft = [] if judged is None else judged_examples(judged, read_soft_labels(SOFT), [record.text for record in given])
    rows["judged"] = np.arange(len(examples), len(examples) + len(soft))
    if not all(example.source.startswith(JUDGED) for example in soft):
        raise ValueError("texts with soft labels must say so in their source")
    return Pool(records, corpus_of([*examples, *soft]), rows, {})
