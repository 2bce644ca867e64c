"""`ruminate evaluate`: suites in, figures with intervals out; for this library, its rules, or anybody's predictions."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from math import isnan
from pathlib import Path
from typing import Any, Final

from ruminate.cli.shared import EXIT_OK, Commands
from ruminate.errors import InputError

__all__ = ["add"]

_EXTERNAL: Final = ("reframing", "worry", "teachers", "journals")
_MOST_SHOWN: Final = 14
_EPILOG = """suites:
  FILE.jsonl          everything that can be asked of labelled texts (id, text, label; set, hard, signs, source, votes are used too)
  authored            the same, on the authored texts of the repository (the shipped model has learned from them)
  table, pairs, hard, signs, shift, calibration, abstention, slices
                      one of these alone; NAME=FILE.jsonl for texts of your own
  behaviour           cases that a system must get right; behaviour=PATH for your own
  reframing, worry, teachers, journals
                      collections with judgements of their own: NAME=PATH of your copy; external=FOLDER for all four
docs/benchmark.md says what each shows, what it doesn't, and how to hand in predictions."""


def add(commands: Commands) -> None:
    """Put the command into the parser."""
    parser = commands.add_parser(
        "evaluate", help="measure a model, the rules or anybody's predictions", epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("suites", nargs="+", metavar="SUITE", help="a file of labelled texts, or a suite (below)")
    more = "predictions by id (JSON lines, CSV, TSV); may be given again"
    parser.add_argument("--predictions", type=Path, action="append", default=[], metavar="FILE", help=more)
    parser.add_argument("--model", help="path of a model folder (default: the one that ships)")
    parser.add_argument("--json", type=Path, metavar="OUT.json", help="write everything that was measured; it holds no text")
    parser.add_argument("--report", type=Path, metavar="OUT.html", help="write a page with plots; it holds no text and loads nothing")
    parser.add_argument("--texts", type=Path, metavar="OUT.jsonl", help="write id and text of all texts of the suites, for another system to answer, and stop")
    parser.set_defaults(run=_evaluate)


def _wanted(given: Sequence[str]) -> list[tuple[str, Path | None]]:
    """(suite, path) for what was asked for, none twice."""
    from ruminate.evaluation.registry import LABELLED, SUITES

    wanted: dict[tuple[str, Path | None], None] = {}
    for one in given:
        name, _, path = one.partition("=")
        place = Path(path) if path else None
        if name == "authored":
            found = [(suite, place) for suite in LABELLED]
        elif name == "external":
            if place is None:
                raise InputError("the collections don't ship; give the folder with your copies: external=FOLDER")
            found = [(suite, place) for suite in _EXTERNAL]
        elif name in SUITES or name == "behaviour":
            found = [(name, place)]
        elif Path(one).suffix or Path(one).is_file():
            found = [(suite, Path(one)) for suite in LABELLED]
        else:
            raise InputError(f"there is no suite and no file {one!r}; suites are {', '.join(SUITES)}, behaviour, authored, external")
        wanted.update(dict.fromkeys(found))
    return list(wanted)


def _evaluate(options: argparse.Namespace) -> int:
    from ruminate.analyzer import Analyzer
    from ruminate.evaluation.answers import from_analyzer, from_predictions
    from ruminate.evaluation.registry import SUITES, judge_all
    from ruminate.evaluation.suites import rater_ceiling
    from ruminate.evaluation.tried import judge_behaviour

    wanted = _wanted(options.suites)
    if options.texts is not None:
        return _write_texts(wanted, options.texts)
    contestants = [from_analyzer(Analyzer(None)), from_analyzer(Analyzer(options.model or "default"))]
    contestants += [from_predictions(path) for path in options.predictions]
    suites = judge_all([one for one in wanted if one[0] != "behaviour"], contestants)
    for name, path in wanted:
        if name == "behaviour":
            suites[name] = judge_behaviour(path, contestants)
    raters: dict[str, float] = {}
    for name, path in wanted:
        if name == "table" and not raters:
            raters = rater_ceiling(SUITES[name].records(path))
    report = {"raters": raters, "suites": suites}
    _print(report)
    if options.json is not None:
        options.json.write_text(json.dumps(_without_nan(report), indent=1) + "\n", encoding="utf-8")
    if options.report is not None:
        from ruminate.report.benchmark import write_benchmark

        write_benchmark(report, options.report)
        print(f"written: {options.report}")
    return EXIT_OK


def _write_texts(wanted: Sequence[tuple[str, Path | None]], place: Path) -> int:
    from ruminate.evaluation.registry import SUITES

    texts = {record.id: record.text for name, path in wanted if name != "behaviour" for record in SUITES[name].records(path)}
    place.write_text("".join(json.dumps({"id": name, "text": text}, ensure_ascii=False) + "\n" for name, text in texts.items()), encoding="utf-8")
    print(f"{len(texts)} texts written: {place}")
    return EXIT_OK


def _without_nan(value: Any) -> Any:
    """The same with null for figures that have no meaning: NaN is no JSON."""
    if isinstance(value, dict):
        return {str(key): _without_nan(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(one) for one in value]
    return None if isinstance(value, float) and isnan(value) else value


def _print(report: dict[str, Any]) -> None:
    from ruminate.evaluation.metrics import Estimate

    print("each figure with its 95 % interval (groups drawn as a whole)")
    if report["raters"]:
        print("one rater against the majority (model raters): " + ", ".join(f"{name} {value:.2f}" for name, value in report["raters"].items()))
    for suite in report["suites"].values():
        rows = {name: outcome["headline"] for name, outcome in suite["contestants"].items() if outcome is not None}
        if not rows:
            continue
        print(f"\n{suite['title']}: {suite['of']} ({suite['texts']} texts)")
        names = list(dict.fromkeys(title for headline in rows.values() for title in headline))[:_MOST_SHOWN]
        wide = max(len(name) for name in names) + 2
        print(" " * wide + "".join(f"{name[:24]:<26}" for name in rows))
        for title in names:
            print(f"{title:<{wide}}" + "".join(f"{Estimate(*headline[title])!s:<26}" if title in headline else f"{'':<26}" for headline in rows.values()))
