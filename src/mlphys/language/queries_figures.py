"""Figures drawn for the chapter ``book/language/queries.md``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import factorial
from typing import Any

import matplotlib.pyplot as plt

from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = ["draw_involutions", "draw_schedules", "draw_trials", "draw_walks", "draw_ways"]


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


def draw_trials(limits: Sequence[int], trials: Mapping[str, Sequence[int]]) -> Any:
    """Draw what two readings of a query cost, against how far they search.

    Parameters
    ----------
    limits : sequence of int
        Ends of the searches.
    trials : mapping of str to sequence of int
        Name of the reading, the dear one first, to its trial divisions at each limit.

    Returns
    -------
    matplotlib.figure.Figure
        Both axes are logarithmic: a straight line is a power, its slope the exponent.
    """
    axes = new_axes(
        "numbers searched", "trial divisions", size=(6.4, 3.2), xscale="log", yscale="log"
    )
    for role, marker, (name, counts) in zip(("rival", "ours"), "so", trials.items(), strict=True):
        axes.plot(limits, counts, marker, ls=STYLES[role], color=COLORS[role], label=name)
    axes.legend()
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


def draw_walks(walks: Mapping[str, Sequence[tuple[int, list[int], bool]]]) -> Any:
    """Draw a list at each step of a loop that removes entries while it walks, one panel a loop.

    Parameters
    ----------
    walks : mapping of str to sequence of tuple
        Title to the steps: the place that the loop looks at, the list before the step, and whether
        the step removes the entry at that place.

    Returns
    -------
    matplotlib.figure.Figure
        The entry looked at is filled; framed is the one that a removal moves to a place that the
        loop has left behind, so that it is never looked at.
    """
    widths = [len(steps[0][1]) for steps in walks.values()]
    rows = max(len(steps) for steps in walks.values())
    figure, panels = plt.subplots(
        1, len(walks), figsize=(6.4, 0.45 * rows + 1.1), width_ratios=widths, squeeze=False
    )
    for axes, (title, steps), width in zip(panels[0], walks.items(), widths, strict=True):
        for row, (place, entries, removes) in enumerate(steps):
            for column, entry in enumerate(entries):
                seen, skipped = column == place, removes and column == place + 1
                axes.text(
                    column, row, f"{entry}", ha="center", va="center",
                    color="white" if seen else "black",
                    bbox={
                        "boxstyle": "square,pad=0.35", "linewidth": 1.8 if skipped else 0,
                        "facecolor": COLORS["ours"] if seen else "white",
                        "edgecolor": COLORS["fail"] if skipped else "white",
                    },
                )  # fmt: skip
        axes.set(title=title, xlabel="place", xlim=(-0.7, width - 0.3), ylim=(rows - 0.4, -0.6))
        axes.set_xticks(range(width))
        axes.set_yticks(range(len(steps)), [str(step) for step in range(1, len(steps) + 1)])
        axes.grid(visible=False)
    panels[0][0].set_ylabel("step of the loop")
    return figure
