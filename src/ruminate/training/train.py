"""Training: held-out scores first (they calibrate and choose), then one fit on everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ruminate.analyzer import shared_extractor
from ruminate.errors import InputError
from ruminate.results import LABELS
from ruminate.scoring.scorer import LinearScorer, probabilities
from ruminate.training.calibrate import Calibration, calibrate, choose_decision
from ruminate.training.design import count_texts
from ruminate.training.examples import JUDGED, Example, text_weights
from ruminate.training.fit import Settings, fit_space, make_space
from ruminate.training.holdout import Corpus, Fold, by_source, folds_of_groups, held_out_scores

__all__ = ["Trained", "corpus_of", "train_model"]

Matrix = NDArray[np.float64]
_FOLDS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A scorer, and what was held out on the way.

    Attributes
    ----------
    scorer
        Calibrated, ready to be saved with `ruminate.scoring.model_file.save_model`.
    corpus
        The examples that it was made from.
    tested
        Which of them were held out once.
    chances
        Their calibrated probabilities from models that had not seen their source (or group).
    """

    scorer: LinearScorer
    corpus: Corpus
    tested: NDArray[np.int64]
    chances: Matrix


def corpus_of(examples: Sequence[Example]) -> Corpus:
    """Read the texts of all examples once."""
    return Corpus(list(examples), count_texts(shared_extractor(), [example.text for example in examples]))


def train_model(
    examples: Sequence[Example], name: str, *, settings: Settings | None = None, n_jobs: int = 1, say: Callable[[str], None] | None = None
) -> Trained:
    """Fit, calibrate and choose.

    Parameters
    ----------
    examples
        What to learn from. Where they hold labelled texts of two real sources or more, whole sources are held out to
        calibrate and to choose; else groups are.
    name
        The model's name.
    settings
        What was chosen before; our own choices by default.
    n_jobs
        Processes for the held-out fits.
    say
        Called with lines that tell how far it is.

    Raises
    ------
    InputError
        If there are too few examples, or a label has none.
    """
    settings = settings or Settings()
    _check(examples)
    corpus = corpus_of(examples)
    if say is not None:
        say(f"{len(examples)} texts read")
    folds = by_source(corpus)
    if len(folds) < 2:
        fold, tested_on = folds_of_groups([example.group for example in examples], _FOLDS), np.array([not example.learn_only for example in examples])
        folds = [Fold(np.flatnonzero(fold != number), np.flatnonzero((fold == number) & tested_on)) for number in range(_FOLDS)]
    scores = held_out_scores(corpus, folds, settings, n_jobs=n_jobs, say=say)
    tested = np.flatnonzero(~np.isnan(scores[:, 0]))
    targets, weights = corpus.targets(), text_weights(corpus.examples, authored=1.0, judged=1.0)[tested]
    calibration = calibrate(scores[tested], targets[tested], weights)
    chances = probabilities(scores[tested] + np.array(calibration.shift), calibration.temperature)
    decision = choose_decision(chances, targets[tested].argmax(axis=1))
    rates = (targets[tested] * weights[:, None]).sum(axis=0) / weights.sum()
    scorer = _final(corpus, settings, name, calibration)
    first, second, third = rates.tolist()
    return Trained(replace(scorer, decision=decision, base_rates=(first, second, third)), corpus, tested, chances)


def _final(corpus: Corpus, settings: Settings, name: str, calibration: Calibration) -> LinearScorer:
    everything = np.arange(len(corpus.examples))
    space = make_space(corpus.counted, everything, corpus.origins, settings)
    weights = text_weights(corpus.examples, authored=settings.authored, judged=settings.judged)
    fitted, intercept = fit_space(space.matrix(corpus.counted, everything), corpus.targets(), weights, settings)
    held = space.held_to_codebook(fitted, corpus.counted.names)
    scorer = space.scorer(corpus.counted, corpus.counted.names, held, intercept + np.array(calibration.shift), f"model:{name}")
    return replace(scorer, temperature=calibration.temperature)


def _check(examples: Sequence[Example]) -> None:
    kinds = np.array([example.target for example in examples]).reshape(-1, len(LABELS)).argmax(axis=1)
    labelled = [not example.source.startswith(JUDGED) for example in examples]
    if sum(labelled) < 60:
        raise InputError(f"{sum(labelled)} labelled texts are too few to train on; 60 are the least, some hundreds make sense")
    missing = [label for at, label in enumerate(LABELS) if not np.any(kinds == at)]
    if missing:
        raise InputError(f"no text is labelled {' or '.join(missing)}; a model needs all three labels")
