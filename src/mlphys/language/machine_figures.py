"""The figure of the chapter on notebooks and the machine: what waits while a program runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from mlphys.plotting import COLORS, new_axes

__all__ = ["draw_depths"]

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
    axes = new_axes("repetitions", "most computations waiting at once", xscale="log", yscale="log")
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
