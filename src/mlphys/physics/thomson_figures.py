"""The figures of the chapter *Electrons on a sphere*.

Each ``draw_`` function takes arrays that the chapter computed and returns the figure. Energies are
in units of e²/(4πε₀R).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from mlphys.physics.sphere_mesh import degrees, neighbor_pairs
from mlphys.physics.sphere_view import SphereView
from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = [
    "draw_bodies",
    "draw_hops",
    "draw_luck",
    "draw_table",
    "draw_to_turn",
    "draw_twist",
]

MARKS = {5: ("o", "ours", "5 neighbors"), 7: ("s", "rival", "7 neighbors")}


def turned(points: np.ndarray, azimuth: float = 0.3, tilt: float = 0.35) -> np.ndarray:
    """Return points as seen from a direction: right, up, toward the viewer, shape (n, 3)."""
    x, y, z = points.T
    ca, sa, ct, st = np.cos(azimuth), np.sin(azimuth), np.cos(tilt), np.sin(tilt)
    deep = -sa * x - ca * y
    return np.stack([ca * x - sa * y, ct * z - st * deep, ct * deep + st * z], axis=1)


def draw_bodies(
    bodies: Mapping[str, np.ndarray], *, longest: float | None = None, defects: bool = False
) -> Figure:
    """Draw points on spheres side by side; what lies behind is pale.

    Parameters
    ----------
    bodies : mapping of str to ndarray, shape (n, 3)
        Points on the unit sphere by title.
    longest : float, optional
        Longest pair that is joined by a line; by default neighbors of the triangulation are.
    defects : bool
        Whether to mark points with five and seven neighbors.

    Examples
    --------
    >>> from mlphys.physics.icosadeltahedral import icosahedron
    >>> figure = draw_bodies({"icosahedron": icosahedron()[0]}, defects=True)
    >>> plt.close(figure)
    """
    figure, row = plt.subplots(1, len(bodies), figsize=(6.4, 6.4 / len(bodies) + 0.3))
    for axes, (title, points) in zip(np.atleast_1d(row), bodies.items(), strict=True):
        seen = turned(points)
        apart = np.linalg.norm(points[:, None] - points, axis=-1)
        pairs = (
            neighbor_pairs(points)
            if longest is None
            else np.argwhere((apart > 0) & (apart < longest))
        )
        front = seen[pairs].mean(1)[:, 2] > 0
        for side, color in ((False, "#D5D5D5"), (True, "#4D4D4D")):
            lines = LineCollection(
                list(seen[pairs[front == side], :2]), colors=color, linewidths=0.9
            )
            axes.add_collection(lines)
        axes.add_patch(Circle((0, 0), 1, fill=False, color=COLORS["neutral"], linewidth=0.6))
        near = seen[:, 2] > 0
        axes.plot(*seen[near, :2].T, ".", color=COLORS["exact"], markersize=3 if defects else 12)
        if not defects:
            axes.plot(*seen[~near, :2].T, ".", color="#B0B0B0", markersize=12)
        else:
            count = degrees(points)
            for degree, (marker, color, label) in MARKS.items():
                chosen = near & (count == degree)
                axes.plot(
                    *seen[chosen, :2].T, marker, color=COLORS[color], label=label, markersize=6
                )
        axes.set(xlim=(-1.06, 1.06), ylim=(-1.06, 1.06), aspect="equal", title=title)
        axes.set_axis_off()
    if defects:
        handles, labels = np.atleast_1d(row)[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return figure


def draw_to_turn(spheres: Mapping[str, np.ndarray]) -> SphereView:
    """Return spheres that the reader can turn on a web page; on paper, those of draw_bodies.

    Examples
    --------
    >>> from mlphys.physics.icosadeltahedral import icosadeltahedral_points
    >>> draw_to_turn({"32 electrons": icosadeltahedral_points(1, 1)}).words
    'Spheres to turn: 32 electrons'
    """
    still = draw_bodies(spheres, defects=True)
    alt = (
        f"Spheres covered by triangles between electrons: {', '.join(spheres)}. Circles mark "
        "electrons with five neighbors, squares those with seven."
    )
    view = SphereView(spheres, still=still, alt=alt)
    plt.close(still)
    return view


def draw_twist(
    angle: np.ndarray, curves: Mapping[str, np.ndarray], marks: Mapping[str, tuple[float, float]]
) -> Figure:
    """Draw energies of two squares against the angle by which one is turned.

    Parameters
    ----------
    angle : ndarray, shape (m,)
        In degrees.
    curves : mapping of str to ndarray, shape (m,)
    marks : mapping of str to (angle, energy)

    Examples
    --------
    >>> a = np.linspace(0, 90, 7)
    >>> plt.close(draw_twist(a, {"rigid": 20 - a / 90}, {"cube": (0.0, 20.0)}))
    """
    axes = new_axes("angle of the upper square / degrees", "energy / e²/(4πε₀R)")
    for (name, values), look in zip(curves.items(), ("rival", "ours"), strict=False):
        axes.plot(angle, values, color=COLORS[look], linestyle=STYLES[look], label=name)
    middle = np.mean([level for _, level in marks.values()])
    for name, place in marks.items():
        axes.plot(*place, "o", color=COLORS["exact"])
        spot, side = ((0, -16), "center") if place[1] < middle else ((6, 6), "left")
        axes.annotate(name, place, xytext=spot, ha=side, textcoords="offset points")
    axes.margins(y=0.12)
    axes.legend(loc="upper center")
    return axes.figure


def draw_luck(n: np.ndarray, share: np.ndarray, minima: np.ndarray, starts: int) -> Figure:
    """Draw how many random starts reach the lowest minimum, and how many minima they meet.

    Parameters
    ----------
    n : ndarray of int, shape (m,)
    share : ndarray, shape (m,)
        Of the starts, 0 to 1.
    minima : ndarray of int, shape (m,)
        Different energies that were met.
    starts : int

    Examples
    --------
    >>> n = np.array([10, 20])
    >>> plt.close(draw_luck(n, np.array([1, 0.5]), np.array([1, 3]), starts=9))
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.2))
    left.plot(n, 100 * share, "o-", color=COLORS["ours"], clip_on=False)
    left.set(xlabel="electrons", ylabel="starts that reach the lowest / %", ylim=(0, 100))
    right.plot(n, minima, "s-", color=COLORS["rival"])
    right.axhline(starts, color=COLORS["neutral"], linestyle=":")
    right.annotate("all starts differ", (n[0], starts), xytext=(0, 5), textcoords="offset points")
    right.set(xlabel="electrons", ylabel="different minima met", yscale="log")
    return figure


def draw_table(n: np.ndarray, energies: np.ndarray, published: np.ndarray) -> Figure:
    """Draw energies divided by n², and how far they are from the published ones.

    Examples
    --------
    >>> n = np.array([2.0, 3.0])
    >>> plt.close(draw_table(n, n, n))
    """
    figure, (upper, lower) = plt.subplots(
        2, 1, figsize=(6.4, 4.6), sharex=True, height_ratios=(3, 2)
    )
    fine = np.linspace(n.min(), n.max(), 400)
    upper.plot(n, energies / n**2, ".", color=COLORS["ours"], label="found on this page")
    for name, law, look in (
        ("smooth charge alone, 1/2", 0.5 + 0 * fine, "neutral"),
        (r"$1/2 - 0.5523/\sqrt{N}$", 0.5 - 0.5523 / np.sqrt(fine), "rival"),
    ):
        upper.plot(fine, law, color=COLORS[look], linestyle="--", label=name, linewidth=1.2)
    upper.set(ylabel="energy / N²")
    upper.legend(loc="lower right")
    lower.axhspan(-2, 2, color="#E6E6E6")
    lower.plot(n, 1e9 * (energies - published), ".", color=COLORS["ours"])
    lower.set(xlabel="electrons N", ylabel="found − published / 10⁻⁹")
    return figure


def draw_hops(histories: Mapping[str, np.ndarray], target: float) -> Figure:
    """Draw the lowest energy so far above the published one, against evaluations.

    Parameters
    ----------
    histories : mapping of str to ndarray, shape (steps, 2)
        Evaluations so far and lowest energy so far.
    target : float

    Examples
    --------
    >>> h = np.array([[10, 2.0], [20, 1.5]])
    >>> plt.close(draw_hops({"hopping": h}, target=1.0))
    """
    axes = new_axes(
        "evaluations of energy and gradient", "relative excess of the energy", xscale="log"
    )
    looks: list[Any] = [("rival", "s"), ("ours", "o"), ("accent", "^")]
    for (name, history), (look, marker) in zip(histories.items(), looks, strict=False):
        excess = np.maximum(history[:, 1] / target - 1, 0.0)
        axes.plot(
            history[:, 0], excess, marker=marker, markersize=4, color=COLORS[look], label=name,
            linestyle=STYLES[look], drawstyle="steps-post", clip_on=False,
        )  # fmt: skip
    axes.set_yscale("symlog", linthresh=1e-7)
    axes.set_ylim(0, None)
    axes.set_xticks([250, 500, 1000, 2000, 4000, 8000])
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.xaxis.set_minor_formatter("")
    axes.legend(loc="lower left")
    return axes.figure
