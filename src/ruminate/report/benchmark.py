"""The page of an evaluation: what `ruminate evaluate` measured, as plots and tables in one HTML file that loads nothing.

It holds no words of any text: figures, names of contestants, and ids of failed cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import Any, Final

from ruminate.errors import InputError
from ruminate.evaluation.metrics import Estimate
from ruminate.report.shapes import Section, Shown, Table
from ruminate.results import LABELS

__all__ = ["benchmark_page", "write_benchmark"]

_FIRST: Final = ("macro-F1", "kappa", "AUC rumination", "AUC reflection", "precision rumination", "recall rumination", "false alarms")
_MOST_FAILURES: Final = 60
_NONE: Final = (float("nan"),) * 3
Outcomes = Mapping[str, Mapping[str, Any]]


def benchmark_page(report: Mapping[str, Any], *, title: str = "How well reflection and rumination are told apart") -> str:
    """The page as HTML.

    Parameters
    ----------
    report
        `raters` and `suites`, as `ruminate evaluate --json` writes them.
    title
        Heading of the page.

    Raises
    ------
    InputError
        If a package that draws is not installed.
    """
    try:
        import matplotlib as mpl  # noqa: F401 - only whether it is there
        from jinja2 import Environment, FunctionLoader
    except ImportError as error:
        raise InputError(f'the page needs {error.name}: pip install "ruminate-nlp[report]"') from None
    here = files("ruminate.report")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, loader=FunctionLoader(lambda name: here.joinpath(name).read_text("utf-8")))
    sections = [section for name, suite in report["suites"].items() if (section := _section(name, suite)) is not None]
    style = here.joinpath("page.css").read_text("utf-8")
    return environment.get_template("benchmark.html.jinja").render(title=title, style=style, sections=sections, raters=report["raters"])


def write_benchmark(report: Mapping[str, Any], output: str | PathLike[str], *, title: str | None = None) -> Path:
    """Write the page; arguments as for `benchmark_page`. Returns its place."""
    place = Path(output)
    place.write_text(benchmark_page(report) if title is None else benchmark_page(report, title=title), encoding="utf-8")
    return place


def _section(name: str, suite: Mapping[str, Any]) -> Section | None:
    rows: Outcomes = {who: outcome for who, outcome in suite["contestants"].items() if outcome is not None}
    if not rows:
        return None
    place = "suite-" + "".join(letter if letter.isalnum() else "-" for letter in name)
    section = Section(place, f"{suite['title']}: {suite['of']}", [suite["says"], f"{suite['texts']:,} texts."])
    absent = [who for who, outcome in suite["contestants"].items() if outcome is None]
    if absent:
        section.says.append(f"Can't take part: {', '.join(absent)}.")
    draw = _DRAWN.get(name.split(" ", maxsplit=1)[0])
    shown = list(draw(rows)) if draw is not None else []
    section.shown.extend(shown)
    if name.split(" ", maxsplit=1)[0] not in ("table", "slices"):
        section.tables.append(_headline(suite["title"], rows))
    if name == "behaviour":
        section.tables += _failures(rows)
    return section


def _said(values: Any) -> str:
    if values is None:
        return "–"
    value, low, high = (float("nan") if part is None else float(part) for part in values)
    return str(Estimate(value, low, high)).replace(" ", "\N{NO-BREAK SPACE}")


def _headline(title: str, rows: Outcomes) -> Table:
    names = list(dict.fromkeys(name for outcome in rows.values() for name in outcome["headline"]))
    cells = [[name, *(_said(outcome["headline"].get(name)) for outcome in rows.values())] for name in names]
    return Table(f"{title}: figures with 95 % intervals", ("figure", *rows), cells)


def _of_table(rows: Outcomes) -> Iterator[Shown]:
    from ruminate.report.benchmark_figures import confusion, ranges

    names = [name for name in _FIRST if any(name in outcome["headline"] for outcome in rows.values())]
    groups = {who: [outcome["headline"][name] for name in names] for who, outcome in rows.items()}
    said = "; ".join(f"{who}: macro-F1 {_said(outcome['headline']['macro-F1'])}" for who, outcome in rows.items())
    yield Shown(ranges(names, groups, "figure, with 95 % interval", f"Main figures by contestant. {said}"), _headline("Labels and probabilities", rows))
    for who, outcome in rows.items():
        table = outcome["details"]["confusion"]
        right = sum(table[at][at] for at in range(3)) / max(1, sum(map(sum, table)))
        cells = [[label, *(f"{count:,}" for count in row)] for label, row in zip(LABELS, table, strict=True)]
        caption = f"Confusion of {who}: raters' label by row, given label by column"
        yield Shown(
            confusion(table, who, f"Table of true and given labels of {who}; {right:.0%} of all labels are right"),
            Table(caption, ("raters say", *LABELS), cells),
        )


def _of_calibration(rows: Outcomes) -> Iterator[Shown]:
    from ruminate.report.benchmark_figures import reliability

    for label in ("rumination", "reflection"):
        groups = {who: outcome["details"]["reliability"][label] for who, outcome in rows.items()}
        cells = [[f"{who}, {chance:.2f}", f"{share:.2f}", f"{many:,}"] for who, points in groups.items() for chance, share, many in points]
        table = Table(f"Probability of {label} and its share", ("mean probability", "share", "texts"), cells)
        yield Shown(reliability(groups, label, f"Reliability of the probability of {label}: on the broken line, probabilities are shares"), table)


def _of_abstention(rows: Outcomes) -> Iterator[Shown]:
    from ruminate.report.benchmark_figures import coverage

    groups = {who: outcome["details"]["curve"] for who, outcome in rows.items()}
    cells = [[f"{who}, {covered:.0%}", f"{risk:.1%}"] for who, points in groups.items() for covered, risk in points[:: max(1, len(points) // 8)]]
    yield Shown(coverage(groups, "Share of wrong labels by how many texts are answered, surest first"), Table("Risk by coverage", ("answered", "wrong"), cells))


def _of_slices(rows: Outcomes) -> Iterator[Shown]:
    from ruminate.report.benchmark_figures import ranges

    first = next(iter(rows.values()))["details"]
    for kind, parts in first.items():
        groups = {who: [outcome["details"][kind][part]["macro-F1"] for part in parts] for who, outcome in rows.items()}
        head = ("part (texts)", *(f"{who}: {what}" for who in rows for what in ("macro-F1", "false alarms")))
        cells = [
            [f"{part} ({row['texts']:,})", *(_said(outcome["details"][kind][part][what]) for outcome in rows.values() for what in ("macro-F1", "false alarms"))]
            for part, row in parts.items()
        ]
        yield Shown(ranges(list(parts), groups, "macro-F1, with 95 % interval", f"Macro-F1 by {kind}"), Table(f"By {kind}", head, cells))


def _of_figures(rows: Outcomes) -> Iterator[Shown]:
    from ruminate.report.benchmark_figures import ranges

    names = list(dict.fromkeys(name for outcome in rows.values() for name in outcome["headline"]))
    groups = {who: [outcome["headline"].get(name, _NONE) for name in names] for who, outcome in rows.items()}
    yield Shown(ranges(names, groups, "share", "Figures by contestant"), _headline("As drawn", rows))


def _failures(rows: Outcomes) -> Iterator[Table]:
    for who, outcome in rows.items():
        failed = outcome["details"]["failures"]
        cells = [[one["id"], one["capability"].replace("_", " "), one["expected"], one["came"]] for one in failed[:_MOST_FAILURES]]
        more = f" (the first {_MOST_FAILURES} of {len(failed)}; the file of results has all)" if len(failed) > _MOST_FAILURES else ""
        yield Table(f"Cases that {who} fails{more}", ("case", "capability", "expected", "came"), cells)


_DRAWN: Final = {
    "table": _of_table, "calibration": _of_calibration, "abstention": _of_abstention, "slices": _of_slices, "behaviour": _of_figures, "hard": _of_figures,
}  # fmt: skip
