"""The figures of the chapter on serving a model.

Only drawing happens here: each function takes numbers that the chapter computed and returns the
figure. Chapter: ``book/physics/serving.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = ["draw_eight", "draw_guesses", "draw_latencies", "draw_orders", "draw_refusals"]

STEPS = ("fill", "run", "fetch")


def draw_orders(orders: Sequence[str], right: Sequence[tuple[bool, bool]]) -> Figure:
    """Draw in which orders two clients can use one interpreter, and who gets his own answer.

    Parameters
    ----------
    orders : sequence of str
        Six letters each, three ``A`` and three ``B``: whose step it is.
    right : sequence of pairs of bool
        Whether A and B got their own answers.
    """
    figure, axes = plt.subplots(figsize=(6.4, 5.2), layout="constrained")
    looks = {"A": ("ours", "white"), "B": ("rival", "black")}
    for row, (order, good) in enumerate(zip(orders, right, strict=True)):
        for place, who in enumerate(order):
            color, ink = looks[who]
            square = Rectangle((place, row), 0.92, 0.84, facecolor=COLORS[color], alpha=0.85)
            axes.add_patch(square)
            step = STEPS[order[: place + 1].count(who) - 1]
            axes.text(
                place + 0.46, row + 0.42, f"{who} {step}", ha="center", va="center", fontsize=9,
                color=ink,
            )  # fmt: skip
        words = [f"{who} {'right' if ok else 'WRONG'}" for who, ok in zip("AB", good, strict=True)]
        weight = "bold" if all(good) else "normal"
        axes.text(6.1, row + 0.42, ", ".join(words), va="center", fontsize=9, weight=weight)
    axes.set(xlim=(0, 8.2), ylim=(len(orders), -0.1), xticks=np.arange(6) + 0.46, yticks=[])
    axes.set_xticklabels([str(i + 1) for i in range(6)])
    axes.set_xlabel("step")
    axes.grid(False)
    axes.spines[:].set_visible(False)
    return figure


def draw_eight(small: np.ndarray, large: np.ndarray, answers: Mapping[str, np.ndarray]) -> Figure:
    """Draw a picture, the same blown up, and the probabilities that came back.

    Parameters
    ----------
    small, large : ndarray, shapes (7, 7) and (28, 28)
    answers : mapping of str to ndarray, shape (10,)
        Probabilities by the name of the file that gave them.
    """
    figure, (left, middle, right) = plt.subplots(
        1, 3, figsize=(6.4, 2.5), width_ratios=(1, 1, 1.7), layout="constrained"
    )
    for axes, picture in ((left, small), (middle, large)):
        axes.imshow(picture, cmap="gray_r")
        side = len(picture)
        axes.set_title(f"{side}×{side}", fontsize=10)
        axes.set(xticks=[], yticks=[])
        axes.grid(False)
        axes.spines[:].set_visible(True)
    width = 0.8 / len(answers)
    looks = (("ours", ""), ("rival", "///"), ("accent", "..."))
    for i, ((name, p), (color, hatch)) in enumerate(zip(answers.items(), looks, strict=False)):
        places = np.arange(10) + (i - (len(answers) - 1) / 2) * width
        right.bar(
            places, 100 * p, width, label=name, color=COLORS[color], hatch=hatch, edgecolor="white"
        )
    right.set(xlabel="class", ylabel="probability / %", xticks=range(10))
    right.legend(fontsize=9)
    return figure


def draw_guesses(letters: np.ndarray, leaky: np.ndarray, alphabet: int) -> Figure:
    """Draw how many guesses a secret costs, with and without a leak.

    Parameters
    ----------
    letters : ndarray of int, shape (n,)
        Lengths of secrets.
    leaky : ndarray, shape (n,)
        Guesses, where each refusal tells how many leading letters are right.
    alphabet : int
        Number of different letters.
    """
    axes = new_axes(
        "letters of the secret", "guesses", yscale="log", ylim=(1, 1e80), xlim=(0, letters[-1] + 1)
    )
    axes.plot(
        letters, leaky, "o", ms=4, color=COLORS["rival"], label="refusal tells how far it got"
    )
    axes.plot(
        letters, (alphabet + 1) / 2 * letters, STYLES["exact"], color=COLORS["exact"],
        label="mean of that: 32.5 a letter",
    )  # fmt: skip
    axes.plot(
        letters, 0.5 * float(alphabet) ** letters, STYLES["ours"], color=COLORS["ours"],
        label="refusal tells nothing: half of all",
    )  # fmt: skip
    axes.legend(loc="upper left")
    return axes.figure


def draw_latencies(latencies: Mapping[int, np.ndarray], predicted: Mapping[int, float]) -> Figure:
    """Draw which share of the answers came within which time, by the number of clients.

    Parameters
    ----------
    latencies : mapping of int to ndarray
        Seconds, by the number of clients.
    predicted : mapping of int to float
        Mean seconds by Little's law.
    """
    axes = new_axes("time to the answer / ms", "share of the answers / %", xscale="log")
    looks = (("ours", "-"), ("rival", "-."), ("accent", "--"), ("fail", ":"))
    for (clients, seconds), (name, style) in zip(latencies.items(), looks, strict=False):
        ordered = 1e3 * np.sort(seconds)
        share = 100 * np.arange(1, len(ordered) + 1) / len(ordered)
        words = f"{clients} client{'s' if clients > 1 else ''}"
        axes.plot(ordered, share, style, color=COLORS[name], label=words)
        mean = 1e3 * predicted[clients]
        axes.plot(mean, np.interp(mean, ordered, share), "D", ms=6, color=COLORS[name])
    axes.xaxis.set_minor_locator(NullLocator())
    low, high = axes.get_xlim()
    marks = [m * 10.0**k for k in range(-3, 6) for m in (1, 2, 5)]
    marks = [mark for mark in marks if low <= mark <= high]
    axes.set_xticks(marks, [f"{mark:g}" for mark in marks])
    axes.plot([], [], "D", color=COLORS["neutral"], label="mean by Little's law")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4, columnspacing=1.2)
    return axes.figure


def draw_refusals(
    seconds: Mapping[str, np.ndarray], statuses: Mapping[str, int], deadline: float
) -> Figure:
    """Draw how long it takes until a wrong request is refused, by the kind of fault.

    Parameters
    ----------
    seconds : mapping of str to ndarray
        Durations by family of faults.
    statuses : mapping of str to int
    deadline : float
        Seconds that a request may take to arrive.
    """
    names = sorted(seconds, key=lambda name: float(np.median(seconds[name])))
    axes = new_axes("time to the refusal / ms", size=(6.4, 5.0), xscale="log")
    for row, name in enumerate(names):
        times = 1e3 * seconds[name]
        axes.plot(times, np.full(len(times), row), "|", ms=10, mew=1.8, color=COLORS["ours"])
    axes.axvline(1e3 * deadline, ls=STYLES["exact"], color=COLORS["exact"], lw=0.9, zorder=1)
    axes.text(1e3 * deadline, 0.2, "deadline ", ha="right", fontsize=9)
    axes.set_yticks(range(len(names)), [f"{statuses[name]}  {name}" for name in names], fontsize=9)
    axes.set_ylim(-0.7, len(names) - 0.3)
    return axes.figure
