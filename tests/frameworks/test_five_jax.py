"""Derivatives in both modes agree, and the loop of the pendulum is one scan."""

import numpy as np
import pytest

pytest.importorskip("jax")

import jax

from mlphys.frameworks import five_jax
from mlphys.frameworks.five_computations import make_inputs


@pytest.mark.parametrize("name", ["box", "pendulum", "charges"])
def test_forward_and_reverse_mode_agree(name):
    first, *rest = make_inputs(rng=np.random.default_rng(9))[name]
    first = first[:20] if name == "charges" else first
    function = getattr(five_jax, name)
    with jax.enable_x64(True):
        backward = jax.jit(jax.jacrev(function))(first, *rest)
        forward = jax.jit(jax.jacfwd(function))(first, *rest)
        np.testing.assert_allclose(forward, backward, rtol=0, atol=1e-9 * np.abs(backward).max())


def test_the_loop_stays_a_loop():
    shown = [str(jax.make_jaxpr(five_jax.pendulum)(np.zeros(2), np.zeros(n))) for n in (10, 1000)]
    assert len(shown[0].splitlines()) == len(shown[1].splitlines())
    assert shown[0].count("scan[") == 1
