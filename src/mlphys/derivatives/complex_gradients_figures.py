"""The figures of the chapter *Complex numbers in the backward pass*.

Each ``draw_`` function takes numbers that the chapter computed and returns the figure. Frequencies
are in terahertz, lengths in micrometers.
"""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from mlphys.derivatives.thin_film import Film
from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = [
    "draw_band",
    "draw_disorder",
    "draw_histories",
    "draw_layers",
    "draw_means",
    "draw_spectra",
    "draw_steps",
]

KINDS = ("ours", "rival", "accent", "neutral")
FREQUENCY = "frequency / THz"


def draw_steps(start: complex, steps: Mapping[str, complex]) -> Figure:
    """Return the contours of |z|² with one arrow for each step from a common start.

    Parameters
    ----------
    start : complex
        Where the arrows begin.
    steps : mapping of str to complex
        Label and displacement of each.
    """
    axes = new_axes(r"$\mathrm{Re}\,z$", r"$\mathrm{Im}\,z$", size=(5.2, 4.2))
    reach = 1.6 * abs(start)
    x, y = np.meshgrid(np.linspace(0, reach, 120), np.linspace(0, reach, 120))
    levels = np.arange(1, 9) ** 2
    contours = axes.contour(x, y, x * x + y * y, levels=levels, colors=COLORS["neutral"])
    contours.set(linewidths=0.8)
    radii = np.sqrt(levels[np.sqrt(levels) < reach])
    places = list(zip(radii * np.cos(0.3), radii * np.sin(0.3), strict=True))
    axes.clabel(contours, fmt="%d", fontsize=9, manual=places)
    for kind, (label, step) in zip(KINDS, steps.items(), strict=False):
        end = start + step
        arrow = {"arrowstyle": "-|>", "color": COLORS[kind], "lw": 2, "linestyle": STYLES[kind]}
        axes.annotate("", (end.real, end.imag), (start.real, start.imag), arrowprops=arrow)
        axes.annotate(
            f"{label}: {abs(end) ** 2:.1f}",
            (end.real, end.imag),
            xytext=(4, -4 if step.imag < 0 else 4),
            textcoords="offset points",
            va="top" if step.imag < 0 else "bottom",
            color=COLORS[kind],
            backgroundcolor="white",
        )
    axes.plot(start.real, start.imag, "o", color=COLORS["exact"])
    axes.set(xlim=(0, 1.4 * abs(start)), ylim=(0, 1.2 * abs(start)), aspect="equal")
    return axes.figure


def draw_disorder(
    layers: Any, draws: np.ndarray, *, rays: np.ndarray, mean_log: np.ndarray
) -> Figure:
    """Return T against the number of layers: single stacks, their mean of ln T, rays, and the law.

    Parameters
    ----------
    layers : array_like, shape (k,)
        Numbers of layers.
    draws : ndarray, shape (k, stacks)
        ln T of random stacks.
    rays : ndarray, shape (k,)
        T if intensities add.
    mean_log : ndarray, shape (k,)
        Mean of ln T by the law of waves.
    """
    axes = new_axes("number of layers", "transmitted share of power", yscale="log")
    for column in draws.T:
        axes.plot(layers, np.exp(column), ".", color=COLORS["neutral"], ms=3, alpha=0.6)
    axes.plot([], [], ".", color=COLORS["neutral"], label="one random stack")
    axes.plot(layers, np.exp(draws.mean(axis=1)), "o", color=COLORS["ours"], label="mean of ln T")
    axes.plot(layers, np.exp(mean_log), "--", color=COLORS["exact"], label="law of waves")
    axes.plot(layers, rays, "-.", color=COLORS["rival"], label="rays")
    axes.legend(loc="lower left")
    return axes.figure


def draw_histories(histories: Mapping[str, np.ndarray]) -> Figure:
    """Return the loss in the band, −mean ln T, against iterations.

    Parameters
    ----------
    histories : mapping of str to ndarray, shape (iterations + 1,)
        Label and loss at the start and after each iteration.
    """
    axes = new_axes("iteration", r"loss $-\langle \ln T\rangle$ in the band", yscale="log")
    markers = {"ours": "o", "rival": "s", "accent": "^", "neutral": "v"}
    for kind, (label, losses) in zip(KINDS, histories.items(), strict=False):
        alone = len(losses) == 1
        axes.plot(
            losses,
            color=COLORS[kind],
            linestyle="none" if alone else STYLES[kind],
            marker=markers[kind],
            markersize=13 if alone else 5,
            markerfacecolor="none" if alone else COLORS[kind],
            markevery=max(len(losses) // 8, 1),
            label=label,
        )
    axes.legend()
    return axes.figure


def draw_spectra(
    frequency: np.ndarray, spectra: Mapping[str, np.ndarray], band: tuple[float, float]
) -> Figure:
    """Return ln T over frequency on a logarithmic axis, the band shaded.

    Parameters
    ----------
    frequency : ndarray, shape (k,)
        In THz.
    spectra : mapping of str to ndarray, shape (k,)
        Label and T.
    band : tuple of float
        Edges of the band in THz.
    """
    axes = new_axes(FREQUENCY, "transmitted share $T$", yscale="log")
    _shade(axes, band)
    for kind, (label, t) in zip(("rival", "ours"), spectra.items(), strict=False):
        axes.plot(frequency, t, color=COLORS[kind], lw=1, ls=STYLES[kind], label=label)
    axes.set(xlim=(frequency.min(), frequency.max()), ylim=(None, 20))
    axes.legend(loc="lower right")
    return axes.figure


def draw_layers(film: Film, designs: Mapping[str, np.ndarray], unit: np.ndarray) -> Figure:
    """Return index profiles over depth, and the optical thickness of neighboring pairs.

    Parameters
    ----------
    film : Film
        Indices.
    designs : mapping of str to ndarray, shape (layers,)
        Label and thickness in quarter waves, two of them.
    unit : ndarray, shape (layers,)
        A quarter wave in each layer, in nanometers.
    """
    figure, rows = plt.subplots(3, 1, figsize=(6.4, 5.6), height_ratios=[1, 1, 2.6])
    deepest = max(float(np.sum(x * unit)) for x in designs.values()) / 1000
    for axes, (label, x) in zip(rows, designs.items(), strict=False):
        edges = np.concatenate([[0.0], np.cumsum(x * unit)]) / 1000
        axes.stairs(film.index, edges, fill=True, baseline=1.0, color=COLORS["ours"])
        axes.set(xlim=(0, deepest), ylim=(1, 2.6), ylabel="index", title=f"{label}: profile")
        axes.grid(False)
    rows[1].set_xlabel("depth / µm")
    axes = rows[2]
    for gap, note in ((2, "first gap"), (4, "second gap")):
        axes.axhspan(gap - 0.4, gap + 0.4, color=COLORS["neutral"], alpha=0.25, lw=0)
        axes.text(1.01, gap, note, va="center", fontsize=9, transform=axes.get_yaxis_transform())
    for kind, marker, (label, x) in zip(
        ("rival", "ours"), ("x", "o"), designs.items(), strict=False
    ):
        axes.plot(x[:-1] + x[1:], marker, color=COLORS[kind], ms=4, label=label)
    axes.set(xlabel="number of the pair", ylabel="thickness of a pair\n/ quarter waves")
    axes.set(xlim=(0, len(unit)), ylim=(0, 6.6))
    axes.legend(ncols=2, loc="upper right")
    return figure


def draw_means(
    frequency: np.ndarray, logarithms: Mapping[str, np.ndarray], *, law: float
) -> Figure:
    """Return the mean of ln T from zero up to each frequency, against the law.

    Parameters
    ----------
    frequency : ndarray, shape (k,)
        Evenly spaced, in THz.
    logarithms : mapping of str to ndarray, shape (k,)
        Label and ln T at these frequencies.
    law : float
        The mean over all frequencies.
    """
    axes = new_axes("upper end of the range / THz", r"mean of $\ln T$ up to there", xscale="log")
    for kind, (label, log_t) in zip(("rival", "ours"), logarithms.items(), strict=False):
        running = np.cumsum(log_t) / np.arange(1, len(log_t) + 1)
        axes.plot(frequency, running, color=COLORS[kind], ls=STYLES[kind], label=label)
    axes.axhline(law, color=COLORS["exact"], ls="--", label="sum over boundaries")
    axes.set_xlim(100, frequency[-1])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.legend()
    return axes.figure


def draw_band(
    frequency: np.ndarray, spectra: Mapping[str, np.ndarray], seen: np.ndarray, t_seen: np.ndarray
) -> Figure:
    """Return T between the frequencies that an optimizer saw.

    Parameters
    ----------
    frequency : ndarray, shape (k,)
        Fine grid in THz.
    spectra : mapping of str to ndarray, shape (k,)
        Label and T of each design; the first one is the design whose samples are marked.
    seen, t_seen : ndarray, shape (m,)
        Frequencies that the first design was optimized at, and its T there.
    """
    axes = new_axes(FREQUENCY, "transmitted share $T$")
    for kind, (label, t) in zip(("rival", "ours"), spectra.items(), strict=False):
        axes.plot(frequency, t, color=COLORS[kind], ls=STYLES[kind], lw=1.2, label=label)
    axes.plot(seen, t_seen, "o", color=COLORS["fail"], ms=4, label="seen by the optimizer")
    axes.set(xlim=(frequency.min(), frequency.max()), ylim=(0, 1.05))
    axes.legend(loc="lower right")
    return axes.figure


def _shade(axes: Axes, band: tuple[float, float]) -> None:
    axes.axvspan(*band, color=COLORS["accent"], alpha=0.15, lw=0)
    axes.text(sum(band) / 2, 4, "band", ha="center", va="center", fontsize=9)
