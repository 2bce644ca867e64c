"""The encoder of the deep tier: a small transformer (MiniLM), run by ONNX Runtime on the CPU; no torch, no network.

For every word piece of a text it gives seven numbers: what the piece would add to the score of each label if pieces were
averaged (3), what it would add if they were weighted by attention (3), and that attention (1). The score of any stretch of text
is the mean of the first plus the attention-weighted mean of the second, so that

- the scores of the text are a sum over its pieces, and so over its sentences: what a sentence is said to add was added;
- a sentence is scored from its own pieces, without running the encoder again.

Each text is run by itself: with 8-bit activations, texts that share a run change each other's numbers in the last digits.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import ModelError
from ruminate.scoring.onnx_check import check_onnx
from ruminate.text.document import Batch

__all__ = ["Encoded", "Encoder", "TextParts", "encoder_installed"]

Matrix = NDArray[np.float64]
Ints = NDArray[np.int64]
_MOST_PIECES: Final = 318
"""Longest stretch that is read in one go, as in training; longer texts are read in several, cut between sentences."""
_OUTPUTS: Final = 7
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def encoder_installed() -> bool:
    """Whether the packages of the extra `deep` are there."""
    return all(find_spec(name) is not None for name in ("onnxruntime", "tokenizers"))


class TextParts(NamedTuple):
    """What the sentences of one text added: scores (sentences x labels), their offsets (x 2), and how many pieces each has."""

    added: Matrix
    places: Ints
    pieces: Ints


class Encoded(NamedTuple):
    """Scores that the encoder gives: what every sentence adds to its text's, and what it scores by its own pieces alone.

    `added` and `alone` are sentences x labels, in the order of the batch; `pieces` counts each sentence's word pieces.
    """

    added: Matrix
    alone: Matrix
    pieces: Ints

    def of_texts(self, batch: Batch) -> Matrix:
        """Texts x labels."""
        sums = np.zeros((len(batch.texts) + 1, self.added.shape[1]))
        owner = np.repeat(np.arange(len(batch.texts)), np.diff(batch.first_sentence))
        np.add.at(sums, owner, self.added)
        return sums[:-1]

    def of_text(self, batch: Batch, at: int) -> TextParts:
        """The part of one text."""
        here = slice(int(batch.first_sentence[at]), int(batch.first_sentence[at + 1]))
        places = np.column_stack([batch.sentence_start[here], batch.sentence_stop[here]])
        return TextParts(self.added[here].copy(), places, self.pieces[here].copy())


class Encoder:
    """A session of the runtime and a tokenizer; immutable, may be shared between threads.

    Raises
    ------
    ModelError
        If the packages are missing, or a file can't be used.
    """

    def __init__(self, model: bytes, tokenizer: bytes, *, threads: int = 1) -> None:
        if not encoder_installed():
            raise ModelError("the deep model needs onnxruntime and tokenizers; install them with: pip install 'ruminate-nlp[deep]'")
        check_onnx(model, "encoder.onnx")
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 4
        options.enable_cpu_mem_arena = False  # lengths differ from text to text: an arena would grow with each
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session: Any = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            self._tokenizer: Any = Tokenizer.from_str(tokenizer.decode())
        except Exception as error:
            raise ModelError(f"the encoder's files can't be used ({type(error).__name__}); restore them") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        found = ([(one.name, one.type) for one in self._session.get_inputs()], [one.name for one in self._session.get_outputs()])
        if found != ([("pieces", "tensor(int64)")], ["numbers"]):
            raise ModelError("encoder.onnx has other inputs and outputs than an encoder of this library")
        begin, end = (self._tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]"))
        self._begin, self._end = int(begin or 0), int(end or 0)
        if None in (begin, end) or self._run([self._begin, self._end]).shape != (2, _OUTPUTS):
            raise ModelError("the encoder and its tokenizer don't fit together; restore both files")

    def read(self, batch: Batch) -> Encoded:
        """Scores of all sentences of a batch, and what each adds to its text's."""
        parts = [self._read_text(text, *self._bounds(batch, at)) for at, text in enumerate(batch.texts)]
        return Encoded(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    @staticmethod
    def _bounds(batch: Batch, at: int) -> tuple[Ints, int]:
        first, last = int(batch.first_sentence[at]), int(batch.first_sentence[at + 1])
        return batch.sentence_start[first:last], last - first

    def _read_text(self, text: str, starts: Ints, sentences: int) -> tuple[Matrix, Matrix, Ints]:
        if not sentences:
            return np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0, dtype=np.int64)
        encoding = self._tokenizer.encode(_SURROGATE.sub("\ufffd", text), add_special_tokens=False)
        begins = np.array([begin for begin, _ in encoding.offsets], dtype=np.int64)
        owner = np.maximum(np.searchsorted(starts, begins, side="right") - 1, 0)
        rows, owners = [], []
        for part in _stretches(owner):
            rows.append(self._run([self._begin, *encoding.ids[part], self._end]))
            inside = owner[part] if part.stop > part.start else np.zeros(1, dtype=np.int64)
            owners.append(np.concatenate([inside[:1], owner[part], inside[-1:]]))  # the marks at both ends go with their neighbours
        return _pooled(np.concatenate(rows), np.concatenate(owners), sentences)

    def _run(self, pieces: list[int]) -> Matrix:
        (found,) = self._session.run(["numbers"], {"pieces": np.array([pieces], dtype=np.int64)})
        numbers: Matrix = np.asarray(found[0], dtype=np.float64)
        return numbers


def _stretches(owner: Ints) -> list[slice]:
    """Stretches of at most so many pieces, cut between sentences where that is possible."""
    found, begin = [], 0
    while len(owner) - begin > _MOST_PIECES:
        end = begin + _MOST_PIECES
        start_of_sentence = int(np.searchsorted(owner, owner[end], side="left"))
        end = start_of_sentence if start_of_sentence > begin else end
        found.append(slice(begin, end))
        begin = end
    return [*found, slice(begin, len(owner))]


def _pooled(numbers: Matrix, owner: Ints, sentences: int) -> tuple[Matrix, Matrix, Ints]:
    """What each sentence adds to the text's scores, what it scores alone, and its pieces."""
    mean, attended, attention = numbers[:, :3], numbers[:, 3:6], numbers[:, 6]
    weight = np.exp(attention - attention.max())
    many = np.bincount(owner, minlength=sentences)
    sums = np.zeros((sentences, 3))
    seen = np.zeros((sentences, 3))
    np.add.at(sums, owner, mean)
    np.add.at(seen, owner, attended * weight[:, None])
    weights = np.bincount(owner, weights=weight, minlength=sentences)
    added = sums / len(numbers) + seen / weight.sum()
    alone = sums / np.maximum(many, 1)[:, None] + seen / np.where(weights > 0, weights, 1.0)[:, None]
    return added, alone, many
