"""Runge–Kutta schemes as tables, for the tracer's rolled stages.

Coefficients come from SciPy (Dormand & Prince 1980; Hairer, Nørsett & Wanner 1993, which the
references of ``scipy.integrate.DOP853`` name). Each scheme's last stage stands at the end of the
step, so that its derivative serves the next one.
"""

from typing import NamedTuple

import numpy as np
from scipy.integrate import DOP853, RK45

__all__ = ["SCHEMES", "Scheme"]


class Scheme(NamedTuple):
    """An embedded explicit scheme of ``s`` stages, the last at the end of the step.

    Attributes
    ----------
    stages : ndarray, shape (s, s)
        Row i: weights of the earlier derivatives in stage i; the last row gives the new state.
    errors : ndarray, shape (1 or 2, s)
        Weights of the error estimates; with two, :func:`mlphys.physics.adaptive.error_norm`
        combines them as DOP853 does.
    order : int
        Order q in ``error ∝ h^q`` that the step control assumes.
    """

    stages: np.ndarray
    errors: np.ndarray
    order: int


def _with_end(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    count = len(b)
    table = np.zeros((count + 1, count + 1))
    table[:count, : min(count, a.shape[1])] = a[:count, :count]
    table[count, :count] = b
    return table


SCHEMES = {
    "DP54": Scheme(_with_end(RK45.A, RK45.B), RK45.E[None], 5),
    "DOP853": Scheme(_with_end(DOP853.A, DOP853.B), np.stack([DOP853.E5, DOP853.E3]), 8),
}
