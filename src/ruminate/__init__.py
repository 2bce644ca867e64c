"""ruminate: tells reflection from rumination in what people write about themselves.

    >>> import ruminate
    >>> found = ruminate.assess("I keep going over what I said. I'm a terrible nurse and everyone can see it.")
    >>> found.label
    'rumination'
    >>> [item.quote for item in found.evidence][:1]
    ['I keep going over']

A label is about one text: how the thinking goes in it. It is no diagnosis and says nothing about a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ruminate.errors import InputError, ModelError, RuminateError, SignError
from ruminate.results import (
    LABELS,
    Assessment,
    Contribution,
    Contributions,
    Evidence,
    Flag,
    Guidance,
    SentenceScore,
    Shift,
)

if TYPE_CHECKING:
    __version__: str
    from ruminate.analyzer import Analyzer
    from ruminate.signs.catalogue import Sign

__all__ = [
    "LABELS", "Analyzer", "Assessment", "Contribution", "Contributions", "Evidence", "Flag", "Guidance", "InputError", "ModelError",
    "RuminateError", "SentenceScore", "Shift", "SignError", "assess", "assess_many", "feature_names", "featurize", "find_evidence", "load_signs",
]  # fmt: skip


def assess(text: str, *, analyzer: Analyzer | None = None) -> Assessment:
    """What one text shows: label, probabilities, evidence, the course through it, questions.

    Parameters
    ----------
    text
        Any `str`, also an empty one.
    analyzer
        An analyzer of your own; else the default one, made at the first call and kept.

    Raises
    ------
    InputError
        If `text` is not a `str`.

    Examples
    --------
    >>> assess("I noticed I was anxious when she went quiet. Maybe she was tired. Next time I'll wait.").label
    'reflection'
    """
    return _chosen(analyzer).assess(text)


def assess_many(
    texts: Iterable[str], *, n_jobs: int = 1, progress: bool = False, analyzer: Analyzer | None = None
) -> Iterator[Assessment]:
    """The same for many texts, in order, as a stream.

    Parameters
    ----------
    texts
        Any iterable of `str`; it is read as results are taken.
    n_jobs
        Processes to work in, as joblib counts them (-1 for all cores).
    progress
        Whether to say on standard error how far it is.
    analyzer
        An analyzer of your own; else the default one.

    Examples
    --------
    >>> [found.label for found in assess_many(["Bought bread and milk.", "It's all my fault, I ruin everything."])]
    ['neither', 'rumination']
    """
    return _chosen(analyzer).assess_many(texts, n_jobs=n_jobs, progress=progress)


def find_evidence(text: str) -> tuple[Evidence, ...]:
    """The signs found in a text, in order of place, cancelled ones included.

    Examples
    --------
    >>> [(item.sign, item.cancelled_by) for item in find_evidence("She says it's all my fault.")]
    [('self_blame', 'reported')]
    """
    return assess(text).evidence


def featurize(text: str) -> Mapping[str, float]:
    """The named features of a text, in the order of `feature_names`.

    Examples
    --------
    >>> featurize("Why am I like this?")["why_self"] > 0
    True
    """
    from ruminate.analyzer import shared_extractor

    extractor = shared_extractor()
    row = extractor.extract((text,)).features.texts[0]
    return dict(zip(extractor.table.names, row.tolist(), strict=True))


def feature_names() -> tuple[str, ...]:
    """Names of all features, in order."""
    from ruminate.analyzer import shared_extractor

    return shared_extractor().table.names


def load_signs() -> Mapping[str, Sign]:
    """The catalogue of signs, by id.

    Examples
    --------
    >>> load_signs()["curiosity"].side
    'reflection'
    """
    from ruminate.signs.catalogue import load_signs as load

    return load().signs


def _chosen(analyzer: Analyzer | None) -> Analyzer:
    if analyzer is not None:
        return analyzer
    from ruminate.analyzer import default_analyzer

    return default_analyzer()


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("ruminate-nlp")
    except PackageNotFoundError:  # a checkout that was never installed
        return "0+unknown"


def __getattr__(name: str) -> Any:
    """`ruminate.Analyzer`, the version and the doors, looked up when first asked for, so that `import ruminate` stays light."""
    if name == "Analyzer":
        from ruminate.analyzer import Analyzer

        return Analyzer
    if name in ("read_evidence", "read_results", "read_sentences"):
        from ruminate import frames

        return getattr(frames, name)
    if name == "__version__":
        return _version()
    raise AttributeError(f"module 'ruminate' has no attribute {name!r}")
