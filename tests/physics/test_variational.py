"""Variational equations against differences of the ray's own equations."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mlphys.physics import equations, variational
from mlphys.physics.inverse import hole

X, V = np.array([0.0, 5.0, 1.0, 2.0]), np.array([1.2, -0.4, 0.7, 0.1])
DX, DV = np.array([0.1, 0.3, -0.2, 0.5]), np.array([0.0, 0.2, 0.6, -0.1])


@pytest.mark.parametrize("form", ["euler_lagrange", "hamiltonian"])
def test_change_of_the_slopes(form):
    with jax.enable_x64(True):
        p, dp = jnp.array([1.0]), jnp.array([1.0])
        both = variational.FORMS[form](hole, p, dp)
        rows: list[Any] = [
            tuple(jnp.array([part]) for part in (*a, *b)) for a, b in ((X, DX), (V, DV))
        ]
        u = both.start(*rows)
        dx, du = (np.array(part)[:, 0] for part in both.derivative(rows[0], u))

        def slopes(h):
            def member(x, dx):
                return hole(x, dx, p + h * dp)

            plain = equations.EQUATIONS[form](member)
            moved: list[Any] = [tuple(jnp.array([c]) for c in a) for a in (X + h * DX, V + h * DV)]
            x, v = moved
            return np.array(plain.derivative(x, plain.start(x, v)))[..., 0]

        h = 1e-5
        change = (slopes(h) - slopes(-h)) / (2 * h)
        np.testing.assert_allclose([dx[:4], du[:4]], slopes(0.0), rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose([dx[4:], du[4:]], change, rtol=1e-7, atol=1e-9)
