"""The figures of the chapter *Evidence*.

Only drawing happens here: each function takes numbers that the chapter computed and returns the
figure. Evidence is in nats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from mlphys.learning.evidence import logistic
from mlphys.plotting import COLORS, new_axes

__all__ = [
    "draw_loss_error",
    "draw_order",
    "draw_quanta",
    "draw_relaxation",
    "draw_scale",
    "draw_texts",
    "draw_words",
]


def draw_scale(evidence: np.ndarray, probabilities: np.ndarray, beliefs: np.ndarray) -> Figure:
    """Draw the logistic curve, pooled opinions on it, and the rival belief beside it.

    Parameters
    ----------
    evidence, probabilities : ndarray, shape (n,)
        Pooled by the rule for n numbers of witnesses.
    beliefs : ndarray, shape (n,)
        What a rival rule says for the same witnesses.
    """
    axes = new_axes("evidence z / nats", "probability p", ylim=(-0.03, 1.09))
    z = np.linspace(-6, 6, 241)
    axes.plot(z, logistic(z), color=COLORS["exact"], ls="--", label="logistic function")
    axes.plot(evidence, probabilities, "o", ls="none", color=COLORS["ours"], label="pooled")
    axes.plot(evidence, beliefs, "s", ls="-.", color=COLORS["rival"], label="averaged")
    right = axes.secondary_yaxis("right", functions=(lambda p: 2 * p - 1, lambda b: (b + 1) / 2))
    right.set_ylabel("velocity β = 2p − 1, in units of c")
    axes.legend(loc="upper left")
    return axes.figure


def draw_order(naive: np.ndarray, pooled: np.ndarray) -> Figure:
    """Draw the evidence after each opinion, by probabilities and by sums.

    Parameters
    ----------
    naive : ndarray, shape (n,)
        Logit of the probability that was carried along; may be infinite.
    pooled : ndarray, shape (n,)
    """
    axes = new_axes("opinions heard", "evidence held / nats")
    heard = np.arange(len(pooled))
    lost = ~np.isfinite(naive)
    axes.plot(heard, pooled, color=COLORS["ours"], label="sum of evidence")
    axes.plot(
        heard[~lost], naive[~lost], "s", ls="none", color=COLORS["rival"], fillstyle="none",
        label="chain of probabilities",
    )  # fmt: skip
    if lost.any():
        top = 1.06 * float(pooled.max())
        axes.plot(
            heard[lost], np.full(lost.sum(), top), "^", ls="none", color=COLORS["fail"],
            markersize=4, label="p = 1 in float64: infinite evidence",
        )  # fmt: skip
    axes.legend(loc="lower center")
    return axes.figure


def draw_words(words: Mapping[str, float]) -> Figure:
    """Draw one bar for each word, its evidence for junk."""
    axes = new_axes("evidence for junk / nats", size=(6.4, 0.21 * len(words) + 0.9))
    values = np.array(list(words.values()))
    for hatch, colour, part in (("", "fail", values > 0), ("//", "ours", values <= 0)):
        axes.barh(
            np.arange(len(words))[part], values[part], color=COLORS[colour], hatch=hatch,
            edgecolor="white", linewidth=0.3,
        )  # fmt: skip
    axes.set_yticks(range(len(words)), list(words))
    axes.tick_params(axis="y", labelsize=9)
    axes.invert_yaxis()
    axes.axvline(0, color=COLORS["exact"], linewidth=0.8)
    axes.grid(visible=False, axis="y")
    return axes.figure


def draw_texts(groups: Mapping[str, np.ndarray], names: Sequence[str]) -> Figure:
    """Draw the evidence of each text as one mark, a row for each group.

    Parameters
    ----------
    groups : mapping of str to ndarray
        From top to bottom.
    names : sequence of str
        Keys of ``mlphys.plotting.COLORS``, one for each group.
    """
    axes = new_axes("evidence for junk / nats", size=(6.4, 0.62 * len(groups) + 1.0))
    for row, ((_, values), name, marker) in enumerate(
        zip(groups.items(), names, "osD^"[: len(groups)], strict=True)
    ):
        offsets = 0.22 * np.where(np.arange(len(values)) % 2, 1, -1)
        axes.plot(np.sort(values), row + offsets, marker, ls="none", color=COLORS[name], alpha=0.8)
    axes.axvline(0, color=COLORS["exact"], linestyle="--", linewidth=1.2)
    axes.set_yticks(range(len(groups)), list(groups))
    axes.set_ylim(len(groups) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    return axes.figure


def draw_loss_error(logits: np.ndarray, errors: Mapping[str, np.ndarray]) -> Figure:
    """Draw the relative error of a loss against its logit, rival first; infinite ones on top."""
    axes = new_axes("logit z", "relative error of the loss", yscale="log", ylim=(1e-17, 30))
    for (label, values), name, style in zip(
        errors.items(), ("rival", "ours"), ("-.", "-"), strict=True
    ):
        broken = ~np.isfinite(values)
        shown = np.where(broken, np.nan, np.maximum(values, 3e-17))
        axes.plot(logits, shown, color=COLORS[name], ls=style, label=label, linewidth=1.2)
        if broken.any():
            axes.plot(
                logits[broken], np.full(broken.sum(), 10.0), "x", ls="none", markersize=4,
                color=COLORS["fail"], label=f"{label}: infinite",
            )  # fmt: skip
    axes.legend(loc="upper center")
    return axes.figure


def draw_quanta(shares: Mapping[int, np.ndarray], limit: np.ndarray) -> Figure:
    """Draw exact shares for several numbers of oscillators beside their limit."""
    axes = new_axes("quanta in one oscillator", "probability", yscale="log", ylim=(3e-4, 1))
    for (size, values), name, marker in zip(
        shares.items(), ("rival", "accent", "ours"), "s^o", strict=True
    ):
        axes.plot(
            range(len(values)), values, marker, ls="none", color=COLORS[name],
            label=f"counted, {size} oscillators",
        )  # fmt: skip
    axes.plot(range(len(limit)), limit, color=COLORS["exact"], ls="--", label="Boltzmann")
    axes.set_xlim(-0.3, len(limit) - 0.7)
    axes.legend()
    return axes.figure


def draw_relaxation(times: np.ndarray, shares: np.ndarray, expected: np.ndarray) -> Figure:
    """Draw the share of form A in several runs beside the expected one and one half.

    Parameters
    ----------
    times, expected : ndarray, shape (n,)
    shares : ndarray, shape (runs, n)
    """
    axes = new_axes("time in units of 1/k", "share of form A", ylim=(0, 0.8))
    for run, share in enumerate(shares):
        axes.plot(
            times, share, color=COLORS["neutral"], ls="-", linewidth=0.7,
            label=f"{len(shares)} runs" if run == 0 else None,
        )  # fmt: skip
    axes.plot(times, shares.mean(axis=0), color=COLORS["ours"], label="their mean")
    axes.plot(times, expected, color=COLORS["exact"], ls="--", label="rate equation, to 2/3")
    axes.axhline(0.5, color=COLORS["rival"], ls="-.", linewidth=1.2, label="equal energy: 1/2?")
    axes.legend(loc="lower right")
    return axes.figure
