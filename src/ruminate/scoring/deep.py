"""The deep tier: the linear scorer and an encoder, whose scores are added. The same door, the same explanations.

    score of a label = intercept + what features, words and pairs add (exactly as in the linear tier, times a share)
                                 + what the encoder adds, sentence by sentence

Contributions named `encoder:<n>` say what sentence n added. They are the numbers that were added; but what the encoder makes of
a sentence depends on the sentences around it, so they do not say what the score would be without it: for that there is
`Analyzer.sentence_effects`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np

from ruminate.errors import ModelError
from ruminate.results import Contribution, Contributions
from ruminate.scoring.encoder import Encoded, Encoder, TextParts
from ruminate.scoring.features import FeatureTable
from ruminate.scoring.model_file import find_model, load_model, read_about, read_bytes, three
from ruminate.scoring.scorer import LinearScorer, Matrix, Scored
from ruminate.scoring.terms import TextTerms
from ruminate.text.document import Batch

__all__ = ["ENCODER", "DeepScorer", "is_deep", "load_deep", "save_deep"]

ENCODER: Final = "encoder:"
"""What the names of contributions begin with that stand for what the encoder adds for a sentence."""
_FILES: Final = ("encoder.onnx", "tokenizer.json")


@dataclass(frozen=True, slots=True, eq=False)
class DeepScorer(LinearScorer):
    """A linear scorer with an encoder's scores added.

    Attributes
    ----------
    encoder
        Gives the encoder's scores.
    encoder_weight
        What they are multiplied with.
    """

    encoder: Encoder | None = None
    encoder_weight: float = 1.0

    def score(self, rows: Matrix, batch: Batch) -> Scored:
        """Scores of all texts of a batch and of all their sentences."""
        plain = LinearScorer.score(self, rows, batch)
        if self.encoder is None:
            return plain
        read = self.encoder.read(batch)
        encoded = Encoded(read.added * self.encoder_weight, read.alone * self.encoder_weight, read.pieces)
        plain.scores[: len(batch.texts)] += encoded.of_texts(batch)
        plain.scores[len(batch.texts) :] += encoded.alone
        return Scored(plain.scores, plain.terms, encoded, batch)

    def explain(self, scored: Scored, at: int, row: Matrix) -> Contributions:
        """What features, words and the encoder added to the scores of one text; worked out when first looked at."""
        terms = None if scored.terms is None else scored.terms.of_text(at)
        if scored.encoded is None or scored.batch is None:
            return self.contributions(row, terms)
        return Contributions(partial(self._rows_and_sentences, row.copy(), terms, scored.encoded.of_text(scored.batch, at)), self.intercept)

    def _rows_and_sentences(self, values: Matrix, terms: TextTerms | None, parts: TextParts) -> list[Contribution]:
        columns = zip(parts.pieces.tolist(), parts.added.tolist(), parts.places.tolist(), strict=True)
        return [
            *self._rows(values, terms),
            *(
                Contribution(f"{ENCODER}{number}", float(pieces), first, second, third, ((begin, end),))
                for number, (pieces, (first, second, third), (begin, end)) in enumerate(columns)
            ),
        ]


def is_deep(folder: str | PathLike[str]) -> bool:
    """Whether a model folder holds an encoder."""
    return (Path(folder) / _FILES[0]).is_file()


def save_deep(folder: str | PathLike[str], encoder: bytes, tokenizer: bytes, about: dict[str, Any]) -> None:
    """Write a deep model: the encoder, its tokenizer, and what joins them to a linear model that ships.

    Parameters
    ----------
    folder
        Made if it isn't there.
    encoder, tokenizer
        Contents of the two files.
    about
        `name`, `linear` (name of the linear model), `linear_weight`, `encoder_weight`, `shift`, `decision`, `base_rates`, and how it was made.
    """
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    contents = dict(zip(_FILES, (encoder, tokenizer), strict=True))
    for name, content in contents.items():
        (path / name).write_bytes(content)
    linear = read_about(find_model(about["linear"]))
    sums = {name: sha256(content).hexdigest() for name, content in contents.items()}
    written = {"format": linear["format"], "labels": linear["labels"], **about, "linear_sha256": linear["sha256"], "sha256": sums}
    (path / "model.json").write_text(json.dumps(written, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")


def load_deep(folder: str | PathLike[str], table: FeatureTable, *, threads: int = 1) -> DeepScorer:
    """Read a deep model and the linear model that it is added to.

    Raises
    ------
    ModelError
        If a package is missing, or a file is missing, damaged, altered, or made for another linear model.
    """
    path = Path(folder)
    about = read_about(path)
    contents = {name: read_bytes(path / name) for name in _FILES}
    for name, content in contents.items():
        if sha256(content).hexdigest() != about.get("sha256", {}).get(name):
            raise ModelError(f"{path / name}: the contents are not those that model.json names (sha256 differs); restore the file or train anew")
    try:
        linear_folder = find_model(about["linear"])
        if read_about(linear_folder)["sha256"] != about["linear_sha256"]:
            raise ModelError(f"model {about['name']!r} was fitted beside another {about['linear']!r}; join it anew with `ruminate train --deep`")
        return _joined(load_model(linear_folder, table), about, Encoder(contents["encoder.onnx"], contents["tokenizer.json"], threads=threads))
    except (KeyError, ValueError, TypeError) as error:
        raise ModelError(f"{path / 'model.json'} is damaged ({type(error).__name__}); restore the file or train anew") from error


def _joined(linear: LinearScorer, about: dict[str, Any], encoder: Encoder) -> DeepScorer:
    """The linear scorer's numbers, calibrated, times its share, with the encoder beside it."""
    share = float(about["linear_weight"]) / linear.temperature
    first, second, third = (np.asarray(linear.intercept) * share + np.asarray(three(about["shift"]))).tolist()
    return DeepScorer(
        name=f"model:{about['name']}", features=linear.features, weights=linear.weights * share, intercept=(first, second, third),
        low=linear.low, high=linear.high, center=linear.center, temperature=1.0, decision=three(about["decision"]), vocabulary=linear.vocabulary,
        term_weights=None if linear.term_weights is None else linear.term_weights * share, base_rates=three(about["base_rates"]),
        encoder=encoder, encoder_weight=float(about["encoder_weight"]),
    )  # fmt: skip


