"""Variational equations against differences of the ray's own equations."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mlphys.physics import equations, variational
from mlphys.physics.inverse import hole

X, V = np.array([0.0, 5.0, 1.0, 2.0]), np.array([1.2, -0.4, 0.7, 0.1])
DX = np.array([[0.1, 0.3, -0.2, 0.5], [0.0, -0.4, 0.1, 0.2]])
DV = np.array([[0.0, 0.2, 0.6, -0.1], [0.3, 0.1, -0.5, 0.2]])
DP = np.array([[1.0], [-0.5]])


@pytest.mark.parametrize("form", ["euler_lagrange", "hamiltonian"])
def test_change_of_the_slopes(form):
    with jax.enable_x64(True):
        p = jnp.array([1.0])
        both = variational.FORMS[form](hole, p, jnp.array(DP))
        rows: list[Any] = [
            tuple(jnp.array([part]) for part in (*a, *b.ravel())) for a, b in ((X, DX), (V, DV))
        ]
        u = both.start(*rows)
        dx, du = (np.array(part)[:, 0] for part in both.derivative(rows[0], u))

        def slopes(h, direction):
            def member(x, dx):
                return hole(x, dx, p + h * DP[direction])

            plain = equations.EQUATIONS[form](member)
            moved: list[Any] = [
                tuple(jnp.array([c]) for c in a + h * b[direction]) for a, b in ((X, DX), (V, DV))
            ]
            x, v = moved
            return np.array(plain.derivative(x, plain.start(x, v)))[..., 0]

        h = 1e-5
        np.testing.assert_allclose([dx[:4], du[:4]], slopes(0.0, 0), rtol=1e-12, atol=1e-14)
        for i in range(2):
            change = (slopes(h, i) - slopes(-h, i)) / (2 * h)
            mine = slice(4 + 4 * i, 8 + 4 * i)
            np.testing.assert_allclose([dx[mine], du[mine]], change, rtol=1e-7, atol=1e-9)
