"""Frames: every kind gives the same, nothing is lost, nothing is overwritten."""

from __future__ import annotations

import pandas as pd
import pytest

from ruminate import assess
from ruminate.errors import InputError
from ruminate.frames import assess_frame, evidence_columns, evidence_frame, schema
from ruminate.results import Evidence

TEXTS = ["It's all my fault, I keep going over it and I ruin everything.", None, "Bought bread and milk.", "", "She says I'm a failure. Maybe she was tired; next time I'll ask."]


def test_rows_are_what_assess_says() -> None:
    frame = pd.DataFrame({"id": list("abcde"), "text": TEXTS}, index=[9, 8, 7, 6, 5])
    found = assess_frame(frame)
    assert found.index.tolist() == [9, 8, 7, 6, 5]
    assert found.columns.tolist() == ["id", "text", *(column.name for column in schema())]
    for (_, row), text in zip(found.iterrows(), TEXTS, strict=True):
        if text is None:
            assert row["problem"] == "missing"
            assert pd.isna(row["label"])
            continue
        one = assess(text)
        assert row["label"] == one.label
        assert row["p_rumination"] == one.probabilities["rumination"]
        assert row["evidence"] + row["cancelled"] == len(one.evidence)
        assert {name: row[f"sign_{name}"] for name in one.signs} == dict(one.signs)
    assert frame.columns.tolist() == ["id", "text"], "the frame handed in is left alone"


def test_processes_change_nothing() -> None:
    frame = pd.DataFrame({"text": [text or "" for text in TEXTS] * 60})
    pd.testing.assert_frame_equal(assess_frame(frame), assess_frame(frame, n_jobs=2))


@pytest.mark.parametrize("kind", ["polars", "pyarrow"])
def test_other_frames(kind: str) -> None:
    pytest.importorskip("narwhals")
    library = pytest.importorskip(kind)
    frame = library.DataFrame({"text": TEXTS}) if kind == "polars" else library.table({"text": TEXTS})
    found = assess_frame(frame)
    assert type(found) is type(frame)
    expected = assess_frame(pd.DataFrame({"text": TEXTS}))
    labels = found["label"].to_list() if kind == "polars" else found["label"].to_pylist()
    assert labels == expected["label"].tolist()


def test_evidence_is_long() -> None:
    found = evidence_frame(pd.DataFrame({"id": list("abcde"), "text": TEXTS}), keep=["id"])
    assert [column.name for column in evidence_columns()] == list(Evidence._fields)
    for row in found.itertuples():
        assert TEXTS[row.row][row.start : row.end] == row.quote


def test_clear_errors() -> None:
    with pytest.raises(InputError, match="no column 'words'"):
        assess_frame(pd.DataFrame({"text": ["a"]}), "words")
    with pytest.raises(InputError, match="give a prefix"):
        assess_frame(pd.DataFrame({"text": ["a"], "label": ["b"]}))
    assert "r_label" in assess_frame(pd.DataFrame({"text": ["a"], "label": ["b"]}), prefix="r_")
    with pytest.raises(InputError, match="a frame is needed"):
        assess_frame(["a"])
    assert assess_frame(pd.DataFrame({"text": [3, b"x"]}))["problem"].tolist() == ["not text", "not text"]
    assert assess_frame(pd.DataFrame({"text": []}))["label"].tolist() == []
