"""How the two tiers are added: fitted on texts whose source and writer neither had seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import InputError
from ruminate.evaluation.records import Record, label_numbers
from ruminate.scoring.deep import save_deep
from ruminate.scoring.scorer import probabilities
from ruminate.signs.catalogue import load_signs
from ruminate.training.calibrate import calibrate, choose_decision
from ruminate.training.deep.graph import to_onnx
from ruminate.training.deep.learning import DeepSettings, average, judge, learn
from ruminate.training.deep.network import start_folder
from ruminate.training.examples import AUTHORED, examples_of, target_of, text_weights
from ruminate.training.fit import Settings
from ruminate.training.holdout import Fold, fold_scores
from ruminate.training.train import corpus_of

__all__ = ["HeldOut", "Joint", "deal_parts", "fit_joint", "measured", "train_deep"]

Matrix = NDArray[np.float64]
Ints = NDArray[np.int64]
Say = Callable[[str], None]
Parts = int | Sequence[Sequence[str]]


class Joint(NamedTuple):
    """What joins the tiers: `softmax(linear * linear_weight + encoder * encoder_weight + shift)`, the linear scores being calibrated."""

    linear_weight: float
    encoder_weight: float
    shift: tuple[float, float, float]

    def chances(self, linear: Matrix, encoder: Matrix) -> Matrix:
        """Probabilities of the labels from the scores of both."""
        return probabilities(linear * self.linear_weight + encoder * self.encoder_weight + np.asarray(self.shift))


class HeldOut(NamedTuple):
    """Scores (texts x labels) of both tiers for all texts, from models that had not seen a text's source or writer; its part."""

    linear: Matrix
    encoder: Matrix
    part: Ints


def deal_parts(records: Sequence[Record], parts: Parts) -> Ints:
    """A part for each text: whole real sources, as given or dealt by size, and whole writers of authored texts, two by two by name.

    Parameters
    ----------
    records
        Labelled texts.
    parts
        How many parts, or for each part the sources that it holds.

    Raises
    ------
    InputError
        If a source is in no part.

    Examples
    --------
    >>> texts = [Record(id=str(at), text="", label="neither", source=source, group=source) for at, source in enumerate("aaabbc")]
    >>> deal_parts(texts, 2).tolist(), deal_parts(texts, [["a", "c"], ["b"]]).tolist()
    ([0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 0])
    """
    number = parts if isinstance(parts, int) else len(parts)
    part_of = {f"writer {name}": at // 2 % number for at, name in enumerate(sorted({_name(record) for record in records if record.source == AUTHORED}))}
    if isinstance(parts, int):
        sizes = [0] * number
        for source, count in Counter(record.source for record in records if record.source != AUTHORED).most_common():
            smallest = int(np.argmin(sizes))
            part_of[f"source {source}"], sizes[smallest] = smallest, sizes[smallest] + count
    else:
        part_of |= {f"source {source}": at for at, sources in enumerate(parts) for source in sources}
    try:
        return np.array([part_of[_owner(record)] for record in records], dtype=np.int64)
    except KeyError as error:
        raise InputError(f"{error.args[0]} is in no part; name each source once") from None


def measured(records: Sequence[Record]) -> NDArray[np.bool_]:
    """Which texts the tiers are joined and measured on: real ones, without those that are only learned from."""
    return np.array([record.source != AUTHORED and not record.learn_only for record in records])


def _name(record: Record) -> str:
    return record.writer or record.group


def _owner(record: Record) -> str:
    return f"writer {_name(record)}" if record.source == AUTHORED else f"source {record.source}"


def fit_joint(linear: Matrix, encoder: Matrix, targets: Matrix, weights: NDArray[np.float64]) -> Joint:
    """The weights and shifts that make the targets likeliest."""
    from scipy.optimize import minimize

    def joint(point: NDArray[np.float64]) -> Joint:
        return Joint(float(np.exp(point[0])), float(np.exp(point[1])), (float(point[2]), float(point[3]), 0.0))

    def loss(point: NDArray[np.float64]) -> float:
        return float(-(weights[:, None] * targets * np.log(joint(point).chances(linear, encoder) + 1e-12)).sum() / weights.sum())

    found = minimize(loss, np.array([-0.7, -0.7, 0.0, 0.0]), method="Nelder-Mead", options={"maxiter": 4000, "xatol": 1e-5, "fatol": 1e-9})
    return joint(found.x)


def train_deep(
    records: Sequence[Record], output: Path, *, linear: str, checkpoints: Path, parts: Parts = 3, settings: DeepSettings | None = None,
    others: Sequence[Path] = (), say: Say | None = None,
) -> HeldOut:  # fmt: skip
    """Learn, hold out, join, and write the model folder. Takes hours on two cores; what is done is kept and not done again.

    Parameters
    ----------
    records
        Labelled texts, real ones of two sources or more among them.
    output
        Folder of the model; its name is the model's.
    linear
        Name of the linear model that ships, which the encoder is added to.
    checkpoints
        Folder for what has been done: states after each epoch, held-out scores.
    parts
        In how many parts sources and writers are held out, or which sources are held out together.
    settings
        How the encoder learns.
    others
        Folders of earlier runs whose encoders are averaged with these, each part's with the same part's: the parts must hold the same sources
        and writers (new writers are dealt after the old ones when their names sort after them).
    say
        Called with lines that tell how far it is.

    Raises
    ------
    InputError
        If what training needs isn't installed, or there are fewer sources than parts.
    """
    start_folder()
    settings, tell = settings or DeepSettings(), say or (lambda _: None)
    part = deal_parts(records, parts)
    real = measured(records)
    if len(np.unique(part[real])) < 2:
        raise InputError("there are fewer than two parts with real sources, so none can be held out; the two tiers can't be joined")
    checkpoints.mkdir(parents=True, exist_ok=True)
    held = HeldOut(_linear_scores(records, part, real), _encoder_scores(records, part, settings, checkpoints, others, tell), part)
    np.savez(checkpoints / "held_out.npz", **held._asdict())
    targets = np.array([target_of(record) for record in records])[real]
    weights = text_weights([example for example, yes in zip(examples_of(records), real, strict=True) if yes], authored=1.0, judged=1.0)
    joint = fit_joint(held.linear[real], held.encoder[real], targets, weights)
    decision = choose_decision(joint.chances(held.linear[real], held.encoder[real]), label_numbers(records)[real])
    tell(f"joined: {joint}, favour {decision}")
    network = learn(records, list(load_signs().signs), settings, checkpoint=checkpoints / "whole.pt", say=tell)
    network = average(network, [folder / "whole.pt" for folder in others])
    about = {
        "name": output.name, "linear": linear, **joint._asdict(), "decision": list(decision),
        "base_rates": ((targets * weights[:, None]).sum(axis=0) / weights.sum()).tolist(),
        "trained": {"texts": len(records), "epochs": settings.epochs, "rate": settings.rate, "seed": settings.seed, "averaged": len(others) + 1},
    }  # fmt: skip
    save_deep(output, to_onnx(network), (start_folder() / "tokenizer.json").read_bytes(), about)
    return held


def _linear_scores(records: Sequence[Record], part: Ints, real: NDArray[np.bool_]) -> Matrix:
    """Calibrated on the real texts, as the linear model that ships is."""
    corpus, scores = corpus_of(examples_of(records)), np.zeros((len(records), 3))
    for number in np.unique(part).tolist():
        fold = Fold(np.flatnonzero(part != number), np.flatnonzero(part == number))
        scores[fold.test] = fold_scores(corpus, fold, Settings())
    weights = text_weights([example for example, yes in zip(corpus.examples, real, strict=True) if yes], authored=1.0, judged=1.0)
    found = calibrate(scores[real], corpus.targets()[real], weights)
    calibrated: Matrix = (scores + np.array(found.shift)) / found.temperature
    return calibrated


def _encoder_scores(records: Sequence[Record], part: Ints, settings: DeepSettings, checkpoints: Path, others: Sequence[Path], tell: Say) -> Matrix:
    scores = np.zeros((len(records), 3))
    for number in np.unique(part).tolist():
        kept, here = checkpoints / f"part-{number}.npy", np.flatnonzero(part == number)
        if not kept.exists():
            tell(f"part {number + 1}: {len(here)} texts held out")
            seen = [records[at] for at in np.flatnonzero(part != number).tolist()]
            network = learn(seen, list(load_signs().signs), settings, checkpoint=checkpoints / f"part-{number}.pt", say=tell)
            network = average(network, [folder / f"part-{number}.pt" for folder in others])
            np.save(kept, judge(network, [records[at].text for at in here.tolist()]))
        scores[here] = np.load(kept)
    return scores
