"""Figures drawn for the chapter ``book/language/queries.md``."""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial
from typing import Any

import matplotlib.pyplot as plt

from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = ["draw_involutions", "draw_schedules", "draw_ways"]


def draw_ways(ways: Sequence[int]) -> Any:
    """Draw in how many ways 1, 2, 3, … are sums of consecutive positive integers.

    Parameters
    ----------
    ways : sequence of int
        Number of runs for 1, 2, 3, …

    Returns
    -------
    matplotlib.figure.Figure
        Numbers without a run stand out as crosses with their value.
    """
    axes = new_axes("integer n", "runs of two or more with sum n", size=(6.4, 3.2))
    some = [(n, count) for n, count in enumerate(ways, 1) if count]
    none = [n for n, count in enumerate(ways, 1) if not count]
    axes.vlines(*zip(*((n, 0, count) for n, count in some), strict=True), color=COLORS["neutral"])
    axes.plot(*zip(*some, strict=True), "o", color=COLORS["ours"], label="has a run")
    axes.plot(none, [0] * len(none), "X", color=COLORS["fail"], markersize=8, label="has none")
    for n in none:
        side = {1: "right", 2: "left"}.get(n, "center")  # neighbors: keep their labels apart
        axes.annotate(f"{n}", (n, 0), (0, -14), textcoords="offset points", ha=side)
    axes.set(ylim=(-0.9, max(ways) + 0.6), yticks=range(max(ways) + 1))
    axes.legend(loc="upper left")
    return axes.figure


def draw_involutions(counts: Sequence[int]) -> Any:
    """Draw the number of involutions of n = 0, 1, 2, … things beside the n! that a search tries.

    Parameters
    ----------
    counts : sequence of int
        Number of involutions for n = 0, 1, 2, …

    Returns
    -------
    matplotlib.figure.Figure
    """
    axes = new_axes("number of things n", "permutations", size=(6.4, 3.2), yscale="log")
    n = range(len(counts))
    tried = [factorial(m) for m in n]
    axes.plot(n, tried, "s", ls=STYLES["rival"], color=COLORS["rival"], label="tried: n!")
    axes.plot(n, counts, "o", ls=STYLES["ours"], color=COLORS["ours"], label="found: a(n)")
    axes.legend()
    return axes.figure


def draw_schedules(programs: dict[str, tuple[list[str], list[int]]]) -> Any:
    """Draw the step at which each line of each program runs, one panel a program.

    Parameters
    ----------
    programs : dict
        Title to the lines of the program and their steps, counted from 1.

    Returns
    -------
    matplotlib.figure.Figure
    """
    last = max(max(steps) for _, steps in programs.values())
    figure, panels = plt.subplots(1, len(programs), figsize=(6.4, 2.6), squeeze=False)
    for axes, (title, (lines, steps)) in zip(panels[0], programs.items(), strict=True):
        rows = range(len(lines))
        axes.barh(rows, [1] * len(lines), left=[s - 0.5 for s in steps], color=COLORS["ours"])
        for row, step in zip(rows, steps, strict=True):
            axes.text(step, row, f"{step}", color="white", ha="center", va="center")
        axes.set(title=title, xlabel="step", xlim=(0.4, last + 0.6), xticks=range(1, last + 1))
        axes.set_yticks(rows, lines, family="monospace")
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
    return figure
