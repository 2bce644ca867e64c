"""What the encoder learns: shares of the labels, with the signs and the course of a text as tasks beside it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import InputError
from ruminate.evaluation.records import Record
from ruminate.results import LABELS
from ruminate.training.deep.network import SHIFTS, Network, build_network, read_pieces
from ruminate.training.examples import AUTHORED, target_of

__all__ = ["DeepSettings", "average", "judge", "learn"]

Matrix = NDArray[np.float64]
Say = Callable[[str], None]
_HIDDEN_WORD, _FIRST_WORD = 103, 104
"""The piece that stands for a hidden word; pieces below are marks and unused."""
_SIGN_SHARE, _SHIFT_SHARE = 1 / 6, 0.3
_SHIFT_FAVOUR: Final = (0.3, 1.0, 1.0)
"""Most texts don't turn."""
_WARM: Final = 0.1
_SOURCE_POWER: Final = 0.25
"""Large sources don't drown small ones; weaker than in the linear tier, since the encoder needs every text."""


@dataclass(frozen=True, slots=True)
class DeepSettings:
    """How it is learned. The defaults are those of the model that ships.

    Attributes
    ----------
    epochs, rate, head_rate, batch
        Passes over the texts, learning rates of encoder and heads (AdamW, warmed up over a tenth of the steps, then falling
        to zero), and texts a step.
    favour
        Weights of the labels in the loss: the rarer two count more.
    hidden_words
        Share of words that are hidden at each pass, so that no single word is leaned on.
    authored
        Weight of an authored text beside a real one.
    seed
        Of the order of texts, hidden words and the heads' first weights.
    """

    epochs: int = 3
    rate: float = 7e-5
    head_rate: float = 1e-3
    batch: int = 32
    favour: tuple[float, float, float] = (1.6, 1.3, 1.0)
    hidden_words: float = 0.08
    authored: float = 0.7
    seed: int = 0


def learn(
    records: Sequence[Record], signs: Sequence[str], settings: DeepSettings, *,
    checkpoint: Path | None = None, say: Say | None = None,
) -> Network:  # fmt: skip
    """Fine-tune the encoder on labelled texts.

    Parameters
    ----------
    records
        Labelled texts; votes and confidence smooth the targets, signs and shift are the tasks beside.
    signs
        Ids of the signs, in the order of the head.
    settings
        How.
    checkpoint
        File that the state is written to after each epoch, and read from if it is there: a run that was cut off goes on.
    say
        Called with lines that tell how far it is.

    Raises
    ------
    InputError
        If what training needs isn't installed.
    """
    import torch

    torch.manual_seed(settings.seed)
    network = build_network(len(signs))
    pieces = read_pieces([record.text for record in records])
    tasks = _tasks(records, signs, settings)
    heads = [value for name, value in network.named_parameters() if not name.startswith("encoder")]
    body = [value for name, value in network.named_parameters() if name.startswith("encoder") and value.requires_grad]
    optimizer = torch.optim.AdamW([{"params": body, "lr": settings.rate}, {"params": heads, "lr": settings.head_rate}], weight_decay=0.01, fused=True)
    steps = settings.epochs * math.ceil(len(records) / settings.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / (_WARM * steps)) * max(0.02, 1 - step / steps))
    first = 0
    if checkpoint is not None and checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(kept["network"])
        first = kept["epoch"]
        if first < settings.epochs:
            optimizer.load_state_dict(kept["optimizer"])
            schedule.load_state_dict(kept["schedule"])
    for epoch in range(first, settings.epochs):
        torch.manual_seed(settings.seed * 1000 + epoch)
        loss = _pass(network, optimizer, schedule, pieces, tasks, settings, np.random.default_rng((settings.seed, epoch)))
        if say is not None:
            say(f"epoch {epoch + 1} of {settings.epochs}: loss {loss:.3f}")
        if checkpoint is not None:
            state = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(), "epoch": epoch + 1}
            torch.save(state, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").replace(checkpoint)
    return network


def average(network: Network, checkpoints: Sequence[Path]) -> Network:
    """The mean of its weights and those of other runs from the same beginning (a "model soup": Wortsman and colleagues, 2022).

    Runs that began with the same weights end in one valley of the loss; the middle of it carries over to new sources better than each.

    Raises
    ------
    InputError
        If a checkpoint is missing.
    """
    import torch

    missing = [path for path in checkpoints if not path.is_file()]
    if missing:
        raise InputError(f"there is no checkpoint {missing[0]} to average with; give the folder of an earlier run with the same parts")
    states = [network.state_dict(), *(torch.load(path, weights_only=True)["network"] for path in checkpoints)]
    network.load_state_dict({name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]})
    return network


def judge(network: Network, texts: Sequence[str]) -> Matrix:
    """Scores of the labels (texts x labels) by the network as it was trained, before it is made small."""
    import torch

    pieces = read_pieces(list(texts))
    network.eval()
    scores = np.zeros((len(texts), len(LABELS)))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for rows in _batches([len(row) for row in pieces], 64, None):
            labels, _, _ = network(*_padded([pieces[at] for at in rows]))
            scores[rows] = labels.float().numpy()
    return scores


@dataclass(frozen=True, slots=True)
class _Tasks:
    """Tensors, a row a text."""

    targets: Any
    signs: Any
    shifts: Any
    weights: Any


def _tasks(records: Sequence[Record], signs: Sequence[str], settings: DeepSettings) -> _Tasks:
    import torch

    many = Counter(record.source for record in records)
    weights = np.array([many[record.source] ** -_SOURCE_POWER for record in records])
    weights *= np.array([settings.authored if record.source == AUTHORED else 1.0 for record in records]) / weights.mean()
    return _Tasks(
        torch.tensor([target_of(record) for record in records]),
        torch.tensor([[float(sign in record.signs) for sign in signs] for record in records]),
        torch.tensor([SHIFTS.index(record.shift) for record in records]),
        torch.tensor(weights, dtype=torch.float32),
    )


def _pass(network: Network, optimizer: Any, schedule: Any, pieces: list[list[int]], tasks: _Tasks, settings: DeepSettings, draw: np.random.Generator) -> float:
    """One pass over the texts; the mean loss."""
    import torch
    from torch.nn import functional

    network.train()
    favour, shift_favour = torch.tensor(settings.favour), torch.tensor(_SHIFT_FAVOUR)
    total = 0.0
    for rows in _batches([len(row) for row in pieces], settings.batch, draw):
        read, mask = _padded([pieces[at] for at in rows])
        hidden = (torch.rand(read.shape) < settings.hidden_words) & (read >= _FIRST_WORD)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            labels, signs, shifts = network(torch.where(hidden, torch.tensor(_HIDDEN_WORD), read), mask)
        loss = -(tasks.targets[rows] * favour * labels.float().log_softmax(1)).sum(1)
        loss = loss + functional.binary_cross_entropy_with_logits(signs.float(), tasks.signs[rows], reduction="none").sum(1) * _SIGN_SHARE
        loss = loss + functional.cross_entropy(shifts.float(), tasks.shifts[rows], weight=shift_favour, reduction="none") * _SHIFT_SHARE
        mean = (loss * tasks.weights[rows]).mean()
        optimizer.zero_grad(set_to_none=True)
        mean.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        total += float(mean.detach()) * len(rows)
    return total / len(pieces)


def _batches(lengths: list[int], size: int, draw: np.random.Generator | None) -> Iterator[NDArray[np.int64]]:
    """Texts of like length together; in random order where there is something to draw with."""
    if draw is None:
        order = np.argsort(lengths, kind="stable")
        yield from (order[at : at + size] for at in range(0, len(order), size))
        return
    order, found, span = draw.permutation(len(lengths)), [], size * 24
    for at in range(0, len(order), span):
        part = order[at : at + span]
        part = part[np.argsort(np.array(lengths)[part], kind="stable")]
        found += [part[begin : begin + size] for begin in range(0, len(part), size)]
    for at in draw.permutation(len(found)):
        yield found[at]


def _padded(rows: list[list[int]]) -> tuple[Any, Any]:
    """Pieces and mask, as wide as the longest row, up to a multiple of 16."""
    import torch

    width = -(-max(map(len, rows)) // 16) * 16
    pieces, mask = torch.zeros(len(rows), width, dtype=torch.long), torch.zeros(len(rows), width, dtype=torch.long)
    for at, row in enumerate(rows):
        pieces[at, : len(row)], mask[at, : len(row)] = torch.tensor(row), 1
    return pieces, mask
