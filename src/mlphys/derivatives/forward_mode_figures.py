"""The figures of the chapter *From finite differences to dual numbers*.

Each ``draw_`` function takes arrays that the chapter computed and returns the figure. Errors are
relative; those that vanish are drawn on the bottom line.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from mlphys.derivatives.differences import EPSILON
from mlphys.plotting import COLORS

__all__ = ["draw_costs", "draw_error_curves", "draw_jury", "draw_propagation", "draw_step_range"]

MARKERS = {"ours": "o", "rival": "^", "accent": "s", "fail": "x"}


def draw_error_curves(
    steps: np.ndarray,
    errors: Mapping[str, np.ndarray],
    models: Mapping[str, np.ndarray],
    slopes: Mapping[str, tuple[float, float]],
) -> Figure:
    """Return errors of two difference rules against the step, with the model of each.

    Parameters
    ----------
    steps : ndarray, shape (n,)
        Steps h.
    errors, models : mapping of name to ndarray, shape (n,)
        Relative errors found and predicted; the same names in both, at most two.
    slopes : mapping of name to (rounding, truncation)
        Slopes fitted on both sides of the minimum, written beside the curves.

    Returns
    -------
    matplotlib.figure.Figure
    """
    floor = 1e-15
    figure, axes = plt.subplots(figsize=(6.4, 4.2))
    for name, role in zip(errors, ("rival", "ours"), strict=False):
        axes.loglog(
            steps,
            np.maximum(errors[name], floor),
            MARKERS[role],
            markersize=2.5,
            alpha=0.55,
            color=COLORS[role],
            label=f"{name}, found",
        )
        axes.loglog(steps, models[name], "--", color=COLORS["exact"], linewidth=1.3)
        best = int(np.argmin(models[name]))
        axes.plot(steps[best], models[name][best], "*", color=COLORS["exact"], markersize=12)
        rounding, truncation = slopes[name]
        right = int(np.searchsorted(steps[:-1], (3e3 if role == "rival" else 30) * steps[best]))
        axes.annotate(
            _signed(truncation),
            (steps[right], models[name][right]),
            textcoords="offset points",
            xytext=(-8, 10) if role == "rival" else (8, -12),
            ha="right" if role == "rival" else "left",
            color=COLORS[role],
        )
        left = int(np.searchsorted(steps, steps[best] / (300 if role == "rival" else 30)))
        axes.annotate(
            _signed(rounding),
            (steps[left], models[name][left]),
            textcoords="offset points",
            xytext=(6, 14) if role == "rival" else (-16, -44),
            ha="left" if role == "rival" else "right",
            color=COLORS[role],
        )
    axes.plot([], [], "--", color=COLORS["exact"], linewidth=1.3, label="model; star: its minimum")
    axes.set(xlabel="step h", ylabel="relative error of the slope", ylim=(floor / 2, 10))
    axes.legend(loc="upper center", fontsize=9)
    return figure


def _signed(slope: float) -> str:
    return f"slope {slope:+.2f}".replace("-", "−")


def draw_step_range(steps: np.ndarray, errors: Mapping[str, np.ndarray]) -> Figure:
    """Return errors over all steps that a number can hold, to the smallest subnormal one.

    Parameters
    ----------
    steps : ndarray, shape (n,)
        Steps h, from the smallest positive numbers to about 1.
    errors : mapping of name to ndarray, shape (n,)
        Relative errors: first the rule that is praised, then its rivals.

    Returns
    -------
    matplotlib.figure.Figure
    """
    floor = 1e-17
    figure, axes = plt.subplots(figsize=(6.4, 3.6))
    for (name, error), role in zip(errors.items(), ("ours", "rival"), strict=False):
        axes.plot(
            np.log10(steps),
            np.log10(np.clip(error, floor, 10)),
            MARKERS[role],
            markersize=3,
            color=COLORS[role],
            label=name,
        )
    smallest = np.log10(np.finfo(float).smallest_normal)
    axes.axvspan(np.log10(steps[0]), smallest, color=COLORS["fail"], alpha=0.15)
    axes.text(smallest + 3, -7, "numbers lose digits", rotation=90, ha="left", va="center")
    axes.axhline(np.log10(4 * EPSILON), linestyle=":", color=COLORS["exact"], linewidth=1.2)
    axes.text(-160, np.log10(4 * EPSILON) + 0.3, "4 eps", ha="center")
    axes.set(
        xlabel="log₁₀ of the step h", ylabel="log₁₀ of the relative error", xlim=(-332, 5),
        ylim=(-17.5, 1.5), yticks=range(-16, 1, 4),
    )  # fmt: skip
    axes.legend(loc="center", bbox_to_anchor=(0.5, 0.66))
    return figure


def draw_jury(names: Sequence[str], errors: Mapping[str, np.ndarray]) -> Figure:
    """Return the errors of several rules on many functions, in units of eps.

    Parameters
    ----------
    names : sequence of str
        Names of the functions.
    errors : mapping of name to ndarray, shape (len(names),)
        Relative errors of each rule; up to three rules.

    Returns
    -------
    matplotlib.figure.Figure
    """
    floor = 0.01
    figure, axes = plt.subplots(figsize=(6.4, 5.2))
    rows = np.arange(len(names))[::-1]
    for (rule, error), role in zip(errors.items(), ("rival", "ours", "accent"), strict=False):
        hollow = "none" if role == "ours" else COLORS[role]
        axes.semilogx(
            np.maximum(np.asarray(error) / EPSILON, floor),
            rows,
            MARKERS[role],
            color=COLORS[role],
            markerfacecolor=hollow,
            markersize=7 if role == "ours" else 4,
            label=rule,
        )
    axes.axvline(4, linestyle=":", color=COLORS["exact"])
    axes.text(4.6, len(names) - 0.4, "4 eps", va="center")
    axes.set_yticks(rows, names, fontsize=9)
    axes.set(xlabel="relative error in units of eps = 2.2e-16 (0 drawn at 0.01)")
    axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=3, fontsize=9)
    return figure


def draw_propagation(
    clouds: Mapping[str, np.ndarray], normals: Mapping[str, tuple[float, float]], *, label: str
) -> Figure:
    """Return histograms of simulated results with the normal curve that slopes predict.

    Parameters
    ----------
    clouds : mapping of title to ndarray
        Simulated results, one panel each.
    normals : mapping of title to (mean, standard deviation)
        What propagation by slopes says.
    label : str
        What the results are, with their unit.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, panels = plt.subplots(1, len(clouds), figsize=(6.4, 3.2))
    for axes, (title, cloud) in zip(np.atleast_1d(panels), clouds.items(), strict=True):
        mean, sigma = normals[title]
        low, high = mean - 4 * sigma, mean + 4 * sigma
        axes.hist(
            cloud, bins=60, range=(low, high), weights=np.full(len(cloud), 60 / (high - low) / len(cloud)),
            color=COLORS["neutral"], alpha=0.5, label="simulated",
        )  # fmt: skip
        grid = np.linspace(low, high, 201)
        bell = np.exp(-(((grid - mean) / sigma) ** 2) / 2) / (sigma * np.sqrt(2 * np.pi))
        axes.plot(grid, bell, color=COLORS["ours"], label="from slopes")
        axes.axvline(cloud.mean(), linestyle="-.", color=COLORS["rival"], label="mean, simulated")
        axes.set(title=title, xlabel=label, yticks=[])
    np.atleast_1d(panels)[0].set_ylabel("probability density")
    np.atleast_1d(panels)[-1].legend(loc="upper right", fontsize=8)
    return figure


def draw_costs(
    sizes: Mapping[str, np.ndarray], panels: Mapping[str, Mapping[str, np.ndarray]]
) -> Figure:
    """Return the cost of a gradient against the number of parameters, one panel for each clock.

    Parameters
    ----------
    sizes : mapping of panel to ndarray
        Numbers of parameters n.
    panels : mapping of panel to mapping of method to ndarray
        Cost of a gradient, in evaluations of the function.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, rows = plt.subplots(1, len(panels), figsize=(6.4, 3.6), sharey=True)
    looks: dict[str, dict[str, Any]] = {
        "differences": {"color": COLORS["rival"], "marker": "^", "linestyle": "-."},
        "forward": {"color": COLORS["ours"], "marker": "o", "linestyle": "-"},
        "reverse": {"color": COLORS["accent"], "marker": "s", "linestyle": "--"},
    }
    for axes, (title, curves) in zip(np.atleast_1d(rows), panels.items(), strict=True):
        for name, cost in curves.items():
            axes.loglog(sizes[title], cost, markersize=4, label=name, **looks[name])
        axes.set(title=title, xlabel="number of parameters n")
        axes.axhline(5, linestyle=":", linewidth=1.2, color=COLORS["exact"])
    first = np.atleast_1d(rows)[0]
    first.set_ylabel("evaluations of f that a gradient costs")
    first.text(sizes[next(iter(panels))][0], 5.6, "5", va="bottom")
    first.legend(loc="upper left", fontsize=9)
    return figure
