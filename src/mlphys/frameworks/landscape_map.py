"""The figure that maps the field: when a method came, and what it is told.

The order of the lanes is the order of the chapter. A line joins a method to one that it contains,
continues or becomes in a limit.

Chapter: ``book/frameworks/landscape.md``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from mlphys.plotting import COLORS, new_axes

__all__ = ["FIELD", "KIN", "LANES", "SIDES", "Place", "draw_map"]

LANES = ("examples alone", "a few labels", "rewards", "answers", "the web at large")


class Place(NamedTuple):
    """One method: year of the paper, lane, height in the lane (0 to 1), reference, side of name."""

    year: int
    lane: int
    height: float
    key: str
    side: str  # where the name stands beside the dot, free of lines: a key of SIDES


FIELD = {
    "PCA": Place(1901, 0, 0.8, "pearson1901", "above right"),
    "k-means": Place(1982, 0, 0.1, "lloyd1982", "right"),
    "linear autoencoder": Place(1989, 0, 0.8, "baldi1989", "above right"),
    "t-SNE": Place(2008, 0, 0.1, "maaten2008", "right"),
    "variational autoencoder": Place(2014, 0, 0.8, "kingma2014", "below left"),
    "diffusion": Place(2020, 0, 0.8, "ho2020", "right"),
    "label propagation": Place(2003, 1, 0.5, "zhu2003", "right"),
    "bandits": Place(1933, 2, 0.2, "thompson1933", "below right"),
    "dynamic programming": Place(1957, 2, 0.8, "bellman1957", "above right"),
    "Q-learning": Place(1992, 2, 0.5, "watkins1992", "right"),
    "uncertain regression": Place(1994, 3, 0.0, "nix1994", "right"),
    "support vectors": Place(1995, 3, 0.3, "cortes1995", "left"),
    "LSTM": Place(1997, 3, 0.8, "hochreiter1997", "above right"),
    "Gaussian processes": Place(2006, 3, 0.3, "rasmussen2006", "right"),
    "graph nets": Place(2009, 3, 0.5, "scarselli2009", "left"),
    "attention": Place(2017, 3, 0.8, "vaswani2017", "below right"),
    "pre-trained models": Place(2021, 4, 0.5, "bommasani2021", "left"),
}
KIN = (
    ("PCA", "linear autoencoder"),
    ("linear autoencoder", "variational autoencoder"),
    ("bandits", "Q-learning"),
    ("dynamic programming", "Q-learning"),
    ("support vectors", "Gaussian processes"),
    ("LSTM", "attention"),
    ("graph nets", "attention"),
    ("attention", "pre-trained models"),
    ("variational autoencoder", "diffusion"),
)
SIDES = {  # offset of the name in points, horizontal and vertical alignment
    "above right": (4, 5, "left", "bottom"),
    "below right": (4, -5, "left", "top"),
    "below left": (-4, -5, "right", "top"),
    "right": (7, 0, "left", "center"),
    "left": (-7, 0, "right", "center"),
}
YEARS = (1900, 1940, 1980, 1990, 2000, 2010, 2020)


def across(year: float) -> float:
    """Return the place of a year on the axis, which gives busy decades more room.

    Examples
    --------
    >>> across(1900) < across(1990) < across(2000)
    True
    """
    return float(np.interp(year, [1895, 1980, 2030], [0.0, 2.5, 10.0]))


def draw_map(field: dict[str, Place] | None = None) -> Figure:
    """Draw the places, the lanes and the lines of kin."""
    field = FIELD if field is None else field
    axes = new_axes("year of the paper cited", "what the method is told", size=(6.4, 5.2))
    for lane in range(len(LANES)):
        axes.axhspan(lane, lane + 1, color="#F1F1F1" if lane % 2 else "white", zorder=0)
    for old, new in KIN:
        a, b = field[old], field[new]
        axes.plot(
            [across(a.year), across(b.year)],
            [a.lane + 0.1 + 0.8 * a.height, b.lane + 0.1 + 0.8 * b.height],
            color=COLORS["neutral"], linewidth=0.9, linestyle="-",
        )  # fmt: skip
    for name, place in field.items():
        x, y = across(place.year), place.lane + 0.1 + 0.8 * place.height
        axes.plot(x, y, "o", color=COLORS["ours"])
        dx, dy, ha, va = SIDES[place.side]
        axes.annotate(
            name, (x, y), xytext=(dx, dy), textcoords="offset points", fontsize=9, ha=ha, va=va
        )
    axes.set_yticks(np.arange(len(LANES)) + 0.5, LANES)
    axes.set_xticks([across(year) for year in YEARS], [str(year) for year in YEARS])
    axes.set(xlim=(0, 10), ylim=(0, len(LANES)))
    axes.grid(visible=False)
    return axes.figure
