"""The figures of the chapter ``book/language/machine.md``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from mlphys.plotting import COLORS, new_axes

__all__ = ["draw_depths", "draw_history", "draw_outcomes", "draw_parentheses"]

SIZE = (5.4, 3.4)  # inches; narrow, so that letters stay large on a phone
LOOKS = (("rival", "s", "-."), ("ours", "o", "-"), ("accent", "^", "--"))


def draw_depths(sizes: Sequence[int], depths: Mapping[str, Sequence[int]], *, limit: int) -> Figure:
    """Return a plot of the largest number of waiting computations against the size of a task.

    Parameters
    ----------
    sizes : sequence of int
        Size of the task in each run.
    depths : mapping of str to sequence of int
        For each program, by name, its largest number of waiting computations in each run.
    limit : int
        Python's recursion limit.

    Raises
    ------
    ValueError
        If there are more than three programs.
    """
    if len(depths) > len(LOOKS):
        raise ValueError(
            f"draw_depths: expected at most {len(LOOKS)} programs; got {len(depths)}; draw fewer"
        )
    axes = new_axes(
        "repetitions", "most computations waiting", size=SIZE, xscale="log", yscale="log"
    )
    for most, (color, marker, line) in zip(depths.values(), LOOKS, strict=False):
        axes.plot(sizes, most, color=COLORS[color], marker=marker, linestyle=line)
    ends = [most[-1] for most in depths.values()]
    for end in sorted(set(ends)):  # curves that end together share a label
        label = ", ".join(name for name, most in depths.items() if most[-1] == end)
        axes.annotate(
            label, (sizes[-1], end), xytext=(-4, 8), textcoords="offset points", ha="right"
        )
    axes.axhline(limit, color=COLORS["fail"], linestyle=":")
    axes.annotate(
        "Python's recursion limit",
        (sizes[0], limit),
        xytext=(0, 5),
        textcoords="offset points",
    )
    axes.margins(y=0.15)
    return axes.figure


def draw_history(histories: Mapping[str, Sequence[int]]) -> Figure:
    """Return a plot of how many computations wait, step by step.

    Parameters
    ----------
    histories : mapping of str to sequence of int
        For each program, by name, the number before each of its steps.

    Raises
    ------
    ValueError
        If there are more than two programs.
    """
    if len(histories) > 2:
        raise ValueError(
            f"draw_history: expected at most 2 programs; got {len(histories)}; draw fewer"
        )
    axes = new_axes("step of the evaluator", "computations waiting", size=SIZE)
    for (name, waiting), (color, _, line) in zip(histories.items(), LOOKS, strict=False):
        axes.plot(waiting, color=COLORS[color], linestyle="-" if line == "-." else "--")
        top = max((height, step) for step, height in enumerate(waiting))[1]
        axes.annotate(
            name, (top, waiting[top]), xytext=(0, 6), textcoords="offset points", ha="right"
        )
    axes.margins(y=0.15)
    axes.set_ylim(bottom=0)
    return axes.figure


def draw_outcomes(values: Sequence[int], *, page: int) -> Figure:
    """Return bars: how many orders of running cells end with each value.

    Parameters
    ----------
    values : sequence of int
        The value after each order.
    page : int
        The value that the page shows; its bar stands out.

    Raises
    ------
    ValueError
        If there is no value.
    """
    if not values:
        raise ValueError("draw_outcomes: expected at least one value; got none; run the cells")
    counts = Counter(values)
    known = sorted(counts)
    axes = new_axes("value of n at the end", "orders of running", size=SIZE)
    for place, value in enumerate(known):
        ours = value == page
        axes.bar(
            place,
            counts[value],
            color=COLORS["ours" if ours else "rival"],
            hatch="" if ours else "//",
            edgecolor="white",
        )
        label = f"{counts[value]}: the page" if ours else f"{counts[value]}"
        axes.annotate(
            label, (place, counts[value]), (0, 3), textcoords="offset points", ha="center"
        )
    axes.set_xticks(range(len(known)), [str(value) for value in known])
    axes.grid(visible=False, axis="x")
    axes.margins(y=0.12)
    return axes.figure


def draw_parentheses(
    operations: Sequence[int], python: Sequence[Sequence[int]], lisp: Sequence[int]
) -> Figure:
    """Return a plot of parentheses against the length of a formula, in two notations.

    Parameters
    ----------
    operations : sequence of int
        Number of signs.
    python : sequence of sequence of int
        For each of these numbers, the parentheses of some random formulas in Python.
    lisp : sequence of int
        For each, the parentheses in Lisp.

    Raises
    ------
    ValueError
        If the lengths differ.
    """
    if not len(operations) == len(python) == len(lisp):
        raise ValueError(
            f"draw_parentheses: expected three sequences of one length; got {len(operations)}, "
            f"{len(python)}, {len(lisp)}; count every formula"
        )
    axes = new_axes("operations in the formula", "parentheses", size=SIZE)
    for n, counts in zip(operations, python, strict=True):
        axes.plot([n] * len(counts), counts, ".", color=COLORS["neutral"], markersize=3)
    means = [sum(counts) / len(counts) for counts in python]
    axes.plot(operations, lisp, "s-.", color=COLORS["rival"], label="Lisp")
    axes.plot(operations, means, "o", color=COLORS["ours"], label="Python, mean")
    guess = [n - 1 for n in operations]
    axes.plot(operations, guess, color=COLORS["exact"], linestyle="--", label="$n-1$")
    axes.legend(loc="upper left")
    return axes.figure
