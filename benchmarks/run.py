"""Every contestant on every suite, by one command; what CI holds against floors, by another.

    python benchmarks/run.py --quick                                      our own texts, speed, floors (no other text is needed)
    python benchmarks/run.py --train TRAIN --dev DEV --judged UNLABELED --external FOLDER --jobs 2
                                                                          the whole table, on your own copies (docs/benchmark.md)

`--predictions FILE` adds anybody's predictions on DEV; `--columns NAME=FILE` adds an export of numbers by id (LIWC, TextDescriptives) to the
contestants that learn; `--texts OUT.jsonl` writes id and text of all texts for such a system, and stops. Results go to benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from contestants import fixed, learners
from features import add_features
from floors import below, of_model, own_examples
from judging import write_results
from pool import read_pool
from protocol import answers_of_fixed, answers_of_learners, answers_of_predictions
from ruminate.analyzer import Analyzer
from ruminate.evaluation.registry import AUTHORED
from speed import cold, latency, of_160_words, throughput
from tables import RESULTS


def figures_of_speed(train: Path | None) -> dict[str, float]:
    cases = [(of_160_words(AUTHORED), Analyzer(), "own texts")]
    if train is not None:
        cases += [(of_160_words(train), Analyzer(), "real texts"), (of_160_words(train), Analyzer(None), "real texts, rules")]
    figures = cold(3)
    for texts, analyzer, what in cases:
        figures |= throughput(texts, analyzer, what=what, rounds=5) | latency(texts, analyzer, what=what)
    return figures


def quick(model: str | None) -> dict[str, float]:
    return {**own_examples(), **of_model(Analyzer(model or "default"))}


def whole(options: argparse.Namespace) -> None:
    """The table of all contestants; what takes long is said on the way."""
    begin = time.monotonic()
    columns = {name: Path(path) for name, _, path in (one.partition("=") for one in options.columns)}
    pool = read_pool(options.train, options.dev, options.judged, options.external)
    print(f"{len(pool.corpus.examples)} texts read ({time.monotonic() - begin:.0f} s)", flush=True)
    if options.texts is not None:
        written = ((record.id, record.text) for listed in pool.records.values() for record in listed)
        options.texts.write_text("".join(json.dumps({"id": name, "text": text}, ensure_ascii=False) + "\n" for name, text in written), "utf-8")
        return
    add_features(pool, columns)
    print(f"numbers of peers ({time.monotonic() - begin:.0f} s)", flush=True)
    answered = [answers_of_fixed(pool, contestant) for contestant in fixed(pool.records["train"])]
    answered += [answers_of_predictions(path, pool.records["dev"]) for path in options.predictions]
    answered += list(answers_of_learners(pool, learners(pool), options.jobs))
    print(f"all answers ({time.monotonic() - begin:.0f} s)", flush=True)
    write_results(pool, answered, options.results)
    spent = {"wall seconds": round(time.monotonic() - begin), "processes": options.jobs, "processor seconds by contestant": {one.name: round(one.seconds, 1) for one in answered}}
    (options.results / "run.json").write_text(json.dumps(spent, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"done in {time.monotonic() - begin:.0f} s; results in {options.results}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="own texts, speed and floors alone")
    parser.add_argument("--model", help="with --quick: a model folder in place of the one that ships")
    parser.add_argument("--no-speed", action="store_true", help="leave the clock aside")
    parser.add_argument("--train", type=Path)
    parser.add_argument("--dev", type=Path)
    parser.add_argument("--judged", type=Path, help="the unlabeled texts that the soft labels are for")
    parser.add_argument("--external", type=Path, help="a folder with copies of the external collections")
    parser.add_argument("--columns", action="append", default=[], metavar="NAME=FILE")
    parser.add_argument("--predictions", action="append", default=[], type=Path)
    parser.add_argument("--texts", type=Path, help="write all texts with their ids, for another system, and stop")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where results go; pages are rewritten only where it is the usual place")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    options.results.mkdir(parents=True, exist_ok=True)
    figures = {} if options.texts is not None else quick(options.model)
    if not options.no_speed and options.texts is None:
        figures |= figures_of_speed(options.train)
        if not options.quick:
            (options.results / "speed.json").write_text(json.dumps({name: value for name, value in figures.items() if "/" in name}, indent=2) + "\n", "utf-8")
    for name, value in figures.items():
        print(f"{name}: {value:.2f}")
    if options.train and options.dev and not options.quick:
        whole(options)
    problems = below(figures)
    for problem in problems:
        print(f"FLOOR: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
