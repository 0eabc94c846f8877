"""One look for all figures of the course.

White ground, so that a figure reads the same in the light and the dark page and on paper; colors
that stay apart in greyscale and for color-blind readers (after Okabe and Ito), each with a fixed
meaning; and line styles that repeat the distinction without color.
"""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
from cycler import cycler

__all__ = ["COLORS", "STYLES", "new_axes", "use_style"]

COLORS = {
    "ours": "#0B5394",  # what the chapter computes
    "exact": "#000000",  # the truth: closed form, published value
    "rival": "#D55E00",  # the method or the belief that it is compared with
    "fail": "#A50F15",  # where something breaks
    "neutral": "#7F7F7F",  # guides, grids, single runs behind a median
    "accent": "#009E73",  # a second thing of ours
}
STYLES = {"ours": "-", "exact": "--", "rival": "-.", "fail": ":", "neutral": "-", "accent": "-"}


def use_style() -> None:
    """Set the look of every figure that follows in this process.

    Examples
    --------
    >>> use_style()
    >>> plt.rcParams["axes.grid"]
    True
    """
    order = ("ours", "rival", "accent", "exact", "fail", "neutral")
    plt.rcParams.update(
        {
            "figure.figsize": (6.4, 3.8),
            "figure.dpi": 110,
            "savefig.dpi": 160,
            "figure.constrained_layout.use": True,
            "figure.facecolor": "white",
            "axes.facecolor": "white",
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.labelsize": 11,
            "axes.titlesize": 11,
            "axes.prop_cycle": cycler(
                color=[COLORS[name] for name in order], linestyle=[STYLES[name] for name in order]
            ),
            "grid.color": "#DDDDDD",
            "grid.linewidth": 0.6,
            "font.size": 10,
            "legend.frameon": False,
            "legend.fontsize": 10,
            "lines.linewidth": 1.8,
            "lines.markersize": 5,
            "image.cmap": "gray",
            "svg.hashsalt": "mlphys",
        }
    )


def new_axes(
    xlabel: str = "", ylabel: str = "", *, size: tuple[float, float] | None = None, **options: Any
) -> Any:
    """Return one labelled axes in a new figure.

    Parameters
    ----------
    xlabel, ylabel : str
        Labels with units.
    size : tuple of float, optional
        Width and height in inches.
    **options
        Further properties of the axes (``xscale``, ``title``, ``ylim``, ...).

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> axes = new_axes("time / s", "height / m", yscale="log")
    >>> axes.get_ylabel(), axes.get_yscale()
    ('height / m', 'log')
    >>> plt.close(axes.figure)
    """
    _, axes = plt.subplots(figsize=size)
    axes.set(xlabel=xlabel, ylabel=ylabel, **options)
    return axes
