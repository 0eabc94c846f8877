"""The bending of light as a table small enough for a web page and smooth enough to interpolate.

At the edge of the shadow the swept angle φ grows like −ln x, where x is the share of the way from
the edge (0) to straight behind the observer (1). The table therefore holds the **smooth part**
``φ + ln x``, which is finite at the edge, at nodes that crowd there: ``x = (e^{ct} − 1)/(e^c − 1)``
with even t. Observers' radii are even in ``q = ln(r − 3/2)``, because light lingers at r = 3/2.

A page interpolates once for each radius (cubic in q), and for each pixel in t (cubic, one piece).
The script ``flight.js`` does the same, name for name. Chapter: *Flying around a black hole*.
"""

import base64
from typing import Any, NamedTuple

import numpy as np

from mlphys.physics.deflection_table import deflection_table
from mlphys.physics.schwarzschild import PHOTON_SPHERE

__all__ = ["FlightTable", "Row", "flight_table", "row_at", "swept_at", "to_text"]

STRETCH = 8.0  # c: the first node beyond the edge is at about 3e-5 of the way
SLOPES = np.array([[-25, 48, -36, 16, -3], [-3, -10, 18, -6, 1], [1, -8, 0, 8, -1]]) / 12


class FlightTable(NamedTuple):
    """Smooth part of the swept angle over radius and angle of view.

    Attributes
    ----------
    nearest, farthest : float
        Radii of the first and the last row.
    critical : ndarray of float32, shape (radii,)
        Radius times angular radius of the shadow, which varies little.
    smooth : ndarray of float32, shape (radii, nodes)
        ``φ + ln x``, in radians.
    """

    nearest: float
    farthest: float
    critical: np.ndarray
    smooth: np.ndarray


class Row(NamedTuple):
    """The table for one observer.

    Attributes
    ----------
    critical : float
        Angular radius of the shadow.
    pieces : ndarray, shape (nodes − 1, 4)
        Coefficients of the cubics, lowest power first; the variable runs from 0 to 1 in each.
    """

    critical: float
    pieces: np.ndarray


def flight_table(
    *, nearest: float = 1.6, farthest: float = 30.0, radii: int = 40, nodes: int = 96
) -> FlightTable:
    """Trace the table.

    Parameters
    ----------
    nearest, farthest : float
        Range of the observers' radii, above 1.5 and below 50, the radius of the sky.
    radii, nodes : int
        Rows and columns, at least 4 and 6.

    Returns
    -------
    FlightTable

    Raises
    ------
    ValueError
        If there are too few rows or columns, or a radius is outside its range.

    Examples
    --------
    >>> table = flight_table(radii=4, nodes=8)
    >>> table.smooth.shape, table.smooth.dtype
    ((4, 8), dtype('float32'))
    """
    if radii < 4 or nodes < 6 or not PHOTON_SPHERE < nearest < farthest:
        raise ValueError(
            "flight_table: expected at least 4 radii, 6 nodes and 1.5 < nearest < farthest; got "
            f"{radii}, {nodes}, {nearest} and {farthest}"
        )
    q = np.linspace(_place(nearest), _place(farthest), radii)
    share = np.expm1(STRETCH * np.linspace(0, 1, nodes)[1:]) / np.expm1(STRETCH)
    traced = deflection_table(PHOTON_SPHERE + np.exp(q), share=share)
    smooth = traced.swept + np.log(share)
    # at the edge itself no ray arrives, but the smooth part does: straight on from two neighbors
    slope = (smooth[:, 1] - smooth[:, 0]) / (share[1] - share[0])
    smooth = np.column_stack([smooth[:, 0] - slope * share[0], smooth])
    critical = traced.radius * traced.critical
    return FlightTable(nearest, farthest, critical.astype(np.float32), smooth.astype(np.float32))


def row_at(table: FlightTable, radius: float) -> Row:
    """Return the table for an observer at ``radius``, interpolated between four rows.

    Raises
    ------
    ValueError
        If the radius is outside the table.

    Examples
    --------
    >>> round(row_at(flight_table(radii=24), 3.0).critical, 4)  # 45 degrees
    0.7854
    """
    if not table.nearest <= radius <= table.farthest:
        raise ValueError(
            f"row_at: expected a radius from {table.nearest} to {table.farthest}; got {radius}"
        )
    first, last = _place(table.nearest), _place(table.farthest)
    count = len(table.critical)
    where = (_place(radius) - first) / (last - first) * (count - 1)
    i = min(max(int(where), 1), count - 3)
    u = where - i
    weights = np.array(
        [
            -u * (u - 1) * (u - 2) / 6,
            (u + 1) * (u - 1) * (u - 2) / 2,
            -(u + 1) * u * (u - 2) / 2,
            (u + 1) * u * (u - 1) / 6,
        ]
    )
    rows = slice(i - 1, i + 3)
    critical = weights @ table.critical[rows].astype(float) / radius
    return Row(float(critical), _pieces(weights @ table.smooth[rows].astype(float)))


def swept_at(row: Row, angle: Any) -> Any:
    """Return the angles that light sweeps about the hole.

    Parameters
    ----------
    row : Row
    angle : array_like
        Angles to the hole in the frame of an observer at rest, up to π.

    Returns
    -------
    ndarray
        Radians; NaN in the shadow.

    Examples
    --------
    >>> row = row_at(flight_table(), 20.0)
    >>> swept_at(row, np.arctan([0.1, 0.2, 0.7])).round(3)
    array([  nan, 3.708, 2.472])
    """
    x = (np.asarray(angle, dtype=float) - row.critical) / (np.pi - row.critical)
    x = np.where(x > 0, x, np.nan)
    t = np.log1p(x * np.expm1(STRETCH)) / STRETCH * len(row.pieces)
    j = np.clip(np.nan_to_num(t).astype(int), 0, len(row.pieces) - 1)
    u = t - j
    a, b, c, d = np.moveaxis(row.pieces[j], -1, 0)
    return a + u * (b + u * (c + u * d)) - np.log(x)


def to_text(table: FlightTable) -> str:
    """Return the numbers as base64 of little-endian float32: each row led by its critical value.

    Examples
    --------
    >>> len(to_text(flight_table(radii=4, nodes=8)))  # 4 · 9 · 4 bytes, and a third
    192
    """
    numbers = np.column_stack([table.critical, table.smooth]).astype("<f4")
    return base64.b64encode(numbers.tobytes()).decode("ascii")


def _place(radius: float) -> float:
    return float(np.log(radius - PHOTON_SPHERE))


def _pieces(values: np.ndarray) -> np.ndarray:
    """Return cubics through the values, with slopes from differences of fourth order."""
    slope = np.convolve(values, SLOPES[2, ::-1], mode="same")
    for edge in (0, 1):
        slope[edge] = SLOPES[edge] @ values[:5]
        slope[-1 - edge] = -SLOPES[edge] @ values[:-6:-1]
    a, b, da, db = values[:-1], values[1:], slope[:-1], slope[1:]
    return np.column_stack([a, da, 3 * (b - a) - 2 * da - db, 2 * (a - b) + da + db])
