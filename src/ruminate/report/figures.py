"""The figures, as SVG inside the page: drawn for the width of a phone, with marks that differ by more than colour.

Every figure has a description, and the page sets a table with the same numbers beside it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final
from zlib import crc32

import numpy as np

from ruminate.report.statistics import Interval

__all__ = ["COLOURS", "bars", "dots", "heat", "lines", "small_histograms"]

COLOURS: Final = {"reflection": "#0b7a75", "rumination": "#b5541c", "neither": "#6b7280", "uncertain": "#9a8fb5"}
"""Apart for all common kinds of colour blindness, and each 3 to 1 or more against white."""
_MARKS: Final = "osD^vP*XhH<>"
_HUES: Final = ("#0b7a75", "#b5541c", "#3b4cc0", "#8a2be2", "#6b7280", "#a0307a", "#2d6a2d", "#8b6508", "#444444", "#c02942", "#1f6fb2", "#7a5230")
_WIDTH: Final = 4.6


def _percent() -> Any:
    from matplotlib.ticker import PercentFormatter

    return PercentFormatter(1.0, decimals=0)


def _figure(height: float) -> tuple[Any, Any]:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.size": 9, "font.family": "sans-serif", "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        axes = figure.subplots()
    return figure, axes


def _svg(figure: Any, says: str) -> str:
    """The figure as it stands in a page: no fixed size, a title for screen readers, the same bytes each time."""
    import matplotlib as mpl

    out = io.StringIO()
    salt = f"ruminate{says}"  # ids must differ between the figures of one page
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": salt}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    drawn = out.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    head = drawn[: drawn.index(">")]
    box = re.search(r'viewBox="[^"]+"', head)
    prefix = f"f{crc32(salt.encode()):x}-"
    body = re.sub(r'(id="|xlink:href="#|url\(#)', rf"\g<1>{prefix}", drawn[drawn.index(">") + 1 :])
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    label = escape(says, quote=True)
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg role="img" aria-label="{label}" {spaces} {box[0] if box else ""}><title>{label}</title>{body}'


def _short(name: str, most: int = 24) -> str:
    """A name that fits into a figure: what is cut out of a long one stands in the table."""
    return name if len(name) <= most else f"{name[: most - 11].rstrip()} … {name[-8:].lstrip()}"


def bars(shares: Mapping[str, Interval], says: str) -> str:
    """A bar for each label, with its interval and its figure in words."""
    figure, axes = _figure(0.5 + 0.42 * len(shares))
    names = list(shares)[::-1]
    for at, name in enumerate(names):
        one = shares[name]
        axes.barh(at, one.value, color=COLOURS.get(name, "#6b7280"), height=0.62)
        axes.plot([one.low, one.high], [at, at], color="#111", linewidth=1.2)
        axes.text(max(one.high, one.value) + 0.015, at, f"{one.value:.0%}", va="center")
    axes.set_yticks(range(len(names)), names)
    axes.set_xlim(0, min(1.12, max(one.high for one in shares.values()) + 0.14))
    axes.xaxis.set_major_formatter(_percent())
    axes.set_xlabel("share of texts, with 95% interval")
    return _svg(figure, says)


def small_histograms(values: Mapping[str, Any], says: str) -> str:
    """How a probability is spread, one row a label, on one scale."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(_WIDTH, 3.4), layout="constrained")
        rows = figure.subplots(len(values), 1, sharex=True, sharey=True)
    for axes, (name, numbers) in zip(rows, values.items(), strict=True):
        axes.hist(numbers, bins=np.linspace(0, 1, 21), weights=np.full(len(numbers), 1 / len(numbers)), color=COLOURS[name])
        axes.set_title(name, loc="left", fontsize=9)
        axes.yaxis.set_major_formatter(_percent())
    rows[-1].set_xlabel("probability")
    rows[1].set_ylabel("share of texts")
    return _svg(figure, says)


def dots(
    rows: Sequence[str], groups: Mapping[str, Sequence[Interval]], xlabel: str, says: str, *, title: str = "", colours: Mapping[str, str] | None = None,
    differences: bool = False,
) -> str:  # fmt: skip
    """A row for each name, a dot with its interval for each group; shares in per cent, or differences of them in points."""
    figure, axes = _figure(0.9 + len(rows) * max(0.22, 0.13 * len(groups)) + 0.09 * len(groups))
    step, scale = 0.7 / len(groups), 100 if differences else 1
    for number, (group, intervals) in enumerate(groups.items()):
        places = [len(rows) - 1 - at + step * ((len(groups) - 1) / 2 - number) for at in range(len(rows))]
        colour = (colours or {}).get(group, _HUES[number % len(_HUES)])
        axes.hlines(places, [scale * one.low for one in intervals], [scale * one.high for one in intervals], color=colour, linewidth=1)
        values = [scale * one.value for one in intervals]
        axes.plot(values, places, _MARKS[number % len(_MARKS)], color=colour, markersize=4, label=_short(group), clip_on=False)
    axes.set_yticks(range(len(rows)), [_short(row) for row in rows][::-1])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.locator_params(axis="x", nbins=5)
    axes.set_xlabel(xlabel)
    axes.grid(axis="x", color="#ddd", linewidth=0.6)
    if len(groups) > 1:
        axes.hlines([at - 0.5 for at in range(1, len(rows))], 0, 1, color="#eee", linewidth=0.6, transform=axes.get_yaxis_transform(), zorder=0)
        figure.legend(loc="outside upper left", frameon=False, ncols=2 if max(len(_short(name)) for name in groups) <= 18 else 1)
    if title:
        axes.set_title(title, loc="left", fontsize=9, fontweight="bold")
    if differences:
        axes.axvline(0, color="#111", linewidth=0.8)
        axes.xaxis.set_major_formatter(lambda at, _: f"{at:+.4g}" if at else "0")
    else:
        axes.set_xlim(left=0)
        axes.xaxis.set_major_formatter(_percent())
    return _svg(figure, says)


def heat(names: Sequence[str], table: Any, says: str) -> str:
    """How often signs stand together: half a table of numbers, darker where it is more often."""
    figure, axes = _figure(4.4)
    half = np.ma.masked_where(np.triu(np.ones_like(table, dtype=bool)), table)
    top = max(float(half.max() or 0), 0.01)
    axes.imshow(half[1:, :-1], cmap="YlGnBu", vmin=0, vmax=top)
    for row in range(1, len(names)):
        for column in range(row):
            dark = table[row, column] > 0.6 * top
            axes.text(column, row - 1, f"{100 * table[row, column]:.0f}", ha="center", va="center", fontsize=7, color="white" if dark else "#222")
    axes.set_yticks(range(len(names) - 1), names[1:])
    axes.set_xticks(range(len(names) - 1), names[:-1], rotation=60, ha="right", rotation_mode="anchor")
    axes.set_xlabel("of texts with either sign, how many of 100 have both")
    return _svg(figure, says)


def lines(times: Sequence[str], shares: Mapping[str, Sequence[Interval]], says: str) -> str:
    """Shares over time, with intervals; a marker of its own for each label."""
    figure, axes = _figure(3.0)
    at = np.arange(len(times))
    for number, (name, intervals) in enumerate(shares.items()):
        colour = COLOURS[name]
        axes.fill_between(at, [one.low for one in intervals], [one.high for one in intervals], color=colour, alpha=0.18, linewidth=0)
        axes.plot(at, [one.value for one in intervals], marker=_MARKS[number], color=colour, label=name, linewidth=1.4, markersize=4)
    step = max(1, len(times) // 6)
    axes.set_xticks(at[::step], list(times)[::step], rotation=30, ha="right", rotation_mode="anchor")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(_percent())
    axes.set_ylabel("share of texts")
    figure.legend(loc="outside upper left", frameon=False, ncols=3)
    return _svg(figure, says)
