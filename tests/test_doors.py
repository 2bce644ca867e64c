"""One reading, many doors: the same 300 texts through each of them give the same labels, probabilities and places."""

from __future__ import annotations

import importlib.util
import io
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import ruminate
from ruminate.cli import main
from ruminate.results import LABELS, Assessment

ROOT = Path(__file__).parents[1]
AUTHORED = ROOT / "data" / "authored" / "texts.jsonl"
ODD = ["", " ", "Tired.", "I want to kill myself.", "Ich war heute im Garten und habe lange gelesen.", "İ\x00 it's all my fault 😭", "I ruin\r\neverything,\tagain"]


class Seen(NamedTuple):
    """What came out of a door for one text."""

    label: str
    probabilities: tuple[float, ...]
    places: tuple[tuple[str, int, int, str | None], ...]


def seen(found: Assessment) -> Seen:
    places = tuple((item.sign, item.start, item.end, item.cancelled_by) for item in found.evidence)
    return Seen(found.label, tuple(found.probabilities[label] for label in LABELS), places)


def from_json(answer: dict[str, Any]) -> Seen:
    """Read as a program in another language would, by the keys of the wire format."""
    places = tuple((item["sign"], item["start"], item["end"], item["cancelled_by"]) for item in answer["evidence"])
    return Seen(answer["label"], tuple(answer["probabilities"][label] for label in LABELS), places)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    lines = AUTHORED.read_text("utf-8").splitlines()
    step = len(lines) // (300 - len(ODD))
    chosen = [json.loads(line)["text"] for line in lines[::step]]
    return (ODD + chosen)[:300]


@pytest.fixture(scope="module")
def expected(texts: list[str]) -> list[Seen]:
    return [seen(ruminate.assess(text)) for text in texts]


def stream(texts: Sequence[str]) -> list[Seen]:
    return [seen(found) for found in ruminate.assess_many(iter(texts))]


def processes(texts: Sequence[str]) -> list[Seen]:
    return [seen(found) for found in ruminate.assess_many(texts, n_jobs=2)]


def threads(texts: Sequence[str]) -> list[Seen]:
    analyzer = ruminate.Analyzer()
    with ThreadPoolExecutor(32) as pool:
        return [seen(found) for found in pool.map(analyzer.assess, texts)]


def stored(texts: Sequence[str]) -> list[Seen]:
    return [seen(Assessment.from_dict(json.loads(ruminate.assess(text).to_json()))) for text in texts]


def command_line(texts: Sequence[str]) -> list[Seen]:
    """`ruminate assess - --json`, in this process."""
    found = []
    before = sys.stdin, sys.stdout
    try:
        for text in texts:
            sys.stdin = io.TextIOWrapper(io.BytesIO(text.encode("utf-8")))
            sys.stdout = io.StringIO()
            assert main(["assess", "-", "--json"]) == 0
            found.append(from_json(json.loads(sys.stdout.getvalue())))
    finally:
        sys.stdin, sys.stdout = before
    return found


def spacy_component(texts: Sequence[str]) -> list[Seen]:
    """Also stored and read back; the spans of the document hold the places, down to its tokens."""
    import spacy
    from spacy.tokens import DocBin

    nlp = spacy.blank("en")
    nlp.add_pipe("ruminate")
    found = []
    docs = DocBin(docs=list(nlp.pipe(texts)), store_user_data=True)
    for doc in DocBin().from_bytes(docs.to_bytes()).get_docs(nlp.vocab):
        result = seen(doc._.ruminate)
        counting = [place for place in result.places if place[3] is None]
        assert [span.label_ for span in doc.spans["ruminate"]] == [sign for sign, *_ in counting]
        assert all(span.start_char <= start and end <= span.end_char for span, (_, start, end, _) in zip(doc.spans["ruminate"], counting, strict=True))
        found.append(result)
    return found


def service(texts: Sequence[str]) -> list[Seen]:
    pytest.importorskip("fastapi")
    from fastapi.testclient import TestClient

    spec = importlib.util.spec_from_file_location("service_door", ROOT / "examples" / "service.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with TestClient(module.app) as client:
        return [from_json(client.post("/assess", json={"text": text}).json()) for text in texts]


def dask_bag(texts: Sequence[str]) -> list[Seen]:
    bag = pytest.importorskip("dask.bag")
    parts = bag.from_sequence(texts, npartitions=3).map_partitions(lambda part: [seen(found) for found in ruminate.assess_many(part)])
    found: list[Seen] = parts.compute(scheduler="threads")
    return found


def from_frame(frame: Any, texts: Sequence[str], columns: Callable[[Any, str], list[Any]]) -> list[Seen]:
    """Labels and probabilities from the one frame, places from the other."""
    from ruminate.frames import assess_frame, evidence_frame

    found = assess_frame(frame)
    places: list[list[tuple[str, int, int, str | None]]] = [[] for _ in texts]
    for row in evidence_frame(frame).itertuples():
        places[row.row].append((row.sign, row.start, row.end, row.cancelled_by if isinstance(row.cancelled_by, str) else None))
    chances = zip(*(columns(found, f"p_{label}") for label in LABELS), strict=True)
    return [Seen(label, share, tuple(here)) for label, share, here in zip(columns(found, "label"), chances, places, strict=True)]


def pandas_frame(texts: Sequence[str]) -> list[Seen]:
    import pandas as pd

    return from_frame(pd.DataFrame({"text": texts}), texts, lambda frame, name: frame[name].tolist())


def polars_frame(texts: Sequence[str]) -> list[Seen]:
    polars = pytest.importorskip("polars")
    return from_frame(polars.DataFrame({"text": texts}), texts, lambda frame, name: frame[name].to_list())


def arrow_table(texts: Sequence[str]) -> list[Seen]:
    arrow = pytest.importorskip("pyarrow")
    return from_frame(arrow.table({"text": texts}), texts, lambda frame, name: frame[name].to_pylist())


def from_tables(results: Any, evidence: Any) -> list[Seen]:
    """From the wide and the long table of a run, as somebody who analyses them would join them."""
    places: dict[int, list[tuple[str, int, int, str | None]]] = {row: [] for row in results["row"]}
    for row in evidence.itertuples():
        places[row.row].append((row.sign, row.start, row.end, row.cancelled_by if isinstance(row.cancelled_by, str) else None))
    shares = zip(*(results[f"p_{label}"] for label in LABELS), strict=True)
    return [Seen(label, share, tuple(places[row])) for label, share, row in zip(results["label"], shares, results["row"], strict=True)]


def batch_run(texts: Sequence[str], folder: Path, suffix: str, **options: Any) -> Path:
    from ruminate.batch import BatchOptions, run_batch

    source, out = folder / "texts.jsonl", folder / f"out{suffix}"
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    outcome = run_batch([source], out, BatchOptions(evidence=True, part_rows=64, **options))
    assert outcome.counts["assessed"] == len(texts)
    return out


def batch_files(texts: Sequence[str], suffix: str, **options: Any) -> list[Seen]:
    with tempfile.TemporaryDirectory() as folder:
        out = batch_run(texts, Path(folder), suffix, **options)
        return from_tables(ruminate.read_results(out), ruminate.read_evidence(out))


def batch_csv(texts: Sequence[str]) -> list[Seen]:
    return batch_files(texts, ".csv")


def batch_jsonl(texts: Sequence[str]) -> list[Seen]:
    return batch_files(texts, ".jsonl")


def batch_parquet(texts: Sequence[str]) -> list[Seen]:
    pytest.importorskip("pyarrow")
    return batch_files(texts, ".parquet", n_jobs=2)


def batch_dask(texts: Sequence[str]) -> list[Seen]:
    """The engine itself is tested in test_engines.py; here its worker's function is run by Dask's own threads."""
    dask = pytest.importorskip("dask")
    import pandas as pd

    from ruminate.batch import Job, assess_part

    parts = [pd.DataFrame({"text": pd.Series(texts[at : at + 90], dtype="object")}) for at in range(0, len(texts), 90)]
    done = dask.compute(*(dask.delayed(assess_part)(part, Job(evidence=True)) for part in parts), scheduler="threads", num_workers=2)
    found = pd.concat(done, ignore_index=True).assign(row=range(len(texts)))
    evidence = [{"row": row, **entry} for row, cell in enumerate(found["found_evidence"]) for entry in json.loads(cell)]
    return from_tables(found, pd.DataFrame(evidence))


def report_read_back(texts: Sequence[str]) -> list[Seen]:
    """What the report is made from."""
    from ruminate.report import read_study

    with tempfile.TemporaryDirectory() as folder:
        study = read_study(batch_run(texts, Path(folder), ".csv"))
    assert study.text == "text"
    return from_tables(study.results, study.evidence)


DOORS: list[Callable[[Sequence[str]], list[Seen]]] = [
    stream, processes, threads, stored, command_line, spacy_component, pandas_frame, polars_frame, arrow_table, service, dask_bag,
    batch_csv, batch_jsonl, batch_parquet, batch_dask, report_read_back,
]  # fmt: skip


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_every_door_says_the_same(door: Callable[[Sequence[str]], list[Seen]], texts: list[str], expected: list[Seen]) -> None:
    assert len(texts) == 300
    found = door(texts)
    assert [one.label for one in found] == [one.label for one in expected]
    assert [one.places for one in found] == [one.places for one in expected]
    for one, other in zip(found, expected, strict=True):
        assert one.probabilities == pytest.approx(other.probabilities, abs=1e-9)


def test_the_texts_are_worth_it(expected: list[Seen]) -> None:
    """All labels, abstentions, evidence that counts and evidence that doesn't are among them."""
    assert {one.label for one in expected} == {*LABELS, "uncertain"}
    assert sum(len(one.places) for one in expected) > 300
    assert {place[3] is None for one in expected for place in one.places} == {True, False}


def test_features_are_those_of_featurize(texts: list[str]) -> None:
    from ruminate.estimators import SignFeatures

    rows = SignFeatures().fit_transform(texts)
    assert all(row.tolist() == list(ruminate.featurize(text).values()) for row, text in zip(rows, texts, strict=True))
