"""The edge of a round hole's shadow from its metric alone, without a ray: a guess for the tracer.

Light in a static, round spacetime keeps its impact parameter b, and turns where
√(g_φφ / −g_tt) falls to b. Light whose b is below the least value of that root on its way in never
turns. A tracer needs none of this; it finds the edge sooner when it knows where to look.
"""

import numpy as np

from mlphys.physics.spacetime import LineElement, metric

__all__ = ["expected_edge"]

POINTS = 257


def expected_edge(ds2: LineElement, *, radius: float, least: float) -> float | None:
    """Return the slope of the edge of the shadow, for an observer at rest on the x axis.

    Parameters
    ----------
    ds2 : callable
        Line element of a static round hole.
    radius : float
        Coordinate distance of the observer.
    least : float
        Coordinate radius of the innermost point that light may turn at.

    Returns
    -------
    float or None
        tan of the angle to the hole; None where no light that comes in turns around.

    Examples
    --------
    >>> from mlphys.physics.line_elements import schwarzschild
    >>> round(expected_edge(schwarzschild, radius=20.0, least=1.001), 9)
    0.127641835
    """
    low, high = least, radius
    for _ in range(3):
        r = np.geomspace(low, high, POINTS)
        impact = _impact(ds2, r)
        lowest = int(np.argmin(impact))
        low, high = r[max(lowest - 1, 0)], r[min(lowest + 1, POINTS - 1)]
    sine = impact[lowest] / _impact(ds2, np.full(POINTS, radius))[0]
    return float(sine / np.sqrt(1 - sine * sine)) if sine < 1 - 1e-9 else None


def _impact(ds2: LineElement, r: np.ndarray) -> np.ndarray:
    """Return the impact parameter of light that turns at r; infinite inside a horizon."""
    x = np.zeros((len(r), 4))
    x[:, 1] = r
    g = metric(ds2, x)
    outside = g[:, 0, 0] < 0
    square = r * r * g[:, 2, 2] / np.where(outside, -g[:, 0, 0], 1.0)
    return np.sqrt(np.where(outside, square, np.inf))
