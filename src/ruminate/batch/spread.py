"""Where the work is done: this process, processes of this machine, a Dask cluster, Spark. Each runs the same pure function.

An engine takes frames of texts and gives frames of results, in order. None of them is ours.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from ruminate.analyzer import analyzer_of
from ruminate.batch.work import Job, assess_part, part_columns
from ruminate.errors import InputError
from ruminate.frames.columns import Column, schema
from ruminate.frames.tables import assess_frame
from ruminate.frames.typed import to_frame, typed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ENGINES", "assess_dask", "assess_spark", "engine", "ray_function"]

Engine = Callable[[Iterator[Any], Job], Iterator[Any]]
ENGINES: Final = ("local", "dask", "spark")
_GROUP: Final = 8
"""Parts that one Spark job is given."""


def engine(name: str, n_jobs: int = 1, scheduler: str | None = None) -> Engine:
    """The engine of that name.

    Raises
    ------
    InputError
        If there is none, or what it needs is not installed or not to be reached.
    """
    if name == "local":
        return partial(_local, n_jobs=n_jobs)
    if name == "dask":
        return partial(_dask, n_jobs=n_jobs, scheduler=scheduler)
    if name == "spark":
        return partial(_spark, n_jobs=n_jobs, scheduler=scheduler)
    raise InputError(f"there is no engine {name!r}; known are {', '.join(ENGINES)}")


def _local(frames: Iterator[pd.DataFrame], job: Job, *, n_jobs: int) -> Iterator[pd.DataFrame]:
    if n_jobs == 1:
        yield from (assess_part(frame, job) for frame in frames)
    else:
        yield from _joblib(frames, job, n_jobs)


def _joblib(frames: Iterator[pd.DataFrame], job: Job, n_jobs: int) -> Iterator[pd.DataFrame]:
    from joblib import Parallel, delayed

    yield from Parallel(n_jobs=n_jobs, return_as="generator", pre_dispatch="2*n_jobs")(delayed(assess_part)(frame, job) for frame in frames)


def _dask(frames: Iterator[pd.DataFrame], job: Job, *, n_jobs: int, scheduler: str | None) -> Iterator[pd.DataFrame]:
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise InputError('the engine dask needs Dask: pip install "ruminate-nlp[dask]"') from None

    cluster = None if scheduler else LocalCluster(n_workers=max(n_jobs, 1), threads_per_worker=1, dashboard_address="127.0.0.1:0")
    try:
        with Client(scheduler or cluster, timeout="10s") as client:
            yield from _futures(client, frames, job)
    except OSError as error:
        raise InputError(f"the Dask scheduler {scheduler} can't be reached ({type(error).__name__})") from error
    finally:
        if cluster is not None:
            cluster.close()


def _futures(client: Any, frames: Iterator[pd.DataFrame], job: Job) -> Iterator[pd.DataFrame]:
    """A few parts ahead of the one that is taken. The texts stand in the task, so the scheduler can give it to another worker when one dies.

    (joblib's Dask backend puts them into a worker's memory first: when that worker dies, it waits for them for ever.)
    """
    waiting: deque[Any] = deque()
    for frame in frames:
        waiting.append(client.submit(assess_part, frame, job, pure=False))
        if len(waiting) >= 3 * max(len(client.scheduler_info(n_workers=-1)["workers"]), 1):
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def spark_session(n_jobs: int, master: str | None) -> tuple[Any, bool]:
    """A Spark session, and whether it was made here; `InputError` says what is missing where there can't be one."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise InputError('the engine spark needs PySpark: pip install "ruminate-nlp[spark]"') from None
    try:
        builder = SparkSession.builder.master(master or f"local[{max(n_jobs, 1)},4]").appName("ruminate")  # a task may fail three times
        settings = {
            "spark.ui.enabled": "false", "spark.sql.execution.arrow.pyspark.enabled": "true", "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": "8", "spark.sql.debug.maxToStringFields": "200", "spark.log.level": "ERROR",
        }  # fmt: skip
        if master is None:
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else its workers are whichever python3 comes first, with other packages
            settings["spark.driver.bindAddress"] = settings["spark.driver.host"] = "127.0.0.1"
        for key, value in settings.items():
            builder = builder.config(key, value)
        own = SparkSession.getActiveSession() is None
        return builder.getOrCreate(), own
    except Exception as error:
        raise InputError(f"Spark could not be started ({type(error).__name__}); it needs Java 17 or newer (Debian: openjdk-17-jre-headless)") from error


def _spark(frames: Iterator[pd.DataFrame], job: Job, *, n_jobs: int, scheduler: str | None) -> Iterator[pd.DataFrame]:
    import pandas as pd

    session, own = spark_session(n_jobs, scheduler)
    places = (Column("part", "integer", "", ""), Column("at", "integer", "", ""))
    columns = (*places, *part_columns(job))

    def work(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            done = assess_part(batch, job)
            done.insert(0, "at", batch["at"].to_numpy())
            done.insert(0, "part", batch["part"].to_numpy())
            yield done

    def groups() -> Iterator[pd.DataFrame]:
        while group := list(islice(frames, _GROUP * max(n_jobs, 1))):
            sent = pd.concat([frame.assign(part=part, at=range(len(frame))) for part, frame in enumerate(group)], ignore_index=True)
            if sent.empty:
                yield from (to_frame((), part_columns(job)) for _ in group)
                continue
            spread = session.createDataFrame(sent, schema="text string, part long, at long").repartition(len(group), "part")
            came = typed(spread.mapInPandas(work, schema=_ddl(columns)).toPandas(), columns).sort_values(["part", "at"])
            for part in range(len(group)):
                yield came[came["part"] == part].drop(columns=["part", "at"]).reset_index(drop=True)

    try:
        yield from groups()
    finally:
        if own:
            session.stop()


def _ddl(columns: Sequence[Column]) -> str:
    kinds = {"text": "string", "number": "double", "integer": "long", "truth": "boolean"}
    return ", ".join(f"`{column.name}` {kinds[column.kind]}" for column in columns)


def _add(frame: pd.DataFrame, column: str, settings: dict[str, Any], features: bool) -> pd.DataFrame:
    found: pd.DataFrame = assess_frame(frame, column, analyzer=analyzer_of(settings), features=features)
    return found


def ray_function(column: str = "text", *, features: bool = False, **settings: Any) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """The frame-to-frame function for Ray Data: `dataset.map_batches(ray_function("text"), batch_format="pandas")`.

    Parameters
    ----------
    column
        Name of the column of texts.
    features
        Whether the features are wanted, too.
    settings
        As `Analyzer` takes them.

    Examples
    --------
    >>> import pandas as pd
    >>> ray_function("note", model=None)(pd.DataFrame({"note": ["It's all my fault, I ruin everything."]}))["label"].tolist()
    ['rumination']
    """
    return partial(_add, column=column, settings=settings, features=features)


def assess_dask(frame: Any, column: str = "text", *, features: bool = False, **settings: Any) -> Any:
    """A Dask frame with the columns of `ruminate.frames.schema()` added, worked out when it is computed; as `ray_function`."""
    work = ray_function(column, features=features, **settings)
    import pandas as pd

    head = pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in frame.dtypes.items()})
    return frame.map_partitions(work, meta=work(head))


def assess_spark(frame: Any, column: str = "text", *, features: bool = False, **settings: Any) -> Any:
    """A Spark frame with the columns of `ruminate.frames.schema()` added, by `mapInPandas` with a declared schema; as `ray_function`."""
    work = ray_function(column, features=features, **settings)
    there = ", ".join(f"`{field.name}` {field.dataType.simpleString()}" for field in frame.schema.fields)

    def each(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        yield from map(work, batches)

    return frame.mapInPandas(each, schema=f"{there}, {_ddl(schema(features=features, analyzer=analyzer_of(settings)))}")
