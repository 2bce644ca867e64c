"""The analyzer: joins reading, evidence, scoring and guidance into one call.

An analyzer is compiled once and then only read: share one between threads, hand it to other processes. Texts are worked
on in batches; each result depends on its own text alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from os import PathLike, fspath
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import InputError
from ruminate.guidance.flags import find_flags
from ruminate.guidance.questions import choose_questions
from ruminate.guidance.wording import Wording, load_wording
from ruminate.results import LABELS, Abstention, Assessment, Label, SentenceScore
from ruminate.scoring.calibration import estimate_base_rates
from ruminate.scoring.chosen import choose_scorer
from ruminate.scoring.course import courses, find_shift
from ruminate.scoring.extraction import Extracted, Extractor
from ruminate.scoring.features import FeatureTable
from ruminate.scoring.parcels import Parcel, pack, unpack
from ruminate.scoring.scorer import LinearScorer, Scored, probabilities
from ruminate.signs.catalogue import Catalogue, Sign
from ruminate.signs.own import read_own, with_own
from ruminate.text.language import known_share

__all__ = ["Analyzer", "analyzer_of", "default_analyzer", "shared_extractor"]

_CHUNK: Final = 128
"""Texts a batch: enough that array operations cost little a text, few enough that memory stays small."""
_SENT: Final = 2 * _CHUNK
"""Texts that another process is handed at once: each errand has a cost of its own."""
_LEAST_KNOWN: Final = 0.3
_LEAST_WORDS_FOR_LANGUAGE: Final = 6
"""A text counts as not English when fewer of its words are known than that; shorter texts are not judged by it."""
_SHORT: Final = 8
"""Shorter texts get a label only when it is plain (codebook rule 17): without a sign that counts, they abstain."""


class Analyzer:
    """Assesses texts; made once, used often.

    Parameters
    ----------
    model
        "default" for the trained model that ships with the library, "deep" for the one with an encoder (extra `deep`;
        more accurate, far slower), "auto" for deep where it is installed, the path of a model folder, or None for the
        rules alone. If the default can't be used, the rules decide, one warning says why, and every assessment says so in
        `decided_by`.
    base_rates
        Shares of reflection, rumination and neither that are to be expected among the texts, in this order; by default
        those that the model was calibrated to. `adapt` estimates them from texts. Needs a trained model.
    min_words
        Texts with fewer words abstain as "too_short".
    min_confidence
        Texts whose likeliest label is less probable than that abstain as "low_confidence".
    professional
        Whether guidance may use questions written for helping professions.
    wording
        Guidance texts of your own (see `ruminate.guidance.load_wording`).
    signs
        Folders of sign files of your own, which add to our signs or take the place of those of the same name
        (see `ruminate.signs.own`). A new sign counts by its side until a model is trained with it.
    threads
        Threads that an encoder may use for one text; for many texts, `n_jobs` does more.
    on_crisis
        Called with the offsets of each match when the screen for crisis language fires. The screen is no safety net.

    Examples
    --------
    >>> analyzer = Analyzer(model=None)
    >>> analyzer.assess("I keep going over it. It's all my fault, I ruin everything.").label
    'rumination'
    """

    def __init__(
        self,
        model: str | PathLike[str] | None = "default",
        *,
        base_rates: Sequence[float] | None = None,
        min_words: int = 3,
        min_confidence: float = 0.40,
        professional: bool = False,
        wording: Wording | None = None,
        signs: Iterable[str | Path | Sign] = (),
        threads: int = 1,
        on_crisis: Callable[[Sequence[tuple[int, int]]], None] | None = None,
    ) -> None:
        if min_words < 1:
            raise InputError("min_words must be at least 1")
        if not 0.0 <= min_confidence <= 1.0:
            raise InputError("min_confidence must be between 0 and 1")
        self.model = model if model is None else fspath(model)
        self.min_words = min_words
        self.min_confidence = min_confidence
        self.professional = professional
        self.wording = wording or load_wording()
        self.threads, self.on_crisis = threads, on_crisis
        self.signs = read_own(signs)
        plain = wording is None and not self.signs
        self._extractor = shared_extractor() if plain else Extractor(with_own(self.signs), self.wording.flag_entries())
        self._dwelling = tuple(sign.id for sign in self._extractor.catalogue.signs.values() if sign.side == "rumination")
        self.scorer: LinearScorer = choose_scorer(self.model, self._extractor.table, threads=threads)
        if base_rates is not None:
            self.scorer = self.scorer.with_base_rates(base_rates)
        self.base_rates = None if base_rates is None else tuple(base_rates)
        self._decision = np.array(self.scorer.decision)

    def assess(self, text: str) -> Assessment:
        """What one text shows.

        Raises
        ------
        InputError
            If `text` is not a `str`.
        """
        return self._assess_batch((text,))[0]

    def assess_many(self, texts: Iterable[str], *, n_jobs: int = 1, progress: bool = False) -> Iterator[Assessment]:
        """The same for many texts, in order, as a stream: memory does not grow with their number.

        Parameters
        ----------
        texts
            Any iterable of `str`.
        n_jobs
            Processes to work in, as joblib counts them (-1 for all cores).
        progress
            Whether to say on standard error how far it is.

        Raises
        ------
        InputError
            If one of them is not a `str`.
        """
        if isinstance(texts, str | bytes):
            raise InputError("assess_many takes an iterable of texts; use assess for a single one")
        chunks = _chunks(texts, _CHUNK if n_jobs == 1 else _SENT)
        done = map(self._assess_batch, chunks) if n_jobs == 1 else self._in_parallel(chunks, n_jobs)
        count = 0
        for assessments in done:
            yield from assessments
            count += len(assessments)
            if progress:
                _say_progress(count)

    def adapt(self, texts: Iterable[str]) -> Analyzer:
        """An analyzer for texts like these: base rates are re-estimated on them, everything else stays.

        A model is calibrated to the mix of labels that it was trained on; yours may differ. No labels are needed, but a
        hundred texts or more. It is one step of expectation maximization (Saerens et al. 2002): on collections that a
        model had not seen, going on to the end made probabilities far worse, and one step a little better; the model
        card shows where. Rates that you know are better: `base_rates`. Look at `.scorer.base_rates` of what comes back.

        Raises
        ------
        InputError
            If there are no texts, one is not a `str`, or the rules decide (they are not calibrated).
        """
        rates = self.scorer.base_rates
        if rates is None:
            raise InputError(f"{self.scorer.name} is not calibrated to base rates; adapt needs a trained model")
        found = [item.probabilities for item in self.assess_many(texts) if item.abstained not in ("empty", "not_english")]
        if not found:
            raise InputError("adapt needs texts in English; none were given")
        chances = np.array([[entry[label] for label in LABELS] for entry in found])
        shares = estimate_base_rates(chances, np.array(rates), most_rounds=1).shares
        return Analyzer(**{**self.settings(), "base_rates": shares})

    def _in_parallel(self, chunks: Iterator[tuple[str, ...]], n_jobs: int) -> Iterator[list[Assessment]]:
        from joblib import Parallel, delayed

        settings = self.settings()
        run = Parallel(n_jobs=n_jobs, return_as="generator", pre_dispatch="3*n_jobs")
        for parcel in run(delayed(_assess_elsewhere)(settings, chunk) for chunk in chunks):
            yield unpack(parcel, self.scorer)

    def settings(self) -> dict[str, Any]:
        """What makes an analyzer like this one: `Analyzer(**settings)`. Workers are handed this in place of the analyzer."""
        return {
            "model": self.model, "base_rates": self.base_rates,
            "min_words": self.min_words, "min_confidence": self.min_confidence, "professional": self.professional,
            "wording": self.wording_given, "signs": self.signs, "threads": self.threads, "on_crisis": self.on_crisis,
        }  # fmt: skip

    @property
    def table(self) -> FeatureTable:
        """The features that its scorer reads: signs (also those of the host's own) and measures."""
        return self._extractor.table

    @property
    def catalogue(self) -> Catalogue:
        """The signs that it looks for."""
        return self._extractor.catalogue

    @property
    def wording_given(self) -> Wording | None:
        """Wording of the host's own, if there is any."""
        return None if self.wording is load_wording() else self.wording

    def __reduce__(self) -> tuple[Any, ...]:
        return _made_anew, (self.settings(),)

    def _assess_batch(self, texts: tuple[str, ...]) -> list[Assessment]:
        return self.assess_with_features(texts)[0]

    def assess_with_features(self, texts: tuple[str, ...]) -> tuple[list[Assessment], NDArray[np.float64]]:
        """Assessments of a batch and the feature rows that they rest on (texts x `table.names`), in one pass."""
        extracted = self._extractor.extract(texts)
        scorer = self.scorer
        scored = scorer.score(extracted.features.rows, extracted.batch)
        chances = probabilities(scored.scores, scorer.temperature)
        of_texts, of_sentences = chances[: len(texts)], chances[len(texts) :]
        favoured = chances * self._decision
        favoured /= (favoured[:, 0] + favoured[:, 1] + favoured[:, 2])[:, None]
        known = known_share(extracted.batch).tolist()
        words = extracted.measured.words.tolist()
        chosen = np.argmax(favoured[: len(texts)], axis=1).tolist()
        course = courses(extracted.batch, of_sentences)
        found = [
            self._build(at, text, extracted, scored, of_texts[at].tolist(), chosen[at], course[at], words[at], known[at], favoured)
            for at, text in enumerate(texts)
        ]
        return found, extracted.features.texts

    def _build(
        self, at: int, text: str, extracted: Extracted, scored: Scored, numbers: list[float], chosen: int, course: tuple[SentenceScore, ...],
        words: int, known: float, favoured: NDArray[np.float64],
    ) -> Assessment:
        found = extracted.evidence[at]
        evidence = tuple(item for item in found if item.side in ("rumination", "reflection"))
        flags = find_flags(found) if len(found) > len(evidence) else ()
        signs = self._extractor.table.strengths(evidence)
        abstained = self._abstains(words, known, numbers[chosen], plain=bool(signs) or LABELS[chosen] == "neither", flags=[flag.id for flag in flags])
        if abstained == "crisis_language" and self.on_crisis is not None:
            self.on_crisis([(flag.start, flag.end) for flag in flags if flag.id == "crisis_language"])
        label: Label = "uncertain" if abstained else LABELS[chosen]
        return Assessment(
            label=label,
            abstained=abstained,
            probabilities=MappingProxyType(dict(zip(LABELS, numbers, strict=True))),
            leaning="reflection" if numbers[0] > numbers[1] else "rumination",
            decided_by=self.scorer.name,
            evidence=evidence,
            signs=MappingProxyType(signs),
            contributions=self.scorer.explain(scored, at, extracted.features.texts[at]),
            sentences=course,
            shift=find_shift(extracted.batch, at, evidence, favoured),
            guidance=() if abstained == "crisis_language" else choose_questions(
                self.wording, signs, self._dwelling, crc32(text.encode("utf-8", "surrogatepass")), professional=self.professional
            ),
            flags=flags,
        )  # fmt: skip

    def _abstains(self, words: int, known: float, confidence: float, *, plain: bool, flags: Sequence[str]) -> Abstention | None:
        if words == 0:
            return "empty"
        if "crisis_language" in flags:
            return "crisis_language"
        if words >= _LEAST_WORDS_FOR_LANGUAGE and known < _LEAST_KNOWN:
            return "not_english"
        if words < self.min_words or (words < _SHORT and not plain):
            return "too_short"
        return "low_confidence" if confidence < self.min_confidence else None


def _made_anew(settings: dict[str, Any]) -> Analyzer:
    return Analyzer(**settings)


@cache
def shared_extractor() -> Extractor:
    """Signs and our wording compiled once a process: analyzers with other settings cost nothing more."""
    return Extractor(others=load_wording().flag_entries())


@cache
def default_analyzer() -> Analyzer:
    """The analyzer behind `ruminate.assess`: made when first needed."""
    return Analyzer()


def _chunks(texts: Iterable[str], size: int) -> Iterator[tuple[str, ...]]:
    stream = iter(texts)
    while chunk := tuple(islice(stream, size)):
        yield chunk


_workers: dict[str, Analyzer] = {}


def analyzer_of(settings: dict[str, Any]) -> Analyzer:
    """In a worker process: its own analyzer with these settings, made when first asked for and kept."""
    key = repr(sorted(settings.items(), key=lambda item: item[0]))
    if key not in _workers:
        _workers[key] = Analyzer(**settings)
    return _workers[key]


def _assess_elsewhere(settings: dict[str, Any], texts: tuple[str, ...]) -> Parcel | list[Assessment]:
    analyzer = analyzer_of(settings)
    return pack([one for chunk in _chunks(texts, _CHUNK) for one in analyzer._assess_batch(chunk)])


def _say_progress(count: int) -> None:
    import sys

    print(f"{count} texts assessed", file=sys.stderr)
