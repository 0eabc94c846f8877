"""The figures of the chapter *Embeddings and factorization*.

Only drawing happens here: each function takes numbers that the chapter computed and returns the
figure. Energies come in keV and are drawn in MeV where the axis says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from mlphys.frameworks.chart_of_nuclides import MAGIC
from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = ["draw_chart", "draw_filled", "draw_k", "draw_ranks", "draw_shells", "draw_trial"]


def draw_k(
    ks: Sequence[int], seen: np.ndarray, held: np.ndarray, *, noise: float, planted: int
) -> Figure:
    """Draw the errors on seen and on held-out entries against the number of factors.

    Parameters
    ----------
    ks : sequence of int
    seen, held : ndarray, shape (seeds, len(ks))
        Root mean square errors.
    noise : float
        Of an entry.
    planted : int
        The true number of factors.
    """
    axes = new_axes("factors K", "RMS error of an entry")
    for values, name, marker, label in (
        (seen, "rival", "s", "entries it was fitted to"),
        (held, "ours", "o", "entries held out"),
    ):
        axes.plot(ks, values.T, color=COLORS["neutral"], linestyle="-", linewidth=0.6)
        axes.plot(
            ks, values.mean(axis=0), color=COLORS[name], linestyle=STYLES[name], marker=marker,
            label=label,
        )  # fmt: skip
    axes.axhline(noise, color=COLORS["exact"], linestyle=STYLES["exact"], label="noise of an entry")
    axes.axvline(planted, color=COLORS["neutral"], linestyle=":", label="planted K")
    axes.set(xticks=list(ks), ylim=(0, None))
    axes.legend()
    return axes.figure


def draw_filled(truth: np.ndarray, answers: Mapping[str, np.ndarray]) -> Figure:
    """Draw predictions for holes against the planted truth, one panel for each method.

    Parameters
    ----------
    truth : ndarray, shape (n,)
    answers : mapping of str to ndarray of shape (n,)
        Predictions, by the title of their panel.
    """
    figure, panels = plt.subplots(
        1, len(answers), figsize=(6.4, 3.3), sharex=True, sharey=True, squeeze=False
    )
    reach = 1.05 * np.abs(truth).max()
    for axes, (title, values), name in zip(
        panels[0], answers.items(), ("ours", "rival", "accent"), strict=False
    ):
        axes.plot(truth, values, ".", color=COLORS[name], markersize=2.5, alpha=0.6)
        axes.plot(
            [-reach, reach], [-reach, reach], color=COLORS["exact"], linestyle=STYLES["exact"],
            linewidth=1.2,
        )  # fmt: skip
        axes.set(title=title, xlabel="truth in a hole", xlim=(-reach, reach), ylim=(-reach, reach))
    panels[0, 0].set_ylabel("prediction")
    return figure


def draw_chart(
    z: np.ndarray, n: np.ndarray, panels: Mapping[str, np.ndarray], *, reach: float = 6.0
) -> Figure:
    """Draw quantities on the chart of nuclides, with lines at the magic numbers.

    Parameters
    ----------
    z, n : ndarray of int, shape (count,)
    panels : mapping of str to ndarray of shape (count,)
        Energies in keV, by the title of their panel.
    reach : float, default 6
        The shades end at plus and minus so many MeV.
    """
    figure, column = plt.subplots(
        len(panels), 1, figsize=(6.4, 3.5 * len(panels)), sharex=True, squeeze=False
    )
    picture: Any = None
    for axes, (title, values) in zip(column[:, 0], panels.items(), strict=True):
        table = np.full((z.max() + 4, n.max() + 4), np.nan)
        table[z, n] = values / 1e3
        picture = axes.imshow(
            table, origin="lower", cmap="viridis", vmin=-reach, vmax=reach,
            interpolation="nearest", aspect="auto",
        )  # fmt: skip
        axes.grid(False)
        for magic in MAGIC:
            if magic < z.max():
                axes.axhline(magic, color=COLORS["neutral"], linewidth=0.6, linestyle=":")
            axes.axvline(magic, color=COLORS["neutral"], linewidth=0.6, linestyle=":")
        axes.set(title=title, ylabel="protons Z", ylim=(5, None), xlim=(5, None))
        axes.set_yticks(MAGIC[:-1])
        axes.set_xticks(MAGIC)
    column[-1, 0].set_xlabel("neutrons N (ticks: magic numbers)")
    bar = figure.colorbar(picture, ax=column[:, 0].tolist(), extend="both", shrink=0.8)
    bar.set_label("measured minus predicted / MeV")
    return figure


def draw_trial(errors: Mapping[str, Mapping[str, np.ndarray]]) -> Figure:
    """Draw the root mean square errors of the models under two ways to split.

    Parameters
    ----------
    errors : mapping of str to (mapping of str to ndarray of shape (seeds,))
        By split, then by model, in keV.
    """
    axes = new_axes("held-out RMS / MeV", size=(6.4, 3.6), xscale="log")
    models = list(next(iter(errors.values())))
    looks = (("rival", "s", 0.14), ("ours", "o", -0.14))
    for (split, by_model), (name, marker, shift) in zip(errors.items(), looks, strict=True):
        for row, model in enumerate(models):
            values = by_model[model] / 1e3
            axes.plot(
                values, np.full(values.shape, row + shift), marker, color=COLORS[name],
                markerfacecolor="none", linestyle="none", label=split if row == 0 else None,
            )  # fmt: skip
    axes.set_yticks(range(len(models)), models)
    axes.set_ylim(len(models) - 0.5, -0.5)
    ticks = (0.5, 1, 2, 3, 5, 10, 20, 40)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.legend(title="held out", loc="lower right")
    return axes.figure


def draw_shells(n: np.ndarray, factors: np.ndarray, z: np.ndarray, rows: np.ndarray) -> Figure:
    """Draw the learned numbers of each N and of each Z.

    Parameters
    ----------
    n : ndarray of int, shape (count,)
    factors : ndarray, shape (k, count)
    z : ndarray of int, shape (count of Z,)
    rows : ndarray, shape (count of Z, k)
    """
    figure, panels = plt.subplots(2, 1, figsize=(6.4, 5.2))
    for axes, place, curves, label in (
        (panels[0], n, factors, "neutrons N"),
        (panels[1], z, rows.T, "protons Z"),
    ):
        for number, (curve, name) in enumerate(zip(curves, ("ours", "rival"), strict=False)):
            axes.plot(
                place,
                curve,
                color=COLORS[name],
                linestyle=STYLES[name],
                label=f"factor {number + 1}",
            )
        for magic in MAGIC:
            if magic <= place.max():
                axes.axvline(magic, color=COLORS["neutral"], linewidth=0.9, linestyle=":")
        axes.set(xlabel=f"{label} (ticks: magic numbers)", ylabel="learned number / √MeV")
        axes.set_xticks([magic for magic in MAGIC if magic <= place.max()])
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure


def draw_ranks(questions: Sequence[str], ranks: Mapping[str, np.ndarray], *, words: int) -> Figure:
    """Draw the place of the expected answer, for each question and each way to ask.

    Parameters
    ----------
    questions : sequence of str
    ranks : mapping of str to ndarray of shape (seeds, questions)
        1 is the first place; by the way to ask.
    words : int
        Size of the vocabulary; a guess has half of it as its median place.
    """
    axes = new_axes("place of the expected word (1 = first)", size=(6.4, 5.4), xscale="log")
    looks = (("ours", "o", 0.2), ("rival", "s", 0.0), ("accent", "^", -0.2))
    for (way, places), (name, marker, shift) in zip(ranks.items(), looks, strict=False):
        rows = np.arange(len(questions)) - shift
        axes.hlines(rows, places.min(axis=0), places.max(axis=0), color=COLORS[name], linewidth=1)
        axes.plot(
            np.median(places, axis=0), rows, marker, color=COLORS[name], linestyle="none",
            label=way, markersize=5,
        )  # fmt: skip
    axes.axvline(words / 2, color=COLORS["exact"], linestyle=STYLES["exact"], label="a guess")
    axes.set_yticks(range(len(questions)), questions)
    axes.set_ylim(len(questions) - 0.5, -0.5)
    ticks = (1, 3, 10, 30, 100, 300)
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.figure.legend(loc="outside upper center", ncols=4)
    return axes.figure
