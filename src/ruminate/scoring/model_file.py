"""Model files in and out: numbers in `.npz` without pickle, words in a text file, everything else in JSON with checksums.

A model is a folder:

    model.json     format, name, numbers of the scorer, sha256 of the other two files
    weights.npz    arrays, read with `allow_pickle=False`
    terms.txt      one word or pair of words a line, in the order of the arrays

Nothing in it is code. A file that is missing, cut short, altered or made for other features raises `ModelError`, which
says which file and why; the analyzer then lets the rules decide.
"""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ruminate.errors import ModelError
from ruminate.results import LABELS
from ruminate.scoring.features import FeatureTable
from ruminate.scoring.scorer import LinearScorer
from ruminate.scoring.terms import Vocabulary

__all__ = ["FORMAT", "find_model", "load_model", "read_about", "read_bytes", "save_model", "three"]

FORMAT: Final = 1
"""Version of the files; a newer one is refused."""
_MOST_BYTES: Final = 64 << 20
Matrix = NDArray[np.float64]


def find_model(name: str) -> Path:
    """The folder of a model that ships with the library: inside the installed package, else in the repository beside it.

    Raises
    ------
    ModelError
        If there is none of that name.
    """
    package = Path(__file__).parents[1]
    for folder in (package / "_models" / name, package.parents[1] / "models" / name):
        if (folder / "model.json").is_file():
            return folder
    raise ModelError(f"no model {name!r} ships with this installation; reinstall ruminate-nlp, or give the path of a model folder")


def save_model(folder: str | PathLike[str], scorer: LinearScorer, units: dict[str, str], extra: dict[str, Any] | None = None) -> None:
    """Write a scorer as a model folder; the same scorer gives the same bytes.

    Parameters
    ----------
    folder
        Made if it isn't there.
    scorer
        Its name, "model:<name>", is the model's.
    units
        Unit of each feature of the table, by name; a model fits only where names and units are the same.
    extra
        More for `model.json` (how it was trained).
    """
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, NDArray[Any]] = {"weights": scorer.weights, "low": scorer.low, "high": scorer.high, "center": scorer.center}
    terms: tuple[str, ...] = ()
    if scorer.vocabulary is not None and scorer.term_weights is not None:
        terms = scorer.vocabulary.terms
        arrays |= {"keys": scorer.vocabulary.keys, "idf": scorer.vocabulary.idf, "term_weights": scorer.term_weights}
    numbers, words = _packed(arrays), "".join(f"{term}\n" for term in terms).encode()
    (path / "weights.npz").write_bytes(numbers)
    (path / "terms.txt").write_bytes(words)
    about = {
        "format": FORMAT,
        "name": scorer.name.removeprefix("model:"),
        "labels": list(LABELS),
        "features": {name: units[name] for name in scorer.features},
        "intercept": list(scorer.intercept),
        "temperature": scorer.temperature,
        "decision": list(scorer.decision),
        "base_rates": None if scorer.base_rates is None else list(scorer.base_rates),
        "sha256": {"weights.npz": sha256(numbers).hexdigest(), "terms.txt": sha256(words).hexdigest()},
        **(extra or {}),
    }
    (path / "model.json").write_text(json.dumps(about, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")


def load_model(folder: str | PathLike[str], table: FeatureTable) -> LinearScorer:
    """Read a model and fit it to a table of features.

    Features that the table has and the model doesn't know (signs of your own) get no weight of their own; they still
    count through the features derived from all signs.

    Raises
    ------
    ModelError
        If a file is missing, damaged, altered, of a newer format, or made for features that the table doesn't have.
    """
    path = Path(folder)
    about = read_about(path)
    contents = {}
    for name in ("weights.npz", "terms.txt"):
        contents[name] = read_bytes(path / name)
        if sha256(contents[name]).hexdigest() != about.get("sha256", {}).get(name):
            raise ModelError(f"{path / name}: the contents are not those that model.json names (sha256 differs); restore the file or train anew")
    try:
        arrays = dict(np.load(io.BytesIO(contents["weights.npz"]), allow_pickle=False))
        return _scorer(about, arrays, contents["terms.txt"].decode().splitlines(), table)
    except (KeyError, ValueError, TypeError, IndexError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path}: the model's files don't fit together ({type(error).__name__}: {error})") from error


def _scorer(about: dict[str, Any], arrays: dict[str, NDArray[Any]], terms: list[str], table: FeatureTable) -> LinearScorer:
    units = {feature.name: feature.unit for feature in table.features}
    features: dict[str, str] = about["features"]
    unknown = [name for name, unit in features.items() if units.get(name) != unit]
    if unknown:
        raise ModelError(
            f"model {about['name']!r} was made for other features than this version has ({len(unknown)} differ, the first is {unknown[0]!r}); "
            "train it anew with `ruminate train`, or use the version that it came with"
        )
    column = {name: at for at, name in enumerate(table.names)}
    places = np.array([column[name] for name in features], dtype=np.int64)
    count, labels = len(table.names), len(LABELS)
    weights, low, high, center = np.zeros((count, labels)), np.full(count, -np.inf), np.full(count, np.inf), np.zeros(count)
    for whole, name in ((weights, "weights"), (low, "low"), (high, "high"), (center, "center")):
        whole[places] = arrays[name]
    vocabulary, term_weights = None, None
    if terms:
        keys, idf, term_weights = arrays["keys"], arrays["idf"], arrays["term_weights"]
        if not len(terms) == len(keys) == len(idf) == len(term_weights) or keys.dtype != np.uint64 or np.any(keys[1:] <= keys[:-1]):
            raise ValueError("words and their numbers don't match")
        vocabulary = Vocabulary(terms, idf, keys)
    numbers = [weights, arrays["low"], arrays["high"], center, *([] if term_weights is None else [term_weights, arrays["idf"]])]
    if not all(np.all(np.isfinite(array)) for array in numbers) or (term_weights is not None and term_weights.shape[1:] != (labels,)):
        raise ValueError("weights have a wrong shape, or are not finite")
    rates = about["base_rates"]
    return LinearScorer(
        name=f"model:{about['name']}", features=table.names, weights=weights, intercept=three(about["intercept"]), low=low, high=high, center=center,
        temperature=float(about["temperature"]), decision=three(about["decision"]), vocabulary=vocabulary, term_weights=term_weights,
        base_rates=None if rates is None else three(rates),
    )  # fmt: skip


def three(values: list[float]) -> tuple[float, float, float]:
    """Three numbers, one a label."""
    first, second, third = (float(value) for value in values)
    return first, second, third


def read_bytes(path: Path) -> bytes:
    """The contents of a file of a model.

    Raises
    ------
    ModelError
        If it can't be read, or is far too large.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ModelError(f"{path} is larger than any model of this library; it is not read")
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} can't be read: {error.strerror}") from error


def read_about(path: Path) -> dict[str, Any]:
    """What `model.json` of a folder says.

    Raises
    ------
    ModelError
        If it can't be read, is damaged, of another format or for other labels.
    """
    try:
        about = json.loads(read_bytes(path / "model.json"))
        if about["labels"] != list(LABELS):
            raise ModelError(f"{path / 'model.json'}: its labels are not {', '.join(LABELS)}")
        if about["format"] != FORMAT:
            raise ModelError(f"{path / 'model.json'} is of format {about['format']}; this version reads {FORMAT}")
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path / 'model.json'} is damaged ({type(error).__name__}); restore the file or train anew") from error
    return dict(about)


def _packed(arrays: dict[str, NDArray[Any]]) -> bytes:
    """An `.npz` whose bytes depend on the arrays alone: numpy's own writer stamps the time into it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            raw = io.BytesIO()
            np.lib.format.write_array(raw, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0)), raw.getvalue(), zipfile.ZIP_DEFLATED)
    return out.getvalue()
