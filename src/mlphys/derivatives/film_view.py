"""Figures of films that the reader can turn: HTML with its data, script and a still picture.

Its script (``film_view.js``, beside this module) draws on a canvas. Chapter: *Soap films*.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mlphys.turnable import Turnable
from mlphys.widget import still_of, to_json

__all__ = ["FilmView"]


class FilmView(Turnable):
    """Films to turn, with a still picture for where they cannot be.

    Parameters
    ----------
    films : mapping of str to ndarray, shape (3, polygons, angles)
        Vertices by name, as :func:`~mlphys.derivatives.soap_film.points` returns them.
    still : matplotlib.figure.Figure
        The picture that shows the same.
    alt : str
        What the picture shows, in words.

    Raises
    ------
    ValueError
        If there is no film, an array has another shape or holds numbers that are not finite, or
        the words are missing.

    Examples
    --------
    >>> from mlphys.derivatives.soap_film import make_film, points, start
    >>> from mlphys.derivatives.soap_film_figures import draw_films
    >>> film = make_film(3, 8)
    >>> films = {"tube": points(film, start(film))}
    >>> view = FilmView(films, still=draw_films(films), alt="A tube between two rings.")
    >>> 'aria-label="Turn left"' in view._repr_html_()
    True
    """

    package, style, script = "mlphys.derivatives", "film_view.css", "film_view.js"
    noun, status = "film", "film-status"

    def __init__(self, films: Mapping[str, np.ndarray], *, still: Any, alt: str) -> None:
        if not films:
            raise ValueError("FilmView: expected at least one film; got none")
        for name, vertices in films.items():
            if vertices.ndim != 3 or len(vertices) != 3 or not np.all(np.isfinite(vertices)):
                raise ValueError(
                    f"FilmView: expected finite vertices of shape (3, polygons, angles) for "
                    f"{name!r}; got shape {vertices.shape}. See soap_film.points"
                )
        self.films, self.names = dict(films), list(films)
        self.still = still_of(still, alt)
        self.words = f"Films to turn: {', '.join(films)}"

    def data(self) -> str:
        """Return the films as JSON: name, numbers of polygons and angles, centered vertices.

        Lengths are rounded to a hundredth of the unit, more than a screen can show.
        """
        listed = []
        for name, vertices in self.films.items():
            middle = (vertices.max(axis=(1, 2)) + vertices.min(axis=(1, 2))) / 2
            centered = (vertices - middle[:, None, None]).transpose(1, 2, 0)
            polygons, angles = vertices.shape[1:]
            numbers = (centered.round(2) + 0.0).ravel().tolist()
            listed.append({"name": name, "polygons": polygons, "angles": angles, "points": numbers})
        return to_json(listed)
