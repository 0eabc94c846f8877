"""The three forms of the equations of motion against the closed form and each other."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mlphys.physics.equations import EQUATIONS, on_components
from mlphys.physics.line_elements import minkowski, schwarzschild, schwarzschild_ingoing
from mlphys.physics.spacetime import christoffel, metric

RNG = np.random.default_rng(5)
X = np.concatenate([RNG.normal(size=(6, 1)), 3 + RNG.random((6, 3))], axis=1)
V = RNG.normal(size=(6, 4))


@pytest.fixture(autouse=True)
def double():
    with jax.enable_x64(True):
        yield


def rows(array):
    return tuple(jnp.asarray(array.T))


@pytest.mark.parametrize("ds2", [schwarzschild, schwarzschild_ingoing])
@pytest.mark.parametrize("name", ["euler_lagrange", "christoffel"])
def test_acceleration_is_minus_gamma_v_v(name, ds2):
    dx, dv = EQUATIONS[name](ds2).derivative(rows(X), rows(V))
    expected = -np.einsum("eamn,em,en->ea", christoffel(ds2, X), V, V)
    np.testing.assert_allclose(np.stack(dx, -1), V, rtol=0)
    np.testing.assert_allclose(np.stack(dv, -1), expected, rtol=1e-10, atol=1e-13)


def test_hamiltonian_form_is_the_same_motion():
    motion = EQUATIONS["hamiltonian"](schwarzschild_ingoing)
    p = motion.start(rows(X), rows(V))
    expected = np.einsum("emn,en->em", metric(schwarzschild_ingoing, X), V)
    np.testing.assert_allclose(np.stack(p, -1), expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(np.stack(motion.velocity(rows(X), p), -1), V, rtol=1e-11)
    _, force = motion.derivative(rows(X), p)
    np.testing.assert_array_equal(force[0], 0)  # ds² does not contain t


def test_components_are_used_where_they_can_be():
    seen = []

    def watch(x, v):
        seen.append(type(x).__name__)
        return minkowski(x, v)

    on_components(watch)(rows(X), rows(V))
    assert seen[-1] == "Components"

    def whole(x, v):
        seen.append(type(x).__name__)
        return jnp.sum(v * v, axis=-1)

    np.testing.assert_allclose(on_components(whole)(rows(X), rows(V)), np.sum(V * V, -1))
    assert seen[-1] != "Components"
