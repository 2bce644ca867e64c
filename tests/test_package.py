"""What importing costs, what stays offline, and what the public names are."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import ruminate

ROOT = Path(__file__).parents[1]


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_import_is_light() -> None:
    """`import ruminate` loads neither spaCy, scikit-learn, pandas, joblib nor numpy."""
    heavy = run("import sys, ruminate; print([m for m in ('spacy', 'sklearn', 'pandas', 'joblib', 'numpy') if m in sys.modules])")
    assert heavy == "[]"


def test_assessing_needs_neither_scikit_learn_nor_pandas() -> None:
    heavy = run("import sys, ruminate; ruminate.assess('I failed.'); print([m for m in ('sklearn', 'pandas', 'torch') if m in sys.modules])")
    assert heavy == "[]"


def test_doors_are_opened_by_hand_only() -> None:
    """`ruminate.estimators` is a door: the package itself never imports it."""
    assert run("import sys, ruminate; assert 'sklearn' not in sys.modules; import ruminate.estimators; print('sklearn' in sys.modules)") == "True"


def test_offline() -> None:
    """Nothing opens a socket."""
    code = """
import sys

def no_network(event, arguments):
    if event.startswith(("socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request")):
        raise SystemExit(f"{event}: the network was asked for")

sys.addaudithook(no_network)
import ruminate
print(ruminate.assess("I keep going over it.").label)
"""
    assert run(code) in (*ruminate.LABELS, "uncertain")


def test_public_names() -> None:
    assert {"assess", "assess_many", "Analyzer", "find_evidence", "featurize", "feature_names", "load_signs"} <= set(ruminate.__all__)
    for name in ruminate.__all__:
        assert getattr(ruminate, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = ruminate.no_such_name


def test_versions_agree() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text()
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()


def test_features_are_documented() -> None:
    from ruminate.analyzer import shared_extractor

    features = shared_extractor().table.features
    assert len({feature.name for feature in features}) == len(features)
    assert all(feature.says and feature.unit and feature.source for feature in features)
    assert tuple(ruminate.featurize("I failed again. Why?")) == ruminate.feature_names()
