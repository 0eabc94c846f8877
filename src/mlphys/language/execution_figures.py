"""The figures of the chapter *Names and time*: what a name means when, and how deep the stack is.

Each ``draw_`` function takes what the chapter recorded and returns the figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mlphys.plotting import COLORS, new_axes

__all__ = ["draw_binding", "draw_depths", "draw_lookup"]

LOOKS = (("ours", "o", "-"), ("rival", "s", "-."), ("accent", "^", "--"))


def draw_binding(values: Sequence[int], results: Mapping[str, Sequence[float]]) -> Figure:
    """Return what functions gave at successive moments, beside the value a name had then.

    Parameters
    ----------
    values : sequence of int
        What the name ``k`` referred to at each moment, in order of time.
    results : mapping of str to sequence of float
        For each function, by its label, what it returned at each moment; at most three functions,
        the repaired one first.

    Raises
    ------
    ValueError
        If there are more than three functions.

    Examples
    --------
    >>> figure = draw_binding([5, 6], {"default": [50, 50], "late": [50, 60]})
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['default', 'late']
    >>> plt.close(figure)
    """
    _check_count("draw_binding", results)
    axes = new_axes("value of k at the moment of the call", "result for 10", size=(5.0, 3.0))
    moments = range(len(values))
    for (label, seen), (color, marker, line) in zip(results.items(), LOOKS, strict=False):
        axes.plot(moments, seen, color=COLORS[color], marker=marker, linestyle=line)
        top = max(range(len(seen)), key=seen.__getitem__)
        below = max(seen) == min(seen)  # a level line: the space above may be taken by another
        axes.annotate(
            label,
            (top, seen[top]),
            xytext=(4, -15) if below else (-6, 8),
            textcoords="offset points",
            ha="left" if below else "right",
        )
    axes.set_xticks(moments, [str(k) for k in values])
    axes.margins(y=0.2)
    return axes.figure


def draw_depths(depths: Mapping[str, Sequence[int]]) -> Figure:
    """Return the number of frames on the stack, moment by moment, of one or more runs.

    Parameters
    ----------
    depths : mapping of str to sequence of int
        For each run, by its label, what :func:`mlphys.language.execution.frame_depths` recorded;
        at most three runs.

    Raises
    ------
    ValueError
        If there are more than three runs.

    Examples
    --------
    >>> figure = draw_depths({"f": [0, 1, 0]})
    >>> figure.axes[0].get_ylabel()
    'frames on the stack'
    >>> plt.close(figure)
    """
    _check_count("draw_depths", depths)
    axes = new_axes("beginnings and ends of calls so far", "frames on the stack", size=(5.0, 3.0))
    for (label, run), (color, _, line) in zip(depths.items(), LOOKS, strict=False):
        axes.step(range(len(run)), run, where="post", color=COLORS[color], linestyle=line)
        top = max(range(len(run)), key=lambda at: (run[at], at))
        axes.annotate(
            label, (top, run[top]), xytext=(4, 6), textcoords="offset points", ha="center"
        )
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.margins(y=0.2)
    return axes.figure


def draw_lookup(kind: type, names: Sequence[str]) -> Figure:
    """Return a table of the classes that define an attribute; the first one from the left is used.

    Parameters
    ----------
    kind : type
        A class; its method resolution order gives the columns.
    names : sequence of str
        Attributes, one row each.

    Raises
    ------
    AttributeError
        If no class of the order defines one of the names.

    Examples
    --------
    >>> figure = draw_lookup(bool, ["__and__", "bit_length"])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['used', 'hidden', 'used']
    >>> plt.close(figure)
    """
    order = kind.__mro__
    unknown = [name for name in names if not any(name in vars(c) for c in order)]
    if unknown:
        raise AttributeError(
            f"draw_lookup: expected attributes of {kind.__name__}; got {unknown}; see dir()"
        )
    figure, axes = plt.subplots(figsize=(5.0, 0.6 + 0.36 * len(names)))
    for row, name in enumerate(names):
        found = False
        for column, c in enumerate(order):
            word = ("hidden" if found else "used") if name in vars(c) else ""
            color = {"used": "#BBD3EA", "hidden": "#F3C9A8", "": "white"}[word]
            axes.add_patch(
                Rectangle((column, row), 1, 1, facecolor=color, edgecolor=COLORS["neutral"])
            )
            if word:
                axes.text(column + 0.5, row + 0.5, word, ha="center", va="center", fontsize=10)
            found = found or bool(word)
    axes.set_xticks([k + 0.5 for k in range(len(order))], [c.__name__ for c in order])
    axes.set_yticks([k + 0.5 for k in range(len(names))], names, family="monospace")
    axes.set(xlim=(-0.01, len(order) + 0.01), ylim=(len(names) + 0.02, -0.02))
    axes.tick_params(length=0, labeltop=True, labelbottom=False)
    axes.grid(visible=False)
    for side in axes.spines.values():
        side.set_visible(False)
    return figure


def _check_count(where: str, series: Mapping[str, Sequence[float]]) -> None:
    if len(series) > len(LOOKS):
        raise ValueError(
            f"{where}: expected at most {len(LOOKS)} lines; got {len(series)}; draw fewer"
        )
