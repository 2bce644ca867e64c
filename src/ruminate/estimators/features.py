"""`SignFeatures`: texts in, one row of named features a text out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin

from ruminate.analyzer import shared_extractor
from ruminate.errors import InputError
from ruminate.estimators.learning import extracted_batches
from ruminate.guidance.wording import load_wording
from ruminate.scoring.extraction import Extractor
from ruminate.signs.catalogue import Sign
from ruminate.signs.own import read_own, with_own

__all__ = ["SignFeatures", "as_texts", "extractor_with"]

Columns = Literal["all", "signs", "measures"]


def as_texts(data: Any) -> Sequence[str]:
    """The texts of a list, a tuple, a pandas or polars series, an Arrow array, a numpy array, or a frame or array of one column.

    Raises
    ------
    InputError
        If it is a single text, or has several columns.
    """
    if isinstance(data, str | bytes) or not hasattr(data, "__iter__"):
        raise InputError("a list (or column) of texts is needed, not a single value")
    shape: tuple[int, ...] = tuple(getattr(data, "shape", ()))
    if len(shape) > 1:
        if shape[1:] != (1,):
            raise InputError(f"one column of texts is needed, not data of shape {shape}; choose a column, or use a ColumnTransformer")
        data = np.asarray(data)[:, 0]
    for name in ("to_pylist", "tolist"):  # Arrow's values are wrapped, numpy's strings are of a type of its own
        if hasattr(data, name):
            texts: list[str] = getattr(data, name)()
            return texts
    return list(data)


def extractor_with(signs: Sequence[Sign]) -> Extractor:
    """The compiled signs: ours, shared in this process, or with own ones laid over them, compiled once."""
    return _compiled(_Same(signs)) if signs else shared_extractor()


class _Same:
    """Signs as a key: equal when the catalogue they make is equal."""

    def __init__(self, signs: Sequence[Sign]) -> None:
        self.signs = tuple(signs)
        self.catalogue = with_own(self.signs)

    def __hash__(self) -> int:
        return hash(self.catalogue.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.catalogue.sha256 == self.catalogue.sha256


@lru_cache(maxsize=8)
def _compiled(own: _Same) -> Extractor:
    return Extractor(own.catalogue, load_wording().flag_entries())


class SignFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turns texts into the named features that our scorers read.

    A row is that of `ruminate.featurize`: strengths of the signs, counts derived from them, then the measures. Nothing is
    learned, so a row depends on its text alone.

    Parameters
    ----------
    columns
        "all"; "signs" for the signs alone; "measures" for everything but the signs; or a list of feature names.
    signs
        Folders of sign files of your own (see `ruminate.Analyzer`).
    sparse_output
        Whether to give a scipy CSR matrix. About nine tenths of the sign columns are zero.

    Attributes
    ----------
    feature_names_
        Names of the columns.
    own_signs_
        The signs that were read from `signs`; a pickled transformer needs no folder.

    Examples
    --------
    >>> features = SignFeatures(columns="signs").fit_transform(["It's all my fault.", "Bought bread."])
    >>> features.shape
    (2, 26)
    >>> SignFeatures(columns=["questions", "i"]).fit([]).get_feature_names_out().tolist()
    ['questions', 'i']
    """

    def __init__(self, *, columns: Columns | Sequence[str] = "all", signs: Sequence[str | Path] | None = None, sparse_output: bool = False) -> None:
        self.columns = columns
        self.signs = signs
        self.sparse_output = sparse_output

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002
        """Check the settings and compile own signs; the texts are not looked at.

        Raises
        ------
        ValueError
            If `columns` names no feature.
        SignError
            If a sign file of `signs` is wrong.
        """
        as_texts(X)
        own = read_own(self.signs or ())
        table = extractor_with(own).table
        if isinstance(self.columns, str):
            kinds = {"all": (True, True), "signs": (True, False), "measures": (False, True)}
            if self.columns not in kinds:
                raise ValueError(f"columns: {self.columns!r} is none of 'all', 'signs', 'measures'; to name features, give a list")
            with_signs, with_rest = kinds[self.columns]
            names = [name for name in table.names if (with_signs if name.startswith("sign:") else with_rest)]
        else:
            names = list(self.columns)
            unknown = [name for name in names if name not in table.names]
            if unknown or not names:
                raise ValueError(f"columns: no such feature: {', '.join(map(repr, unknown)) or '(none named)'}; ruminate.feature_names() lists them")
        self.own_signs_ = own
        self.feature_names_ = names
        return self

    def transform(self, X: Any) -> Any:
        """One row a text.

        Raises
        ------
        InputError
            If `X` is not a column of `str`; the message says which entry is not, and quotes nothing.
        """
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(self)
        texts = as_texts(X)
        extractor = extractor_with(self.own_signs_)
        place = {name: at for at, name in enumerate(extractor.table.names)}
        columns = [place[name] for name in self.feature_names_]
        if self.sparse_output:
            parts = [sparse.csr_matrix(found.features.texts[:, columns]) for found in extracted_batches(extractor, texts)]
            return sparse.vstack(parts, format="csr") if parts else sparse.csr_matrix((0, len(columns)))
        out = np.empty((len(texts), len(columns)))
        at = 0
        for found in extracted_batches(extractor, texts):
            rows = found.features.texts[:, columns]
            out[at : at + len(rows)] = rows
            at += len(rows)
        return out

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002
        """Names of the columns, in order."""
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(self)
        return np.array(self.feature_names_, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.target_tags.required = False
        return tags
