"""`ruminate batch`: files of texts in, tables of results out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ruminate.cli.shared import EXIT_OK, Commands

__all__ = ["add"]

_INTERRUPTED = 130


def add(commands: Commands) -> None:
    """Put the command into the parser."""
    parser = commands.add_parser("batch", help="assess many texts: CSV, TSV, JSONL, Parquet, Excel, folders of .txt and .md")
    parser.add_argument("inputs", nargs="+", type=Path, metavar="IN", help="files or folders; .csv, .tsv, .jsonl and .txt also as .gz")
    parser.add_argument("-o", "--output", type=Path, required=True, help="results, ending in .parquet, .csv or .jsonl")
    for role in ("text", "id", "author", "time"):
        parser.add_argument(f"--{role}-column", metavar="NAME", help=f"column of the {role}; guessed, and said, where only one fits")
    parser.add_argument("--keep", action="append", metavar="NAME", help="carry only this other column through (repeat it); all by default")
    parser.add_argument("--encoding", help="of text files; found by looking at them by default")
    parser.add_argument("--evidence", action="store_true", help="also write a long table of evidence")
    parser.add_argument("--sentences", action="store_true", help="also write a long table of sentences")
    parser.add_argument("--redact", action="store_true", help="write no text and no quotes: ids, offsets and scores only")
    parser.add_argument("--max-chars", type=int, default=1_000_000, metavar="N", help="reject longer texts (default: 1000000)")
    parser.add_argument("--rules", action="store_true", help="let the rules decide, even if a trained model is there")
    parser.add_argument("--model", help="default, deep (needs the extra `deep`), auto, or a model folder")
    parser.add_argument("--signs", action="append", default=[], metavar="FOLDER", help="signs of your own (repeat it)")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (-1: all cores); changes nothing in the results")
    parser.add_argument("--engine", choices=("local", "dask", "spark"), default="local", help="where the work is done")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of the Dask scheduler or the Spark master; one on this machine by default")
    parser.add_argument("--resume", action="store_true", help="go on with a run that was cut off")
    parser.add_argument("--overwrite", action="store_true", help="replace results of an earlier run")
    parser.add_argument("--quiet", action="store_true", help="say nothing but errors")
    parser.set_defaults(run=_batch)


def _batch(options: argparse.Namespace) -> int:
    from ruminate.batch.options import BatchOptions
    from ruminate.batch.run import run_batch

    settings = {"model": None if options.rules else options.model or "default"}
    if options.signs:
        settings["signs"] = tuple(options.signs)
    asked = BatchOptions(
        text_column=options.text_column, id_column=options.id_column, author_column=options.author_column, time_column=options.time_column,
        keep=None if options.keep is None else tuple(options.keep), encoding=options.encoding, evidence=options.evidence, sentences=options.sentences,
        redact=options.redact, max_chars=options.max_chars, settings=settings, n_jobs=options.jobs, engine=options.engine,
        scheduler=options.scheduler, resume=options.resume, overwrite=options.overwrite,
    )  # fmt: skip

    def tell(line: str) -> None:
        if not options.quiet:
            print(line, file=sys.stderr)

    try:
        outcome = run_batch(options.inputs, options.output, asked, tell=tell, quiet=options.quiet, command=sys.argv)
    except KeyboardInterrupt:
        print("ruminate: stopped; the same command with --resume goes on from here", file=sys.stderr)
        return _INTERRUPTED
    counts = outcome.counts
    tell(f"{counts['read']:,} rows read = {counts['assessed']:,} assessed + {counts['rejected']:,} rejected")
    tell("written: " + ", ".join(file.name for file in outcome.files))
    return EXIT_OK
