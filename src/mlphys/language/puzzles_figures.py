"""The figures of the chapter *Ten exercises*.

Each ``draw_`` function takes arrays that the chapter computed and returns the figure.
"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mlphys.plotting import COLORS, STYLES

__all__ = ["draw_angle_errors", "draw_polynomial_errors", "draw_shares", "draw_steps"]

MARKERS = {"ours": "o", "rival": "s", "fail": "x", "accent": "^"}
FLOOR = 1e-17  # where an error of zero is drawn


def draw_shares(
    labels: Sequence[str], shares: Mapping[str, np.ndarray], *, expected: np.ndarray, fair: float
) -> Figure:
    """Return the shares of outcomes of two shuffles beside their exact probabilities.

    Parameters
    ----------
    labels : sequence of str
        One an outcome.
    shares : mapping of str to ndarray, shape (outcomes,)
        Observed shares; the key is ``"rival"`` or ``"ours"``.
    expected : ndarray, shape (outcomes,)
        Exact probabilities of the rival.
    fair : float
        Probability of each outcome of a fair shuffle.

    Returns
    -------
    Figure

    Examples
    --------
    >>> halves = np.array([0.5, 0.5])
    >>> figure = draw_shares("ab", {"rival": halves}, expected=halves, fair=0.5)
    >>> len(figure.axes)
    1
    >>> plt.close(figure)
    """
    figure, axes = plt.subplots(figsize=(6.4, 3.2))
    place = np.arange(len(labels))
    title = {"rival": "swap with any card", "ours": "swap with one not yet placed"}
    for role, values in shares.items():
        axes.plot(place, values, MARKERS[role], color=COLORS[role], label=title[role], ls="none")
    axes.hlines(expected, place - 0.3, place + 0.3, color=COLORS["exact"], label="27 runs, by hand")
    axes.axhline(fair, color=COLORS["neutral"], ls="--", label="fair")
    axes.set(xlabel="order of the cards", ylabel="share of the shuffles")
    axes.set_xticks(place, labels)
    axes.legend(ncols=2, loc="upper right", frameon=True)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.35 * (high - low))
    return figure


def draw_angle_errors(angles: np.ndarray, errors: Mapping[str, np.ndarray]) -> Figure:
    """Return the relative errors of ways to compute an angle, from tiny to almost π.

    Parameters
    ----------
    angles : ndarray, shape (n,)
        Radians up to π/2; the second half of the errors belongs to π minus these.
    errors : mapping of str to ndarray, shape (2, n)
        Relative errors of the angle at ``angles``, and at π minus ``angles``; by name of the way.

    Returns
    -------
    Figure

    Examples
    --------
    >>> angles = np.array([1e-6, 1.0])
    >>> figure = draw_angle_errors(angles, {"acos": np.ones((2, 2))})
    >>> len(figure.axes)
    2
    >>> plt.close(figure)
    """
    figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.4), sharey=True)
    for axes, side, label in zip(panels, (0, 1), ("angle / rad", "π − angle / rad"), strict=True):
        for role, (name, values) in zip(("fail", "rival", "ours"), errors.items(), strict=False):
            axes.loglog(
                angles, np.maximum(values[side], FLOOR), MARKERS[role], color=COLORS[role],
                label=name, markersize=4,
            )  # fmt: skip
        axes.set(xlabel=label)
    panels[0].set(ylabel="relative error of the angle")
    panels[1].legend(loc="upper right")
    return figure


def draw_steps(errors: Mapping[str, np.ndarray]) -> Figure:
    """Return the error after each step of Newton's method, one line a run.

    Parameters
    ----------
    errors : mapping of str to ndarray
        Distance from the root after 0, 1, … steps.

    Returns
    -------
    Figure

    Examples
    --------
    >>> figure = draw_steps({"run": np.array([1.0, 0.1, 0.01])})
    >>> len(figure.axes)
    1
    >>> plt.close(figure)
    """
    figure, axes = plt.subplots(figsize=(6.4, 3.2))
    for role, (name, values) in zip(("ours", "rival"), errors.items(), strict=False):
        axes.semilogy(
            np.maximum(values, FLOOR), STYLES[role], marker=MARKERS[role], color=COLORS[role],
            label=name,
        )  # fmt: skip
    axes.set(xlabel="step", ylabel="distance from the root")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend()
    return figure


def draw_polynomial_errors(
    x: np.ndarray, errors: Mapping[str, np.ndarray], bound: np.ndarray
) -> Figure:
    """Return the errors of two ways to evaluate a polynomial below their bound.

    Parameters
    ----------
    x : ndarray, shape (n,)
    errors : mapping of str to ndarray, shape (n,)
        Absolute errors, Horner's first.
    bound : ndarray, shape (n,)

    Returns
    -------
    Figure

    Examples
    --------
    >>> x = np.array([1.0, 2.0])
    >>> figure = draw_polynomial_errors(x, {"Horner": x * 1e-16}, x * 1e-15)
    >>> len(figure.axes)
    1
    >>> plt.close(figure)
    """
    figure, axes = plt.subplots(figsize=(6.4, 3.2))
    for role, (name, values) in zip(("ours", "rival"), errors.items(), strict=False):
        axes.semilogy(
            x, np.maximum(values, FLOOR), MARKERS[role], color=COLORS[role], label=name, ls="none",
            markersize=4,
        )  # fmt: skip
    axes.semilogy(x, bound, color=COLORS["exact"], ls="--", label="bound for Horner's rule")
    axes.set(xlabel="x", ylabel="absolute error")
    axes.legend()
    return figure
