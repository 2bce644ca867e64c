"""The plots of an evaluation: figures with intervals, tables of confusion, reliability, risk by coverage.

Drawn as the other figures are: for the width of a phone, told apart by more than colour, described in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ruminate.report.figures import _HUES, _MARKS, _figure, _percent, _svg
from ruminate.results import LABELS

__all__ = ["confusion", "coverage", "ranges", "reliability"]

Interval = Sequence[float]


def ranges(rows: Sequence[str], groups: Mapping[str, Sequence[Interval]], xlabel: str, says: str) -> str:
    """A row for each name, a mark with its interval for each contestant; figures between 0 and 1."""
    figure, axes = _figure(0.8 + len(rows) * max(0.24, 0.14 * len(groups)) + 0.16 * len(groups))
    step = 0.7 / len(groups)
    for number, (group, found) in enumerate(groups.items()):
        places = np.arange(len(rows))[::-1] + step * ((len(groups) - 1) / 2 - number)
        values = np.array([[np.nan if part is None else part for part in one] for one in found], dtype=np.float64)
        colour = _HUES[number % len(_HUES)]
        axes.hlines(places, values[:, 1], values[:, 2], color=colour, linewidth=1)
        axes.plot(values[:, 0], places, _MARKS[number % len(_MARKS)], color=colour, markersize=4, label=group)
    axes.set_yticks(range(len(rows)), [name if len(name) < 30 else f"{name[:28]}…" for name in rows][::-1])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_xlim(0, 1)
    axes.set_xlabel(xlabel)
    axes.grid(axis="x", color="#ddd", linewidth=0.6)
    figure.legend(loc="outside upper left", frameon=False, ncols=1)
    return _svg(figure, says)


def confusion(table: Sequence[Sequence[int]], who: str, says: str) -> str:
    """True labels by row, given ones by column: numbers of texts, shaded by the share of their row."""
    counts = np.array(table)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = _figure(2.8)
    axes.imshow(shares, cmap="YlGnBu", vmin=0, vmax=1, aspect="auto")
    for row in range(3):
        for column in range(3):
            dark = shares[row, column] > 0.55
            words = f"{counts[row, column]:,}\n{shares[row, column]:.0%}"
            axes.text(column, row, words, ha="center", va="center", color="white" if dark else "#222")
    axes.set_xticks(range(3), LABELS)
    axes.set_yticks(range(3), LABELS)
    axes.set_xlabel("label that was given")
    axes.set_ylabel("label of the raters")
    axes.set_title(who, loc="left", fontsize=9, fontweight="bold")
    return _svg(figure, says)


def reliability(groups: Mapping[str, Sequence[tuple[float, float, int]]], label: str, says: str) -> str:
    """Share against probability; bins of few texts are small."""
    figure, axes = _figure(3.4)
    axes.plot([0, 1], [0, 1], color="#999", linewidth=0.8, linestyle="--")
    for number, (group, points) in enumerate(groups.items()):
        chance, share, many = np.array(points, dtype=np.float64).T
        colour = _HUES[number % len(_HUES)]
        axes.plot(chance, share, color=colour, linewidth=1)
        axes.scatter(chance, share, s=6 + 40 * np.sqrt(many / many.max()), marker=_MARKS[number % len(_MARKS)], color=colour, label=group, clip_on=False)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.xaxis.set_major_formatter(_percent())
    axes.yaxis.set_major_formatter(_percent())
    axes.set_xlabel("probability")
    axes.set_ylabel("share of texts that have the label")
    axes.set_title(label, loc="left", fontsize=9, fontweight="bold")
    figure.legend(loc="outside upper left", frameon=False, ncols=1)
    return _svg(figure, says)


def coverage(groups: Mapping[str, Sequence[tuple[float, float]]], says: str) -> str:
    """Share of wrong labels among the surest answers, from few of them to all."""
    figure, axes = _figure(3.2)
    for number, (group, points) in enumerate(groups.items()):
        covered, risk = np.array(points, dtype=np.float64).T
        axes.plot(covered, risk, color=_HUES[number % len(_HUES)], linewidth=1.4, marker=_MARKS[number % len(_MARKS)], markevery=6, markersize=4, label=group)
    axes.set_xlim(0, 1)
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_formatter(_percent())
    axes.yaxis.set_major_formatter(_percent())
    axes.set_xlabel("share of texts that are answered, surest first")
    axes.set_ylabel("wrong labels among them")
    figure.legend(loc="outside upper left", frameon=False, ncols=1)
    return _svg(figure, says)
