"""A whole picture from one fan of rays: every pixel's plane is the fan's, rotated about the hole.

Rows of pixels are worked on in blocks, shared among threads, and
without trigonometry: where light of a slope ends in its plane is looked up as a complex number
e^{iφ} on an even grid of ln(slope − critical slope).
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from scipy.interpolate import CubicSpline

from mlphys.physics.tiles import cores

__all__ = ["Lookup", "View", "directions_of", "largest_slope", "lookup", "over_rows"]

BLOCK = 65_536  # pixels: fewer, and threads wait for one another more than they work
FINER = 8  # points of the even grid for each ray of the fan


class View(NamedTuple):
    """What a camera looks at, and from where.

    Attributes
    ----------
    left, up : ndarray, shape (width,), (height,)
        Slopes of the pixels against the forward leg, as of ``pixel_plane``.
    legs : ndarray, shape (4, 4)
        The camera's legs in those of an observer at rest who looks at the hole.
    axes : ndarray, shape (3, 3)
        Unit vectors of space away from the hole and along that observer's left and up.
    """

    left: np.ndarray
    up: np.ndarray
    legs: np.ndarray
    axes: np.ndarray


class Lookup(NamedTuple):
    """Where light ends in its plane, on an even grid.

    Attributes
    ----------
    critical, largest : float
        Slope of the edge of the shadow, and the largest one known.
    start, step : float
        First ln(slope − critical), and distance to the next.
    turn, change : ndarray of complex, shape (points,)
        e^{iφ} of the swept angle φ, and its difference to the next.
    """

    critical: float
    largest: float
    start: float
    step: float
    turn: np.ndarray
    change: np.ndarray


def lookup(slope: np.ndarray, angle: np.ndarray, critical: float) -> Lookup:
    """Return the table of a fan, by a cubic spline in ln(slope − critical).

    Parameters
    ----------
    slope, angle : ndarray, shape (rays,)
        Increasing slopes, and swept angles in radians. Rays at or below the edge are left out.
    critical : float
        Slope of the edge of the shadow.

    Returns
    -------
    Lookup

    Examples
    --------
    >>> table = lookup(np.array([0.2, 0.3]), np.array([2.0, 1.0]), 0.1)
    >>> table.turn.size, np.angle(table.turn[[0, -1]]).round(12)
    (9, array([2., 1.]))
    """
    known = np.log(slope[slope > critical] - critical)
    even = np.linspace(known[0], known[-1], FINER * (len(known) - 1) + 1)
    turn = np.exp(1j * CubicSpline(known, angle[slope > critical])(even))
    change = np.append(np.diff(turn), 0)
    return Lookup(critical, float(slope[-1]), known[0], even[1] - even[0], turn, change)


def largest_slope(view: View) -> float:
    """Return the largest slope against the hole in a picture; infinite at right angles or beyond.

    Examples
    --------
    >>> left, up = np.array([0.3, -0.3]), np.array([0.4, -0.4])
    >>> round(largest_slope(View(left, up, np.eye(4), np.eye(3))), 12)
    0.5
    """

    def most(rows: slice) -> float:
        ahead, left, up = _local(view, rows)
        if not ahead.min() > 0:
            return np.inf
        left *= left
        up *= up
        left += up
        ahead *= ahead
        left /= ahead
        return float(np.sqrt(left.max()))

    return max(over_rows(view.up.size, view.left.size, most))


def directions_of(view: View, table: Lookup) -> tuple[np.ndarray, np.ndarray]:
    """Return which pixels show the sky, and unit vectors from the hole to what they show.

    Parameters
    ----------
    view : View
        No slope above the table's largest.
    table : Lookup
        The fan.

    Returns
    -------
    seen : ndarray of bool, shape (height, width)
    direction : ndarray, shape (height, width, 3)
        Without meaning where not seen.

    Examples
    --------
    >>> table = lookup(np.array([0.2, 0.6]), np.array([np.pi, np.pi / 2]), 0.1)
    >>> view = View(np.array([0.6, 0.0]), np.zeros(1), np.eye(4), np.eye(3))
    >>> directions_of(view, table)[0]
    array([[ True, False]])
    """
    shape = (len(view.up), len(view.left))
    seen, direction = np.empty(shape, dtype=bool), np.empty((*shape, 3))

    def fill(rows: slice) -> None:
        ahead, left, up = _local(view, rows)
        aside = left * left
        aside += up * up
        np.sqrt(aside, out=aside)
        np.divide(aside, ahead, out=ahead)  # the slope
        ahead -= table.critical
        np.greater(ahead, 0, out=seen[rows])
        np.maximum(ahead, np.exp(table.start), out=ahead)
        np.log(ahead, out=ahead)
        ahead -= table.start
        ahead /= table.step
        index = ahead.astype(np.intp)
        np.minimum(index, len(table.turn) - 1, out=index)
        ahead -= index
        turn = table.change[index]
        turn *= ahead
        turn += table.turn[index]
        length = np.abs(turn)
        across = np.imag(turn) / length
        across /= np.maximum(aside, 1e-300)
        parts = (np.real(turn) / length, across * left, across * up)
        for axis in range(3):
            terms = [w * part for w, part in zip(view.axes[:, axis], parts, strict=True) if w != 0]
            direction[rows, :, axis] = sum(terms[1:], terms[0])

    over_rows(*shape, fill)
    return seen, direction


def _local(view: View, rows: slice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return components ahead, left and up of the rays of some rows, of any length."""
    left, up = view.left[None, :], view.up[rows, None]
    time, forward = view.legs[0], view.legs[1]
    parts = []
    for k in (1, 2, 3):
        part = (forward[k] + view.legs[3, k] * up) + view.legs[2, k] * left
        if time[k] != 0:  # a moving camera: aberration
            part += time[k] * np.sqrt((1 + up * up) + left * left)
        parts.append(part)
    return parts[0], parts[1], parts[2]


def over_rows(height: int, width: int, work: Callable[[slice], Any]) -> list:
    """Return what ``work`` returns for each block of rows of a picture, in threads.

    Examples
    --------
    >>> over_rows(4, 40_000, lambda rows: (rows.start, rows.stop))
    [(0, 1), (1, 2), (2, 3), (3, 4)]
    """
    step = max(1, BLOCK // width)
    blocks = [slice(first, min(first + step, height)) for first in range(0, height, step)]
    if len(blocks) == 1:
        return [work(blocks[0])]
    with ThreadPoolExecutor(min(cores(), len(blocks))) as pool:
        return list(pool.map(work, blocks))
