"""The figures of the chapter *Display lists, tapes, graphs*.

Each ``draw_`` function takes numbers that the chapter computed and returns the figure.
"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from mlphys.plotting import COLORS, new_axes

__all__ = ["draw_crews", "draw_pictures", "draw_profiles", "draw_ready"]


def draw_pictures(pixels: np.ndarray, titles: Sequence[str], stored: bool) -> Figure:
    """Return pictures side by side; stored ones say so across the figure.

    Parameters
    ----------
    pixels : ndarray, shape (pictures, height, width, 3)
    titles : sequence of str
        One for each.
    stored : bool
        Whether the pictures were not drawn in this build.
    """
    figure, all_axes = plt.subplots(1, len(pixels), figsize=(6.4, 3.3), squeeze=False)
    for axes, picture, title in zip(all_axes[0], pixels, titles, strict=True):
        axes.imshow(picture)
        axes.set_title(title)
        axes.set_axis_off()
    if stored:
        figure.suptitle("stored picture, not drawn in this build", color=COLORS["fail"])
    return figure


def draw_profiles(profiles: Mapping[str, Sequence[int]]) -> Figure:
    """Return how many operations each step holds when nobody has to wait for a helper.

    Parameters
    ----------
    profiles : mapping of str to sequence of int
        From what is computed to the operations in each step, first to last.
    """
    figure, all_axes = plt.subplots(
        len(profiles), 1, sharex=True, figsize=(6.4, 1.5 * len(profiles) + 0.6), squeeze=False
    )
    longest = max(map(len, profiles.values()))
    for axes, (name, counts), color in zip(
        all_axes[:, 0], profiles.items(), ("rival", "ours", "accent"), strict=False
    ):
        steps = np.arange(1, len(counts) + 1)
        axes.bar(steps, counts, width=0.8, color=COLORS[color])
        axes.set(yscale="log", ylim=(0.7, 700), xlim=(0, longest + 1))
        axes.axvline(len(counts) + 0.5, color=COLORS["exact"], lw=1, ls="--")
        axes.set_title(f"{name}: {sum(counts):,} operations, {len(counts)} steps", loc="left")
    all_axes[-1, 0].set_xlabel("step")
    figure.supylabel("operations in the step", fontsize=11)
    return figure


def draw_ready(electrons: Sequence[int], steps: Mapping[str, Sequence[int]]) -> Figure:
    """Return after how many steps energies and gradients are ready, against the electrons.

    Parameters
    ----------
    electrons : sequence of int
    steps : mapping of str to sequence of int
        Energy and gradient of a loop, then energy and gradient of a tree.
    """
    axes = new_axes(
        "electrons", "steps, helpers without limit", xscale="log", yscale="log", xlim=(1.9, 80)
    )
    looks = (("rival", "o-"), ("ours", "s-"), ("rival", "o:"), ("ours", "s:"))
    for (name, counts), (color, look) in zip(steps.items(), looks, strict=True):
        hollow = {} if look.endswith("-") else {"markerfacecolor": "white"}
        axes.plot(electrons, counts, look, color=COLORS[color], **hollow)
        axes.annotate(
            name,
            (electrons[-1], counts[-1]),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    axes.set_xticks(electrons, [f"{n}" for n in electrons])
    axes.minorticks_off()
    return axes.figure


def draw_crews(
    helpers: Sequence[int],
    steps: Mapping[str, Sequence[int]],
    sizes: Mapping[str, tuple[int, int]],
) -> Figure:
    """Return the steps of schedules against the number of helpers, between Brent's bounds.

    Parameters
    ----------
    helpers : sequence of int
    steps : mapping of str to sequence of int
        From what is computed to the length of its schedule.
    sizes : mapping of str to pair of int
        Its work and depth.
    """
    axes = new_axes("helpers", "steps", xscale="log", yscale="log")
    p = np.geomspace(1, helpers[-1], 200)
    looks = (("rival", "o"), ("ours", "s"))
    for (name, counts), (color, mark) in zip(steps.items(), looks, strict=True):
        work, depth = sizes[name]
        low, high = np.maximum(work / p, depth), work / p + depth
        axes.fill_between(p, low, high, color=COLORS[color], alpha=0.16, lw=0)
        axes.plot(p, low, "-" if mark == "o" else "--", color=COLORS[color], lw=1)
        axes.plot(helpers, counts, mark, color=COLORS[color], label=name)
    axes.set_xticks(helpers, [f"{n}" for n in helpers])
    axes.minorticks_off()
    axes.legend()
    return axes.figure
