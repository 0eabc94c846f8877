"""The figures of the chapter *Flying around a black hole*, and its widget with its still picture.

Only drawing happens here: each function takes what the chapter computed and returns the figure.
"""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from mlphys.physics.black_hole_figures import display
from mlphys.physics.flight import Flight, Observer, look
from mlphys.physics.flight_table import FlightTable
from mlphys.physics.sky import checkerboard
from mlphys.physics.starry_sky import starry_sky
from mlphys.plotting import COLORS, STYLES

__all__ = ["draw_frequencies", "draw_parts", "draw_table_errors", "draw_to_fly", "draw_views"]

NAMES = ("rival", "accent", "neutral", "fail")


def draw_views(table: FlightTable, *, pixels: int = 400) -> Figure:
    """Draw four stops of a flight: two radii, each with one of the skies, at rest and in orbit.

    Examples
    --------
    >>> from mlphys.physics.flight_table import flight_table
    >>> figure = draw_views(flight_table(radii=8, nodes=24), pixels=16)
    >>> [axes.get_title() for axes in figure.axes][0]
    'r = 20, at rest'
    >>> plt.close(figure)
    """
    stops = {
        "r = 20, at rest": (Observer(20.0), checkerboard),
        "r = 3, at rest": (Observer(3.0), checkerboard),
        "r = 8, at rest": (Observer(8.0), starry_sky),
        "r = 3, in orbit, same gaze": (Observer(3.0, orbit=True), checkerboard),
    }
    figure, panels = plt.subplots(2, 2, figsize=(6.4, 4.6))
    for axes, (title, (observer, sky)) in zip(panels.flat, stops.items(), strict=True):
        rgb, _ = look(table, observer, width=pixels, height=pixels * 5 // 8, sky=sky)
        axes.imshow(display(rgb))
        axes.set_title(title)
        axes.set_axis_off()
    return figure


def draw_to_fly(table: FlightTable, *, start: Observer = Observer()) -> Flight:  # noqa: B008
    """Return the widget, with :func:`draw_views` for where it cannot work.

    Examples
    --------
    >>> from mlphys.physics.flight_table import flight_table
    >>> draw_to_fly(flight_table(radii=8, nodes=24)).words
    'A flight around a black hole, for a web page'
    """
    still = draw_views(table)
    alt = (
        "Four views of a black disk: small on a bent checkerboard from far away; half of the "
        "picture from close by; before a band of stars that is bent into a ring; smaller and "
        "shifted to the right for an observer in orbit."
    )
    flight = Flight(table, start=start, still=still, alt=alt)
    plt.close(still)
    return flight


def draw_parts(share: np.ndarray, swept: Mapping[float, np.ndarray]) -> Figure:
    """Draw the swept angle and its smooth part over the share of the way from the edge.

    Parameters
    ----------
    share : ndarray, shape (angles,)
        0 at the edge of the shadow, 1 straight behind the observer.
    swept : mapping of float to ndarray, shape (angles,)
        Angles in radians by the observer's radius.

    Examples
    --------
    >>> figure = draw_parts(np.array([0.1, 1.0]), {3.0: np.array([2.0, 0.0])})
    >>> len(figure.axes)
    2
    >>> plt.close(figure)
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.2), sharey=True)
    styles = ("-", "--", "-.", ":")
    for name, style, (radius, angle) in zip(
        ("ours", "rival", "accent", "exact"), styles, swept.items(), strict=False
    ):
        left.plot(share, angle, color=COLORS[name], ls=style, label=f"r = {radius:g}")
        right.plot(share, angle + np.log(share), color=COLORS[name], ls=style)
    left.set(xscale="log", xlabel="share $x$ of the way", ylabel="angle / rad")
    left.set_title(r"swept angle $\varphi$")
    right.set(xscale="log", xlabel="share $x$ of the way")
    right.set_title(r"smooth part $\varphi+\ln x$")
    left.legend(loc="upper right", fontsize=9)
    return figure


def draw_table_errors(
    share: np.ndarray, ours: np.ndarray, rivals: Mapping[str, np.ndarray], *, bound: float
) -> Figure:
    """Draw the errors of interpolated angles over the share of the way from the edge.

    Parameters
    ----------
    share, ours : ndarray, shape (angles,)
    rivals : mapping of str to ndarray, shape (angles,)
        Absolute errors in radians by label.
    bound : float
        Level of a dashed line.

    Examples
    --------
    >>> x = np.array([0.1, 1.0])
    >>> figure = draw_table_errors(x, x, {"a": x}, bound=0.06)
    >>> plt.close(figure)
    """
    figure, axes = plt.subplots(figsize=(6.4, 3.4))
    for name, (label, error) in zip(NAMES, rivals.items(), strict=False):
        axes.plot(share, error, color=COLORS[name], ls=STYLES[name], lw=1.2, label=label)
    axes.plot(share, ours, color=COLORS["ours"], ls="-", label="smooth part, 96 nodes")
    axes.axhline(bound, color=COLORS["exact"], ls="--", lw=1.0)
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="share $x$ of the way from the edge",
        ylabel="error of the swept angle / rad",
        ylim=(1e-9, 1),
    )
    axes.legend(loc="lower left", fontsize=9)
    return figure


def draw_frequencies(ratio: np.ndarray, *, half_width: float) -> Figure:
    """Draw by which factor frequencies change over a picture, with contours.

    Parameters
    ----------
    ratio : ndarray, shape (height, width)
        Observed over sent frequency; NaN in the shadow.
    half_width : float
        Largest horizontal slope.

    Examples
    --------
    >>> figure = draw_frequencies(np.array([[0.5, 1.0], [1.0, 2.0]]), half_width=1.0)
    >>> plt.close(figure)
    """
    tall = half_width * ratio.shape[0] / ratio.shape[1]
    extent = (-half_width, half_width, -tall, tall)
    figure, axes = plt.subplots(figsize=(6.4, 4.0))
    shown = axes.imshow(ratio, extent=extent, cmap="viridis")
    axes.set_facecolor("black")
    lines = axes.contour(ratio[::-1], extent=extent, colors="white", linewidths=0.8)
    axes.clabel(lines, fmt="%.1f")
    axes.set(xlabel="slope", ylabel="slope")
    axes.grid(False)
    figure.colorbar(shown, label="frequency seen / sent")
    return figure
