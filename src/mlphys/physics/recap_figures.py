"""The figure of the chapter *What stays*: where a fitted net knows angles, and where slopes.

Only drawing happens here: the function takes arrays that the chapter computed and returns the
figure. Chapter: ``book/physics/recap.md``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = ["draw_knowledge"]


def draw_knowledge(
    impact: np.ndarray, errors: Mapping[str, np.ndarray], trained: tuple[float, float]
) -> Figure:
    """Draw the size of relative errors against the impact parameter, inside and outside the rays.

    Parameters
    ----------
    impact : ndarray, shape (n,)
        Impact parameters in Schwarzschild radii.
    errors : mapping of str to ndarray, shape (n,)
        Label to relative errors of any sign; at most two.
    trained : tuple of float
        Smallest and largest impact parameter of the rays that the net was given.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = draw_knowledge(np.array([3.0, 4.0]), {"angle": np.array([0.1, -0.2])}, (3, 4))
    >>> import matplotlib.pyplot as plt
    >>> plt.close(figure)
    """
    axes = new_axes(
        "impact parameter b / r$_s$", "relative error, absolute value", xscale="log", yscale="log"
    )
    axes.axvspan(*trained, color=COLORS["neutral"], alpha=0.2, lw=0)
    middle = (trained[0] * trained[1]) ** 0.5
    for (label, error), name in zip(errors.items(), ("ours", "rival"), strict=False):
        axes.plot(impact, abs(error), STYLES[name], color=COLORS[name], lw=1.4, label=label)
    axes.xaxis.set_minor_locator(NullLocator())
    low, high = impact[0], impact[-1]
    marks = [mark for mark in (2, 3, 5, 10, 20, 40, 80) if low <= mark <= high]
    axes.set_xticks(marks, [f"{mark}" for mark in marks])
    top = max(abs(error).max() for error in errors.values())
    axes.set_ylim(1e-7, 30 * top)
    axes.text(middle, 6 * top, "where it had rays", ha="center", va="center")
    axes.legend(loc="upper right", ncols=2)
    return axes.figure
