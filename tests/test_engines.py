"""One pure function, many engines: a real Dask cluster, a real Spark and a real Ray on this machine give the bytes of a local run."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pandas as pd
import pytest

from ruminate.batch import BatchOptions, Job, Outputs, assess_dask, assess_part, assess_spark, part_columns, ray_function, run_batch
from ruminate.cli import main
from ruminate.errors import InputError
from ruminate.frames import assess_frame, schema, typed

TEXTS = [
    "I keep going over it, it's all my fault.\nI ruin everything, always.", "Bought \"good\" bread; and milk.", "Maybe she was tired. Next time I'll ask.",
    "", "Tired.", "I want to kill myself.", "Ich war heute im Garten und habe lange gelesen.", "It\x00 was my fault 😭, again and again",
]  # fmt: skip
JAVA = shutil.which("java") or os.environ.get("JAVA_HOME")
needs_java = pytest.mark.skipif(JAVA is None, reason="Java is not installed (Debian: apt-get install openjdk-17-jre-headless); Spark was NOT tested")
quiet_engines = pytest.mark.filterwarnings("default")  # what engines and their networks warn of among themselves isn't ours to mend


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("engines") / "in.csv"
    frame = pd.DataFrame({"id": range(200), "text": [f"{TEXTS[at % 8]}{' ' + str(at) if at % 8 != 3 else ''}" for at in range(200)]})
    frame.to_csv(path, index=False)
    with path.open("a", encoding="utf-8") as file:
        file.write('200,"never closed\n201,fine again\n')
    return path


def options(engine: str, **more: Any) -> BatchOptions:
    return BatchOptions(evidence=True, sentences=True, part_rows=24, engine=engine, **more)


def files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.parent.iterdir() if "manifest" not in path.name}


@pytest.fixture(scope="module")
def local(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("local") / "out.parquet"
    run_batch([source], out, options("local"))
    return files(out)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pd.DataFrame({"n": range(40), "text": pd.Series([None if at == 7 else TEXTS[at % 8] for at in range(40)], dtype="object")})


@pytest.fixture(scope="module")
def expected(frame: pd.DataFrame) -> pd.DataFrame:
    return typed(assess_frame(frame, features=True), schema(features=True))


# dask


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed", reason='Dask is not installed: pip install "ruminate-nlp[dask]"')
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as made:
        yield made


@pytest.mark.slow
@quiet_engines
def test_dask_of_its_own(source: Path, local: dict[str, bytes], tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    outcome = run_batch([source], tmp_path / "out.parquet", options("dask", n_jobs=2))
    assert files(tmp_path / "out.parquet") == local
    assert outcome.counts["read"] == 202
    assert outcome.manifest["run"]["engine"] == "dask"


@pytest.mark.slow
@quiet_engines
def test_dask_by_address(source: Path, local: dict[str, bytes], tmp_path: Path, cluster: Any) -> None:
    command = ["batch", str(source), "-o", str(tmp_path / "out.parquet"), "--engine", "dask", "--scheduler", cluster.scheduler_address, "--evidence", "--sentences"]
    assert main([*command, "--quiet"]) == 0
    found = typed(pd.read_parquet(tmp_path / "out.parquet"), schema(features=True))
    one = tmp_path / "local.parquet"
    one.write_bytes(local["out.parquet"])
    pd.testing.assert_frame_equal(found, typed(pd.read_parquet(one), schema(features=True)), check_exact=True)


@pytest.mark.slow
@quiet_engines
def test_a_dask_worker_that_dies_loses_nothing(source: Path, local: dict[str, bytes], tmp_path: Path) -> None:
    """A worker is killed while it works; the scheduler gives its parts to another, and no row is lost or doubled."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as made:
        victim = next(iter(made.workers.values())).process.pid
        out = tmp_path / "out" / "out.parquet"

        def kill_at_work() -> None:
            while not (Outputs(out).work / "000000").exists():
                time.sleep(0.02)
            os.kill(victim, signal.SIGKILL)

        killer = Thread(target=kill_at_work, daemon=True)
        killer.start()
        run_batch([source], out, options("dask", scheduler=made.scheduler_address))
        killer.join(timeout=10)
        assert not killer.is_alive(), "the worker was killed while there was work to do"
    assert files(out) == local


@pytest.mark.slow
@quiet_engines
def test_a_dask_frame(frame: pd.DataFrame, expected: pd.DataFrame, cluster: Any) -> None:
    import dask.dataframe as dd
    from distributed import Client

    with Client(cluster):
        made = assess_dask(dd.from_pandas(frame, npartitions=3), features=True)
        assert made.columns.tolist() == [*frame.columns, *(column.name for column in schema(features=True))]
        found = made.compute()
    assert found["n"].tolist() == frame["n"].tolist()
    pd.testing.assert_frame_equal(typed(found, schema(features=True)), expected, check_exact=True)


@pytest.mark.slow
@quiet_engines
def test_joblib_on_dask(frame: pd.DataFrame, expected: pd.DataFrame, cluster: Any) -> None:
    """Whatever takes `n_jobs` runs on a cluster when joblib is told to."""
    from distributed import Client
    from joblib import parallel_config

    with Client(cluster), parallel_config(backend="dask"):
        found = assess_frame(frame, features=True, n_jobs=2)
    pd.testing.assert_frame_equal(typed(found, schema(features=True)), expected, check_exact=True)


@pytest.mark.slow
@quiet_engines
def test_a_dask_scheduler_that_isnt_there(source: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match=r"127\.0\.0\.1:9 can't be reached"):
        run_batch([source], tmp_path / "out.csv", options("dask", scheduler="tcp://127.0.0.1:9"))


# spark


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    pytest.importorskip("pyspark", reason='PySpark is not installed: pip install "ruminate-nlp[spark]"')
    from ruminate.batch.spread import spark_session

    session, _ = spark_session(2, None)
    yield session
    session.stop()


@pytest.mark.slow
@needs_java
@quiet_engines
def test_spark_gives_the_same_bytes(source: Path, local: dict[str, bytes], tmp_path: Path, spark: Any) -> None:
    run_batch([source], tmp_path / "out.parquet", options("spark", n_jobs=2))
    assert files(tmp_path / "out.parquet") == local


@pytest.mark.slow
@needs_java
@quiet_engines
def test_a_spark_frame(frame: pd.DataFrame, expected: pd.DataFrame, spark: Any) -> None:
    given = spark.createDataFrame(frame, schema="n long, text string").repartition(3)
    made = assess_spark(given, features=True)
    kinds = {"text": "string", "number": "double", "integer": "bigint", "truth": "boolean"}
    assert made.dtypes[2:] == [(column.name, kinds[column.kind]) for column in schema(features=True)], "the declared schema"
    found = made.toPandas().sort_values("n").reset_index(drop=True)
    assert found["n"].tolist() == frame["n"].tolist()
    pd.testing.assert_frame_equal(typed(found, schema(features=True)), expected, check_exact=True)


@pytest.mark.slow
def test_spark_without_java_says_so(source: Path, tmp_path: Path) -> None:
    """Run where no Java can be found: one clear sentence, no stack trace."""
    pytest.importorskip("pyspark")
    place = {name: value for name, value in os.environ.items() if name != "JAVA_HOME"} | {"PATH": str(tmp_path)}
    (tmp_path / "python3").symlink_to(sys.executable)
    for tool in ("bash", "dirname", "env", "ps", "sh"):
        if found := shutil.which(tool):
            (tmp_path / tool).symlink_to(found)
    command = [sys.executable, "-m", "ruminate", "batch", str(source), "-o", str(tmp_path / "out.csv"), "--engine", "spark"]
    done = subprocess.run(command, env=place, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 1
    assert "needs Java 17 or newer (Debian: openjdk-17-jre-headless)" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.csv").exists()


# ray


@pytest.mark.slow
@quiet_engines
def test_ray_batches(frame: pd.DataFrame, expected: pd.DataFrame) -> None:
    """In a process of its own: Ray changes much in the one it is in."""
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'ray[data]'; the function for map_batches was not tested on it")
    code = """
import sys
import pandas as pd, ray
from ruminate.batch import ray_function
ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR", object_store_memory=100_000_000)
data = ray.data.from_pandas(pd.read_json(sys.argv[1], orient="split", dtype=False)).repartition(3)
found = data.map_batches(ray_function("text", features=True), batch_format="pandas").to_pandas()
found.sort_values("n").to_pickle(sys.argv[2])
"""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder, "in.json"), Path(folder, "out.pickle")
        frame.to_json(given, orient="split")
        done = subprocess.run([sys.executable, "-c", code, str(given), str(out)], capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        found = pd.read_pickle(out).reset_index(drop=True)
    assert found["n"].tolist() == frame["n"].tolist()
    pd.testing.assert_frame_equal(typed(found, schema(features=True)), expected, check_exact=True)


# all of them


def test_the_function_is_pure(frame: pd.DataFrame) -> None:
    """Pieces give what the whole gives, the input stays as it was, and empty pieces have every column."""
    texts = frame[["text"]].fillna("")
    before = texts.copy(deep=True)
    job = Job(evidence=True, sentences=True)
    whole = assess_part(texts, job)
    pieces = pd.concat([assess_part(texts.iloc[start : start + 9], job) for start in range(0, 40, 9)], ignore_index=True)
    pd.testing.assert_frame_equal(whole, pieces, check_exact=True)
    pd.testing.assert_frame_equal(texts, before)
    assert assess_part(texts.iloc[:0], job).dtypes.tolist() == whole.dtypes.tolist()
    assert whole.columns.tolist() == [column.name for column in part_columns(job)]


def test_functions_travel(frame: pd.DataFrame) -> None:
    import pickle

    work = ray_function("text", model=None)
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(work))(frame), work(frame))


def test_an_engine_that_isnt_known(source: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no engine 'slurm'; known are local, dask, spark"):
        run_batch([source], tmp_path / "out.csv", options("slurm"))
