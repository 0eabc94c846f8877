"""The figures of the chapter *Reading a picture backwards*.

Only drawing happens here: each function takes arrays that the chapter computed and returns the
figure.
"""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = [
    "draw_misfits",
    "draw_picture_and_slopes",
    "draw_profiles",
    "draw_scatter",
    "draw_step_error",
]

NAMES = ("ours", "rival", "accent", "fail")
MARKERS = ("o", "s", "^", "D")


def draw_step_error(
    steps: np.ndarray, errors: Mapping[str, np.ndarray], *, forward: float
) -> Figure:
    """Draw the error of difference quotients against their step, and that of forward mode.

    Parameters
    ----------
    steps : ndarray, shape (steps,)
    errors : mapping of str to ndarray, shape (steps,)
        Label to relative errors.
    forward : float
        Relative error of the derivative that was carried along.

    Returns
    -------
    matplotlib.figure.Figure
    """
    axes = new_axes(
        "step h of the difference quotient", "relative error", xscale="log", yscale="log"
    )
    for (label, error), name, marker in zip(errors.items(), NAMES[1:], MARKERS, strict=False):
        axes.plot(steps, error, color=COLORS[name], ls=STYLES[name], marker=marker, label=label)
    axes.axhline(forward, color=COLORS["ours"], label="derivative carried along")
    axes.legend()
    return axes.figure


def draw_picture_and_slopes(
    picture: np.ndarray, slopes: Mapping[str, np.ndarray], *, half_width: float
) -> Figure:
    """Draw a picture and derivatives of its first color.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
        Intensities.
    slopes : mapping of str to ndarray, shape (height, width)
        Title to derivative; white is 0.
    half_width : float
        Slope at the picture's edge.

    Returns
    -------
    matplotlib.figure.Figure
    """
    extent = (half_width, -half_width, -half_width, half_width)
    figure, panels = plt.subplots(1, 1 + len(slopes), figsize=(7.2, 2.7), sharey=True)
    panels[0].imshow(np.clip(picture, 0, 1), extent=extent)
    panels[0].set(title="the picture", xlabel="slope, left", ylabel="slope, up")
    for axes, (title, slope) in zip(panels[1:], slopes.items(), strict=True):
        image = axes.imshow(slope, extent=extent, cmap="RdBu_r", vmin=-3, vmax=3)
        axes.set(title=title, xlabel="slope, left")
    figure.colorbar(image, ax=panels[1:].tolist(), label="change of red per e-fold")
    for axes in panels:
        axes.grid(False)
    return figure


def draw_profiles(mass: np.ndarray, floors: Mapping[str, list[float]], *, truth: float) -> Figure:
    """Draw the least χ² per number at each mass.

    Parameters
    ----------
    mass : ndarray, shape (n,)
    floors : mapping of str to list of float
        Label to χ², the other parameters fitted.
    truth : float

    Returns
    -------
    matplotlib.figure.Figure
    """
    axes = new_axes("$r_s$ / 10⁶ km", "least χ² per number")
    for (label, floor), name, marker in zip(
        floors.items(), ("rival", "ours"), MARKERS, strict=False
    ):
        axes.plot(mass, floor, color=COLORS[name], ls=STYLES[name], marker=marker, label=label)
    axes.axvline(truth, color="black", ls=":", lw=1)
    axes.legend()
    return axes.figure


def draw_scatter(found: np.ndarray, covariance: np.ndarray, *, truth: np.ndarray) -> Figure:
    """Draw estimates from repeated noise and the ellipses of one and two standard deviations.

    Parameters
    ----------
    found : ndarray, shape (repeats, 2)
    covariance : ndarray, shape (2, 2)
    truth : ndarray, shape (2,)

    Returns
    -------
    matplotlib.figure.Figure
    """
    axes = new_axes("error of $r_s$ / km", "error of the distance / km")
    kilometers = 1e6
    turn = np.linspace(0, 2 * np.pi, 200)
    circle = np.linalg.cholesky(covariance) @ np.stack([np.cos(turn), np.sin(turn)])
    for size, style in ((1, "-"), (2, "--")):
        axes.plot(
            *(kilometers * size * circle), ls=style, color="black", label=f"{size} σ, predicted"
        )
    axes.plot(*(kilometers * (found - truth)).T, "o", color=COLORS["ours"], label="fits")
    axes.legend()
    return axes.figure


def draw_misfits(mass: np.ndarray, misfits: Mapping[str, np.ndarray], *, truth: float) -> Figure:
    """Draw the misfit of pictures along r_s.

    Parameters
    ----------
    mass : ndarray, shape (n,)
    misfits : mapping of str to ndarray, shape (n,)
        Label to mean square difference.
    truth : float

    Returns
    -------
    matplotlib.figure.Figure
    """
    axes = new_axes("trial $r_s$ / 10⁶ km", "mean square difference, scaled")
    for (label, misfit), name in zip(misfits.items(), NAMES, strict=False):
        axes.plot(mass, misfit, color=COLORS[name], ls=STYLES[name], label=label)
    axes.axvline(truth, color="black", ls=":", lw=1)
    axes.legend()
    return axes.figure
