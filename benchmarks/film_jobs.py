"""The film of ``benchmarks/soap_film.py``, written once for JAX and HIPS autograd.

``m`` is the module that a program's functions come from.
"""

import time

import numpy as np
from scipy.optimize import minimize

LBFGS = {"maxcor": 20, "maxiter": 10**6, "maxfun": 10**6, "ftol": 0, "gtol": 0}
RADIUS, DISTANCE = 14.0, 18.0


class Stop(Exception):
    """Raised out of a minimizer that has arrived, or has taken too long."""


class Counted:
    """An objective with its gradient, counted; raises Stop on arrival or when time is up."""

    def __init__(self, function, minimum, limit):
        self.function, self.limit = function, limit
        self.goal, self.minimum = minimum * (1 + 1e-9), minimum
        self.calls, self.best, self.began = 0, np.inf, time.process_time()

    def __call__(self, x):
        value, gradient = self.function(x)
        self.calls += 1
        self.best = min(self.best, value)
        self.check()
        return value, gradient

    def check(self, *_):
        if self.best <= self.goal:
            raise Stop
        if time.process_time() - self.began > self.limit:
            raise Stop


def film_area(m, rows, angles):
    """Return the area between equal coaxial rings as a function of a flat vector of radii."""
    angle = 2 * np.pi * np.arange(angles) / angles
    cos, sin = np.cos(angle), np.sin(angle)
    z = np.linspace(0, DISTANCE, rows + 2)[:, None] + 0 * angle
    ring = np.full((1, angles), RADIUS)
    sew = lambda p: m.concatenate([p[:, 1:], p[:, :1]], axis=1)

    def twice(a, b, c):
        u, v = ([q - p for p, q in zip(a, corner, strict=True)] for corner in (b, c))
        x, y = u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2]
        t = u[0] * v[1] - u[1] * v[0]
        return m.sum(m.sqrt(x * x + y * y + t * t))

    def area(flat):
        r = m.concatenate([ring, m.reshape(flat, (rows, angles)), ring])
        low = [r * cos, r * sin, z]
        high = [sew(p) for p in low]
        a, b = ([p[:-1] for p in side] for side in (low, high))
        c, d = ([p[1:] for p in side] for side in (low, high))
        return (twice(a, b, c) + twice(d, c, b)) / 2

    return area


def lbfgs_seconds(both, x0, minimum, limit):
    """Return CPU seconds of SciPy's L-BFGS-B, evaluations, and the relative distance that is left."""
    counted = Counted(both, minimum, limit)
    began = time.process_time()
    try:
        minimize(counted, x0, jac=True, method="L-BFGS-B", options=LBFGS)
    except Stop:
        pass
    return time.process_time() - began, counted.calls, counted.best / minimum - 1
