"""Figures of points on a sphere that the reader can turn, with their defects in color.

A fragment of HTML with its data, its script (``sphere_view.js``, beside this module) and a still
picture for where scripts do not run. Points with six neighbors are small; those with five and with
seven are marked by color and by shape. Chapter: *Electrons on a sphere*.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mlphys.physics.sphere_mesh import degrees, neighbor_pairs
from mlphys.physics.thomson import check_points, on_sphere
from mlphys.turnable import Turnable
from mlphys.widget import still_of, to_json

__all__ = ["SphereView"]


class SphereView(Turnable):
    """Spheres to turn, with a still picture for where they cannot be.

    Parameters
    ----------
    spheres : mapping of str to array_like, shape (n, 3)
        Points by name.
    still : matplotlib.figure.Figure
        The picture that shows the same.
    alt : str
        What the picture shows, in words.

    Raises
    ------
    ValueError
        If there is no sphere, its points cannot be triangulated
        (:func:`~mlphys.physics.sphere_mesh.triangles`), or the words are missing.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from mlphys.physics.icosadeltahedral import icosadeltahedral_points
    >>> spheres = {"32": icosadeltahedral_points(1, 1)}
    >>> view = SphereView(spheres, still=Figure(figsize=(2, 1)), alt="A sphere with 32 points.")
    >>> 'aria-label="Turn left"' in view._repr_html_()
    True
    """

    package, style, script = "mlphys.physics", "sphere_view.css", "sphere_view.js"
    noun, status = "sphere", "sphere-legend"

    def __init__(self, spheres: Mapping[str, Any], *, still: Any, alt: str) -> None:
        if not spheres:
            raise ValueError("SphereView: expected at least one sphere; got none")
        self.spheres = {
            name: on_sphere(check_points(points, "SphereView")) for name, points in spheres.items()
        }
        self.names = list(spheres)
        self.still = still_of(still, alt, colors=8)  # lines and marks need no more
        self.words = f"Spheres to turn: {', '.join(spheres)}"
        self.listed = [_listed(name, points) for name, points in self.spheres.items()]

    def data(self) -> str:
        """Return name, points, edges and degrees of each sphere as JSON.

        Coordinates are rounded to a thousandth of the radius, more than a screen can show.
        """
        return to_json(self.listed)


def _listed(name: str, points: np.ndarray) -> dict[str, Any]:
    return {
        "name": name,
        "points": (points.round(3) + 0.0).ravel().tolist(),
        "edges": neighbor_pairs(points).ravel().tolist(),
        "degrees": degrees(points).tolist(),
    }
