"""Many texts at once: files in, tables and a manifest out; nothing lost, resumable, the same bytes whatever the number of processes.

Reading, the pure frame-to-frame function, engines, writing and the manifest are apart, so that each can be used alone:
`assess_part` is what Dask, Spark and Ray run.
"""

from ruminate.batch.identifiers import find_identifiers
from ruminate.batch.options import BatchOptions, Outputs
from ruminate.batch.run import Outcome, run_batch
from ruminate.batch.spread import assess_dask, assess_spark, ray_function
from ruminate.batch.work import Job, assess_part, part_columns

__all__ = [
    "BatchOptions", "Job", "Outcome", "Outputs", "assess_dask", "assess_part", "assess_spark", "find_identifiers", "part_columns", "ray_function", "run_batch",
]  # fmt: skip
