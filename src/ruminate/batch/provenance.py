"""Where results come from: versions, checksums, parameters, counts, machine class. Never a text, a name of a machine or a user."""

from __future__ import annotations

import os
import platform
from hashlib import file_digest, sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from ruminate import __version__
from ruminate.analyzer import Analyzer
from ruminate.errors import ModelError
from ruminate.scoring.chosen import SHIPPED
from ruminate.scoring.model_file import find_model

__all__ = ["file_about", "identity", "machine"]

_PACKAGES: Final = ("spacy", "numpy", "pandas", "pyarrow")


def identity(analyzer: Analyzer) -> dict[str, Any]:
    """What decided, down to checksums, and the versions of everything that has a hand in the numbers."""
    name = analyzer.scorer.name
    return {
        "versions": {"ruminate": __version__, "python": platform.python_version(), **{package: _version(package) for package in _PACKAGES}},
        "decided_by": name,
        "model_sha256": _model(name, analyzer.model),
        "signs_sha256": analyzer.catalogue.sha256,
        "features_sha256": analyzer.table.schema_hash,
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _model(name: str, given: str | None) -> str | None:
    """Of `model.json`, which itself names the checksums of the other files of a model; None where the rules decide."""
    if not name.startswith("model:"):
        return None
    try:
        folder = find_model(name.removeprefix("model:")) if given in (None, *SHIPPED) else Path(str(given))
        return sha256((folder / "model.json").read_bytes()).hexdigest()
    except (ModelError, OSError):
        return None


def machine() -> dict[str, Any]:
    """The class of machine: system, processor family, cores."""
    return {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()}


def file_about(path: Path) -> dict[str, Any]:
    """Name, size and checksum of an output."""
    with path.open("rb") as file:
        return {"name": path.name, "bytes": path.stat().st_size, "sha256": file_digest(file, "sha256").hexdigest()}
