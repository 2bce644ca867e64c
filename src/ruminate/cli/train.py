"""`ruminate train`: labelled texts in, a model folder out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ruminate.cli.shared import EXIT_OK, Commands

__all__ = ["add"]


def add(commands: Commands) -> None:
    """Put the command into the parser."""
    parser = commands.add_parser("train", help="train a model on labelled texts")
    parser.add_argument("texts", nargs="+", type=Path, metavar="LABELLED.jsonl", help="texts with id, text and label, one JSON object a line")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder to write the model to; its name is the model's")
    parser.add_argument("--judged", type=Path, metavar="TEXTS.jsonl", help="unlabeled texts (source, text) to learn from by soft labels")
    parser.add_argument("--soft-labels", type=Path, metavar="FILE", help="soft labels for them, by sha256 of the text")
    parser.add_argument("--deep", action="store_true", help="fine-tune an encoder and join it to the linear model that ships; takes hours")
    parser.add_argument("--checkpoints", type=Path, metavar="FOLDER", help="with --deep: where what is done is kept (default: beside the output)")
    together = "with --deep: sources, with commas, that are held out together; given once a part (default: three parts of like size)"
    parser.add_argument("--held-out", action="append", metavar="SOURCES", help=together)
    earlier = "with --deep: checkpoints of an earlier run with the same parts, whose weights are averaged with these"
    parser.add_argument("--average-with", action="append", default=[], type=Path, metavar="FOLDER", help=earlier)
    parser.add_argument("--epochs", type=int, help="with --deep: passes over the texts (default: 3)")
    parser.add_argument("--rate", type=float, help="with --deep: the encoder's learning rate (default: 7e-5)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (-1: all cores)")
    parser.set_defaults(run=_train)


def _train(options: argparse.Namespace) -> int:
    from ruminate.analyzer import shared_extractor
    from ruminate.errors import InputError
    from ruminate.evaluation.records import read_records
    from ruminate.scoring.model_file import save_model
    from ruminate.training import examples_of, judged_examples, read_soft_labels, train_model

    if options.deep:
        return _train_deep(options)
    if (options.judged is None) != (options.soft_labels is None):
        raise InputError("--judged and --soft-labels go together: texts without labels, and the labels that a larger model gave them")
    examples = [example for path in options.texts for example in examples_of(read_records(path))]
    if options.judged is not None:
        examples += judged_examples(options.judged, read_soft_labels(options.soft_labels), [example.text for example in examples])
    trained = train_model(examples, options.output.name, n_jobs=options.jobs, say=lambda line: print(line, file=sys.stderr))
    save_model(options.output, trained.scorer, {feature.name: feature.unit for feature in shared_extractor().table.features})
    print(f"{options.output}: {len(examples)} texts, base rates {', '.join(f'{share:.2f}' for share in trained.scorer.base_rates or ())}")
    return EXIT_OK


def _train_deep(options: argparse.Namespace) -> int:
    from ruminate.errors import InputError
    from ruminate.evaluation.records import read_records
    from ruminate.scoring.chosen import DEFAULT_MODEL
    from ruminate.training.deep.joining import train_deep
    from ruminate.training.deep.learning import DeepSettings

    if options.judged is not None or options.soft_labels is not None:
        raise InputError("--deep learns from labelled texts alone; leave --judged and --soft-labels out")
    records = [record for path in options.texts for record in read_records(path)]
    kept = options.checkpoints or options.output.with_name(f"{options.output.name}-checkpoints")
    parts = [given.split(",") for given in options.held_out] if options.held_out else 3
    chosen = {name: value for name in ("epochs", "rate") if (value := getattr(options, name)) is not None}
    train_deep(
        records, options.output, linear=DEFAULT_MODEL, checkpoints=kept, parts=parts, settings=DeepSettings(**chosen), others=options.average_with,
        say=lambda line: print(line, file=sys.stderr, flush=True),
    )  # fmt: skip
    print(f"{options.output}: {len(records)} texts; what was done on the way is kept in {kept}")
    return EXIT_OK
