"""Shared fixtures; Hypothesis without deadlines, since a shared machine is no stopwatch."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from ruminate.analyzer import Analyzer, default_analyzer
from ruminate.evaluation.records import Record, read_records

AUTHORED = Path(__file__).parents[1] / "data" / "authored" / "texts.jsonl"

settings.register_profile("default", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=1500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    return default_analyzer()


@pytest.fixture(scope="session")
def rules() -> Analyzer:
    return Analyzer(model=None)


@pytest.fixture(scope="session")
def authored() -> list[Record]:
    return read_records(AUTHORED)
