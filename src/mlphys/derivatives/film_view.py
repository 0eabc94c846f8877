"""Figures of films that the reader can turn: HTML with its data, script and a still picture.

The fragment needs nothing else, neither a file nor another host, so that it works in the book and
in a notebook. Its script (``film_view.js``, beside this module) draws on a canvas and listens to
mouse, finger, arrow keys and buttons. Without scripts, on paper and in formats other than HTML the
still picture stands in its place. Chapter: *Soap films*.
"""

from __future__ import annotations

import base64
import html
import io
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np

from mlphys.few_colors import use_few_colors

__all__ = ["FilmView"]

STYLE = """
.film-view { --film-hue: 210 55%; --film-line: #1f3b5744; --film-ring: #111; margin: 1rem 0; }
html[data-theme="dark"] .film-view { --film-line: #dde8f544; --film-ring: #f2f2f2; }
.film-view canvas { display: block; width: 100%; max-width: 40rem; height: 22rem; margin: auto;
  touch-action: pan-y; cursor: grab; }
.film-view canvas:focus-visible { outline: 2px solid currentColor; }
.film-view .film-buttons { display: flex; flex-wrap: wrap; gap: .4rem; justify-content: center; }
.film-view button { font: inherit; min-width: 2.6rem; min-height: 2.6rem; padding: .2rem .7rem;
  color: inherit; background: transparent; border: 1px solid currentColor; border-radius: .3rem; }
.film-view button[aria-pressed="true"] { text-decoration: underline; border-width: 3px; }
.film-view .film-status { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }
.film-view .film-still { display: block; max-width: 100%; height: auto; margin: auto; }
.film-view [hidden] { display: none; }
@media print { .film-view .film-live { display: none; }
  .film-view .film-still, .film-view .film-still[hidden] { display: block; } }
"""

MOVES = {"left": "←", "right": "→", "up": "↑", "down": "↓", "reset": "⟲"}
NAMES = {
    "left": "Turn left",
    "right": "Turn right",
    "up": "Look from higher",
    "down": "Look from lower",
    "reset": "First view",
}


class FilmView:
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

    def __init__(self, films: Mapping[str, np.ndarray], *, still: Any, alt: str) -> None:
        if not films or not alt.strip():
            raise ValueError(
                f"FilmView: expected at least one film and words for the still picture; got "
                f"{len(films)} films and {alt!r}"
            )
        for name, vertices in films.items():
            if vertices.ndim != 3 or len(vertices) != 3 or not np.all(np.isfinite(vertices)):
                raise ValueError(
                    f"FilmView: expected finite vertices of shape (3, polygons, angles) for "
                    f"{name!r}; got shape {vertices.shape}. See soap_film.points"
                )
        self.films, self.alt = dict(films), alt
        buffer = io.BytesIO()
        still.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
        self.picture = buffer.getvalue()
        width, height = still.get_size_inches()
        self.size = round(110 * width), round(110 * height)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Return the fragment for HTML, the picture for paper, and words for the rest."""
        del include, exclude  # the notebook protocol; all three forms are always given
        return {
            "text/html": self._repr_html_(),
            "image/png": self.picture,
            "text/plain": f"Films to turn: {', '.join(self.films)}",
        }

    def _repr_html_(self) -> str:
        """Return the HTML fragment."""
        code = files("mlphys.derivatives").joinpath("film_view.js").read_text("utf-8")
        width, height = self.size
        picture = base64.b64encode(use_few_colors(self.picture)).decode("ascii")
        return (
            f'<div class="film-view"><style>{STYLE}</style>'
            f'<img class="film-still" width="{width}" height="{height}" '
            f'alt="{html.escape(self.alt)}" src="data:image/png;base64,{picture}">'
            f'<div class="film-live" hidden>{_choices(list(self.films))}'
            '<canvas role="img" tabindex="0" aria-label="Soap film"></canvas>'
            f'{_moves()}<p class="film-status" role="status"></p></div>'
            f'<script type="application/json">{self.data()}</script>'
            f"<script>{code}</script></div>"
        )

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
        text = json.dumps(listed, separators=(",", ":"))
        return text.replace("<", "\\u003c")  # nothing in it can end the script element


def _choices(names: list[str]) -> str:
    buttons = "".join(
        f'<button type="button" data-film="{index}" aria-pressed="{str(index == 0).lower()}">'
        f"{html.escape(name)}</button>"
        for index, name in enumerate(names)
    )
    return f'<div class="film-buttons" role="group" aria-label="Which film">{buttons}</div>'


def _moves() -> str:
    buttons = "".join(
        f'<button type="button" data-move="{move}" aria-label="{NAMES[move]}">{sign}</button>'
        for move, sign in MOVES.items()
    )
    return f'<div class="film-buttons" role="group" aria-label="Turn the film">{buttons}</div>'
