"""The figures of the chapter *A tape engine*.

Each ``draw_`` function takes numbers that the chapter computed and returns the figure.
"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from mlphys.plotting import COLORS, new_axes

__all__ = ["draw_bridge", "draw_derivatives", "draw_kicks", "draw_lengths", "draw_stops"]


def draw_stops(
    doublings: Sequence[int], following: Sequence[int], replaying: Sequence[int]
) -> Figure:
    """Return the stops of two walks back against the number of doublings.

    Parameters
    ----------
    doublings : sequence of int
        Numbers n of lines y = y + y.
    following, replaying : sequence of int
        Stops of the walk that follows each arrow, and of the one that reads the tape backwards.
    """
    axes = new_axes("doublings  y = y + y", "stops of the walk back", yscale="log")
    n = np.arange(0, 31)
    axes.plot(n, 2.0 ** (n + 1) - 1, "--", color=COLORS["exact"], lw=1.2)
    axes.plot(n, n + 1, "--", color=COLORS["exact"], lw=1.2)
    axes.plot(doublings, following, "^", color=COLORS["rival"], label="follow the arrows")
    axes.plot(doublings, replaying, "o", color=COLORS["ours"], label="replay the tape")
    axes.annotate(r"$2^{n+1}-1$", (24, 2.0**25), xytext=(17.5, 2.0**26.5))
    axes.annotate(r"$n+1$", (24, 25), xytext=(24, 40))
    axes.axvline(30, color=COLORS["neutral"], lw=0.8)
    axes.legend(loc="upper left")
    return axes.figure


def draw_bridge(names: Sequence[str], slopes: Sequence[float], shares: Sequence[float]) -> Figure:
    """Return the sensitivity of a circuit's resistance to each resistor, and Cohn's theorem.

    Parameters
    ----------
    names : sequence of str
        One for each resistor.
    slopes : sequence of float
        dR/dr_k, from the tape.
    shares : sequence of float
        (i_k / I)², from the currents.
    """
    axes = new_axes("resistor", "dR / dr  (ohms per ohm)", size=(6.4, 3.2))
    at = np.arange(len(names))
    axes.bar(at, slopes, width=0.55, color=COLORS["ours"], alpha=0.55, label="tape")
    axes.plot(at, shares, "D", color=COLORS["exact"], label="share of the current, squared")
    axes.set_xticks(at, names)
    axes.grid(axis="x", visible=False)
    axes.set_ylim(0, 1.3 * max(slopes))
    axes.legend(ncols=2, loc="upper center")
    return axes.figure


def draw_kicks(
    time: np.ndarray,
    position: np.ndarray,
    slopes: np.ndarray,
    kicks: tuple[np.ndarray, np.ndarray],
    harmonic: np.ndarray,
) -> Figure:
    """Return a motion, and below it what a kick at each moment does to its end.

    Parameters
    ----------
    time, position : ndarray, shape (n,)
        The motion.
    slopes : ndarray, shape (n,)
        Sensitivity of the final position to the momentum at each time, from one replay.
    kicks : pair of ndarray
        Times of kicks that were given, and the change of the final position per unit of kick.
    harmonic : ndarray, shape (n,)
        The same sensitivity for a spring without the cubic term.
    """
    figure, (top, bottom) = plt.subplots(
        2, 1, sharex=True, figsize=(6.4, 4.6), height_ratios=[1, 1.7]
    )
    top.plot(time, position, color=COLORS["neutral"])
    top.set_ylabel("position q")
    bottom.plot(time, harmonic, "-.", color=COLORS["rival"], lw=1.2, label="linear spring")
    bottom.plot(time, slopes, color=COLORS["ours"], label="accumulators of p, one replay")
    bottom.plot(*kicks, "D", color=COLORS["exact"], ms=4.5, label="kicks that were given")
    bottom.set_xlabel("time of the kick")
    bottom.set_ylabel("change of the end\nper unit of kick")
    bottom.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, fontsize=9)
    return figure


def draw_derivatives(
    x: np.ndarray, found: Mapping[int, np.ndarray], exact: Mapping[int, np.ndarray]
) -> Figure:
    """Return derivatives of several orders over their closed forms, scaled to the same height.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Places.
    found, exact : mapping of int to ndarray, shape (n,)
        From the order of a derivative to its values.
    """
    figure, all_axes = plt.subplots(
        len(found), 1, sharex=True, figsize=(6.4, 1.05 * len(found) + 0.5)
    )
    for axes, (order, values) in zip(all_axes, found.items(), strict=True):
        scale = np.max(abs(exact[order]))
        axes.plot(x, values / scale, color=COLORS["ours"], lw=3.2, alpha=0.45)
        axes.plot(x, exact[order] / scale, "--", color=COLORS["exact"], lw=1.1)
        axes.set_ylim(-1.25, 1.25)
        axes.set_yticks([-1, 0, 1])
        axes.text(0.01, 0.78, f"order {order}", transform=axes.transAxes)
    all_axes[-1].set_xlabel("x")
    figure.supylabel("derivative / its maximum", fontsize=11)
    return figure


def draw_lengths(lengths: Sequence[int], microseconds: Mapping[str, Sequence[float]]) -> Figure:
    """Return the time of one operation against the length of the tape, for several engines.

    Parameters
    ----------
    lengths : sequence of int
        Operations on the tape.
    microseconds : mapping of str to sequence of float
        Value and gradient per operation; the first entry is ours.
    """
    axes = new_axes(
        "operations on the tape", "time per operation (µs)", xscale="log", ylim=(0, None)
    )
    marks = (("ours", "o-"), ("rival", "^-."), ("accent", "s:"))
    for (name, values), (color, mark) in zip(microseconds.items(), marks, strict=False):
        axes.plot(lengths, values, mark, color=COLORS[color], label=name)
    axes.set_ylim(0, 1.25 * max(max(v) for v in microseconds.values()))
    axes.legend()
    return axes.figure
