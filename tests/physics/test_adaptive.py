"""Order of the schemes by regression, rolled and unrolled."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mlphys.physics.adaptive import runge_kutta_step
from mlphys.physics.runge_kutta import SCHEMES


def circle(x, u):
    """x″ = −x, whose solution is known."""
    return u, -x


@pytest.mark.parametrize("unrolled", [False, True])
@pytest.mark.parametrize(("name", "counts"), [("DP54", [8, 12, 18]), ("DOP853", [2, 3, 4])])
def test_order_of_the_scheme(name, counts, unrolled):
    scheme, errors = SCHEMES[name], []

    @jax.jit
    def advance(now, step):
        return runge_kutta_step(circle, scheme, now, step, unrolled=unrolled)

    with jax.enable_x64(True):
        for count in counts:
            state = (jnp.eye(4)[:, :1], jnp.eye(4)[:, 1:2])
            for _ in range(count):
                now = (*state, *circle(*state))
                *state, _, _, _, _ = advance(now, 2.0 / count)
            exact = np.zeros(4)
            exact[:2] = np.cos(2.0), np.sin(2.0)
            errors.append(np.linalg.norm(np.asarray(state[0])[:, 0] - exact))
    order = -np.polyfit(np.log(counts), np.log(errors), 1)[0]
    assert order == pytest.approx(scheme.order, abs=0.35)


def test_rolled_and_unrolled_stages_are_the_same():
    rng = np.random.default_rng(2)
    with jax.enable_x64(True):
        x, u = (jnp.asarray(rng.normal(size=(4, 3))) for _ in range(2))
        now = (x, u, *circle(x, u))
        step = jnp.asarray([0.1, 0.2, 0.3])
        a, b = (
            runge_kutta_step(circle, SCHEMES["DOP853"], now, step, unrolled=flag)
            for flag in (False, True)
        )
        for one, two in zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-12, atol=1e-15)
