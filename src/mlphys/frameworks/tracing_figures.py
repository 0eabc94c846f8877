"""The figures of the chapter *Tracing*: what a trace costs, and what it saves.

Each ``draw_`` function takes numbers that the chapter measured and returns the figure.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = ["draw_break_even", "draw_calls", "draw_slopes", "draw_unrolled"]

KINDS = ("ours", "rival", "accent", "neutral")
MARKERS = {"ours": "o", "rival": "s", "accent": "^", "neutral": "v"}


def draw_calls(seconds: Mapping[str, Sequence[float]], labels: Sequence[str]) -> Figure:
    """Return the processor time of each of a few calls, for several ways to run one function.

    Parameters
    ----------
    seconds : mapping of str to sequence of float
        For each way the processor times in the order of the calls.
    labels : sequence of str
        What each call was given.

    Examples
    --------
    >>> figure = draw_calls({"eager": [1e-4, 1e-4]}, ["float64", "float32"])
    >>> plt.close(figure)
    """
    axes = new_axes("", "processor time / s", yscale="log", size=(6.4, 3.4))
    for kind, (label, times) in zip(KINDS, seconds.items(), strict=False):
        axes.plot(times, marker=MARKERS[kind], color=COLORS[kind], ls=STYLES[kind], label=label)
    places = range(len(labels))
    axes.set_xticks(places, [f"call {k + 1}\n{label}" for k, label in enumerate(labels)])
    axes.set_xlim(-0.4, len(labels) - 0.6)
    axes.legend()
    return axes.figure


def draw_slopes(
    x: np.ndarray, values: np.ndarray, slopes: Mapping[str, np.ndarray], exact: np.ndarray
) -> Figure:
    """Return a function above and its slopes below, with places marked where a slope is NaN.

    Parameters
    ----------
    x, values : ndarray, shape (n,)
    slopes : mapping of str to ndarray, shape (n,)
    exact : ndarray, shape (n,)
        The true slope.

    Examples
    --------
    >>> x = np.linspace(-1, 1, 3)
    >>> figure = draw_slopes(x, x**2, {"by where": np.array([-2, np.nan, 2])}, 2 * x)
    >>> plt.close(figure)
    """
    figure, (above, below) = plt.subplots(2, sharex=True, figsize=(6.4, 4.4))
    above.plot(x, values, "o-", color=COLORS["ours"], ms=4)
    above.set(ylabel="amplitude")
    below.plot(x, exact, color=COLORS["exact"], ls=STYLES["exact"], label="exact")
    kinds = {"fail": ("s", 9), "ours": ("o", 4)}
    for (kind, (marker, size)), (label, slope) in zip(kinds.items(), slopes.items(), strict=False):
        below.plot(x, slope, marker, color=COLORS[kind], ms=size, mfc="none", label=label)
        lost = np.isnan(slope)
        for where in x[lost]:
            below.axvline(where, color=COLORS[kind], ls=STYLES["fail"])
            below.annotate(
                f"{label}: NaN",
                (where, 0.85),
                xycoords=("data", "axes fraction"),
                xytext=(6, 0),
                textcoords="offset points",
                color=COLORS[kind],
            )
    below.set(xlabel="phase x / rad", ylabel="slope / rad$^{-1}$")
    above.legend(*below.get_legend_handles_labels(), loc="upper left", title="slope, below")
    return figure


def draw_unrolled(steps: Sequence[int], seconds: Mapping[str, Sequence[float]]) -> Figure:
    """Return the processor time to compile a loop against its number of steps.

    Parameters
    ----------
    steps : sequence of int
    seconds : mapping of str to sequence of float

    Examples
    --------
    >>> figure = draw_unrolled([10, 100], {"Python loop": [0.1, 1.0], "scan": [0.1, 0.1]})
    >>> plt.close(figure)
    """
    axes = new_axes(
        "steps of the loop", "processor time to compile / s", xscale="log", yscale="log"
    )
    kinds = ("fail", "ours", "accent")
    markers = ("s", "o", "^")
    for kind, marker, (label, times) in zip(kinds, markers, seconds.items(), strict=False):
        axes.plot(steps, times, marker=marker, color=COLORS[kind], ls=STYLES[kind], label=label)
    axes.set_xticks(list(steps), [str(n) for n in steps])
    axes.set_xticks([], minor=True)
    seconds_shown = [0.1, 0.2, 0.5, 1, 2, 5, 10]
    bottom, top = axes.get_ylim()
    axes.set_yticks(seconds_shown, [f"{t:g}" for t in seconds_shown])
    axes.set_yticks([], minor=True)
    axes.set_ylim(min(bottom, 0.095), max(top, 1.05))
    axes.legend()
    return axes.figure


def draw_break_even(calls: np.ndarray, rows: Mapping[str, Any]) -> Figure:
    """Return the processor time of n calls, compilation included, against n.

    Parameters
    ----------
    calls : ndarray
        Numbers of calls.
    rows : mapping of str to Row
        Of one computation, from :func:`mlphys.frameworks.five_computations.compare`.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> row = SimpleNamespace(compile=0.1, both=SimpleNamespace(median=1e-3))
    >>> figure = draw_break_even(np.array([1, 10]), {"JAX": row})
    >>> plt.close(figure)
    """
    axes = new_axes(
        "values and gradients computed", "total processor time / s", xscale="log", yscale="log"
    )
    every = max(len(calls) // 4, 1)
    kinds = ("rival", "neutral", "accent", "ours")
    for kind, (label, row) in zip(kinds, rows.items(), strict=False):
        total = row.compile + calls * row.both.median
        look = {"color": COLORS[kind], "ls": STYLES[kind], "marker": MARKERS[kind]}
        axes.plot(calls, total, markevery=every, label=label, **look)
    axes.legend()
    return axes.figure
