"""The frame of the book's live figures: what moves, its script and data, a picture in its place.

A widget is one HTML fragment that needs nothing else, neither a file nor another host, so that it
works in the book and in a notebook. Without scripts, on paper and in formats other than HTML its
still picture, which is made from one of Matplotlib's figures or from a PNG file, stands in its place.
"""

from __future__ import annotations

import base64
import html
import io
import json
import struct
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, NamedTuple

from mlphys.few_colors import use_few_colors

__all__ = ["Still", "Widget", "buttons", "still_of", "to_json"]

DOTS = 110  # dots per inch of a still picture


class Still(NamedTuple):
    """The picture that stands where a widget cannot work.

    Attributes
    ----------
    full : bytes
        A PNG file, for paper and notebooks.
    light : bytes
        The same in fewer colors, for the page.
    alt : str
        What the picture shows, in words.
    """

    full: bytes
    light: bytes
    alt: str

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, from the header of the file."""
        width, height = struct.unpack(">II", self.light[16:24])
        return width, height


def still_of(figure: Any, alt: str, *, colors: int = 48) -> Still:
    """Return a figure as a still picture.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    alt : str
        What it shows, in words.
    colors : int
        How many of them the page's copy keeps.

    Raises
    ------
    ValueError
        If the words are missing.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> still_of(Figure(figsize=(2, 1)), "An empty figure.").size
    (220, 110)
    """
    if not alt.strip():
        raise ValueError(f"still_of: expected words for the still picture; got {alt!r}")
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DOTS, metadata={"Software": None})
    return Still(file.getvalue(), use_few_colors(file.getvalue(), colors=colors), alt)


def to_json(data: Any) -> str:
    """Return data as JSON that cannot end the script element in which it travels.

    Examples
    --------
    >>> to_json({"name": "</script>"})
    '{"name":"\\\\u003c/script>"}'
    """
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def buttons(label: str, named: Mapping[str, str], kind: str, *, chosen: str | None = None) -> str:
    """Return a row of buttons as HTML.

    Parameters
    ----------
    label : str
        What the row is for, read aloud by screen readers.
    named : mapping of str to str
        The text of each button by its value.
    kind : str
        The script finds the buttons as ``[data-kind=value]``.
    chosen : str, optional
        The value that is pressed at first. Without it no button stays down.

    Examples
    --------
    >>> buttons("Sky", {"0": "stars"}, "sky")
    '<div class="widget-buttons" role="group" aria-label="Sky"><button type="button" data-sky="0">stars</button></div>'
    """
    row = []
    for value, text in named.items():
        pressed = "" if chosen is None else f' aria-pressed="{str(value == chosen).lower()}"'
        row.append(
            f'<button type="button" data-{kind}="{html.escape(value)}"{pressed}>'
            f"{html.escape(text)}</button>"
        )
    return (
        f'<div class="widget-buttons" role="group" aria-label="{html.escape(label)}">'
        f"{''.join(row)}</div>"
    )


class Widget:
    """One widget; a subclass says which files it has and what its live part holds.

    The script finds the fragment as ``document.currentScript.parentElement``, shows
    ``.widget-live``, hides ``.widget-still``, and reads its data, if there are any, from the script
    element of type ``application/json``.

    Attributes
    ----------
    package : str
        Dotted name of the package beside whose modules the files lie.
    style, script : str
        Names of the files. The stem of the style, with hyphens, is the class of the fragment.
    still : Still
    words : str
        What stands where neither HTML nor pictures can be shown.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> class Example(Widget):
    ...     package, style, script = "mlphys.derivatives", "film_view.css", "film_view.js"
    ...     still, words = still_of(Figure(figsize=(1, 1)), "Nothing."), "An example"
    ...     def live(self):
    ...         return "<canvas></canvas>"
    >>> Example()._repr_mimebundle_()["text/plain"]
    'An example'
    """

    package: str
    style: str
    script: str
    still: Still
    words: str

    def live(self) -> str:
        """Return the HTML of the live part."""
        raise NotImplementedError(f"{type(self).__name__}: a widget must say what it shows")

    def data(self) -> str:
        """Return what the script reads, as JSON (:func:`to_json`), or nothing."""
        return ""

    def code(self) -> str:
        """Return the script."""
        return files(self.package).joinpath(self.script).read_text("utf-8")

    def attributes(self) -> dict[str, str]:
        """Return further attributes of the fragment by name."""
        return {}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Return the fragment for HTML, the picture for paper, and words for the rest."""
        del include, exclude  # the notebook protocol; all three forms are always given
        return {
            "text/html": self._repr_html_(),
            "image/png": self.still.full,
            "text/plain": self.words,
        }

    def _repr_html_(self) -> str:
        """Return the HTML fragment."""
        shared = files("mlphys").joinpath("widget.css").read_text("utf-8")
        style = files(self.package).joinpath(self.style).read_text("utf-8")
        kind = self.style.removesuffix(".css").replace("_", "-")
        more = "".join(f' {name}="{html.escape(text)}"' for name, text in self.attributes().items())
        width, height = self.still.size
        picture = base64.b64encode(self.still.light).decode("ascii")
        data = self.data()
        travels = f'<script type="application/json">{data}</script>' if data else ""
        return (
            f'<div class="widget {kind}"{more}><style>{shared}{style}</style>'
            f'<img class="widget-still" width="{width}" height="{height}" '
            f'alt="{html.escape(self.still.alt)}" src="data:image/png;base64,{picture}">'
            f'<div class="widget-live" hidden>{self.live()}</div>{travels}'
            f"<script>{self.code()}</script></div>"
        )
