"""The figures of the chapter *A disc of hot gas*.

Only drawing happens here: each function takes arrays that the chapter computed and returns the
figure. Lengths are in units of the Schwarzschild radius; the axes of a picture are slopes in the
observer's frame, to the right and upward.
"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from mlphys.physics.black_hole_figures import display
from mlphys.plotting import COLORS, STYLES

__all__ = ["draw_contrast", "draw_flux", "draw_lit", "draw_profiles", "draw_shifts"]

NAMES = ("ours", "rival", "accent", "fail")


def draw_shifts(maps: Mapping[str, np.ndarray], *, half_width: float) -> Figure:
    """Draw maps of the frequency ratio, one below the other, with lines of equal ratio.

    Parameters
    ----------
    maps : mapping of str to ndarray, shape (height, width)
        Title and ratio; NaN where there is no disc.
    half_width : float
        Largest horizontal slope.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, panels = _stacked(maps, half_width)
    image = None
    for axes, ratio in zip(panels, maps.values(), strict=True):
        extent = _extent(ratio, half_width)
        image = axes.imshow(ratio, extent=extent, cmap="RdBu", vmin=0.4, vmax=1.6)
        levels = (0.5, 0.75, 1.0, 1.25)
        lines = axes.contour(
            ratio, levels, extent=extent, origin="upper", colors="black", linewidths=(1, 1, 2.2, 1)
        )
        axes.clabel(lines, fontsize=9, fmt="%g")
    assert image is not None
    figure.colorbar(image, ax=panels, label="ν at the camera / ν at the gas", shrink=0.7)
    return figure


def draw_lit(pictures: Mapping[str, np.ndarray], *, half_width: float) -> Figure:
    """Draw pictures one below the other.

    Parameters
    ----------
    pictures : mapping of str to ndarray, shape (height, width, 3)
        Title and linear intensities in [0, 1], shown through
        :func:`~mlphys.physics.black_hole_figures.display`.
    half_width : float
        Largest horizontal slope.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, panels = _stacked(pictures, half_width)
    for axes, rgb in zip(panels, pictures.values(), strict=True):
        axes.imshow(display(rgb), extent=_extent(rgb, half_width))
    return figure


def draw_flux(
    radius: np.ndarray, flux: Mapping[str, np.ndarray], newton: np.ndarray, edges: Sequence[float]
) -> Figure:
    """Draw the flux of discs over the radius, beside that of a disc without an inner edge.

    Parameters
    ----------
    radius : ndarray, shape (n,)
    flux : mapping of str to ndarray, shape (n,)
        Label and flux, in thousandths.
    newton : ndarray, shape (n,)
        The rival.
    edges : sequence of float
        Inner edges, one a curve.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(figsize=(6.4, 3.6))
    axes.plot(radius, newton, color=COLORS["neutral"], ls=":", label="Newton, no edge")
    for name, (label, values), edge in zip(("ours", "rival"), flux.items(), edges, strict=True):
        shown = np.where(radius > edge, values, np.nan)
        axes.plot(radius, shown, color=COLORS[name], ls=STYLES[name], label=label)
        axes.axvline(edge, color=COLORS[name], ls=STYLES[name], lw=0.8)
    axes.set(
        xscale="log",
        yscale="log",
        xlim=(radius[0], radius[-1]),
        ylim=(1e-3, 4),
        xlabel=r"$r\ /\ r_s$",
        xticks=[1, 2, 3, 5, 10, 20],
    )
    axes.set_ylabel("flux / (10⁻³ of the inflow's rest energy per $r_s^2$)", fontsize=9)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("")
    axes.legend(loc="upper right")
    return figure


def draw_contrast(
    temperature: np.ndarray, contrast: np.ndarray, *, total: float, hot: float
) -> Figure:
    """Draw how much brighter the approaching side is, over the temperature of the gas.

    Parameters
    ----------
    temperature : ndarray, shape (n,)
        Kelvin.
    contrast : ndarray, shape (n,)
        Ratio of brightness in visible light.
    total, hot : float
        Ratio of all radiated energy, and the limit of visible light from very hot gas.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(figsize=(6.4, 3.6))
    axes.plot(temperature, contrast, color=COLORS["ours"], label="to the eye")
    axes.axhline(total, color=COLORS["rival"], ls=STYLES["rival"], label="all energy, fourth power")
    axes.axhline(
        hot, color=COLORS["exact"], ls=STYLES["exact"], label="limit of hot gas, first power"
    )
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="temperature of the gas / K",
        ylabel="left side / right side",
        ylim=(1, 1e9),
    )
    axes.legend()
    return figure


def draw_profiles(ratio: np.ndarray, profiles: Mapping[str, np.ndarray]) -> Figure:
    """Draw the shape that one spectral line of the gas has at the camera.

    Parameters
    ----------
    ratio : ndarray, shape (bins + 1,)
        Edges of the bins of ν_observed/ν_emitted.
    profiles : mapping of str to ndarray, shape (bins,)
        Label and share of the light in each bin.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(figsize=(6.4, 3.4))
    for name, (label, values) in zip(NAMES, profiles.items(), strict=False):
        density = values / np.diff(ratio)
        axes.stairs(density, ratio, color=COLORS[name], ls=STYLES[name], lw=1.6, label=label)
    axes.axvline(1.0, color=COLORS["exact"], ls=STYLES["exact"], label="the gas at rest, far away")
    axes.set(xlabel="ν at the camera / ν at the gas", ylabel="photons per ratio / 1")
    axes.legend(loc="upper left")
    return figure


def _stacked(pictures: Mapping[str, np.ndarray], half_width: float) -> tuple[Figure, list]:
    """Return a figure with one titled panel below the other."""
    height, width = next(iter(pictures.values())).shape[:2]
    tall = len(pictures) * (5.6 * height / width + 0.45) + 0.4
    figure, panels = plt.subplots(len(pictures), 1, figsize=(6.4, tall), sharex=True, squeeze=False)
    for axes, title in zip(panels[:, 0], pictures, strict=True):
        axes.set(title=title, ylabel="slope upward")
        axes.grid(False)
    panels[-1, 0].set_xlabel("slope to the right")
    return figure, list(panels[:, 0])


def _extent(picture: np.ndarray, half_width: float) -> tuple[float, float, float, float]:
    half_height = half_width * picture.shape[0] / picture.shape[1]
    return -half_width, half_width, -half_height, half_height
