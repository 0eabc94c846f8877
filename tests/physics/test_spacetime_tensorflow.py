"""TensorFlow's derivatives against JAX's, to 1e-10."""

import numpy as np
import pytest

from mlphys.physics import spacetime
from mlphys.physics.line_elements import minkowski, schwarzschild, schwarzschild_ingoing

tensorflow_twin = pytest.importorskip("mlphys.physics.spacetime_tensorflow")

X = np.random.default_rng(4).normal(size=(2, 3, 4)) + np.array([0.0, 4.0, 3.0, -3.0])


@pytest.mark.parametrize("ds2", [schwarzschild, schwarzschild_ingoing])
@pytest.mark.parametrize("name", ["metric", "inverse_metric", "christoffel"])
def test_both_backends_agree(ds2, name):
    got, expected = getattr(tensorflow_twin, name)(ds2, X), getattr(spacetime, name)(ds2, X)
    assert got.dtype == np.float64
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-13)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["riemann", "ricci", "kretschmann"])
def test_curvature_agrees(name):
    got = getattr(tensorflow_twin, name)(schwarzschild, X)
    np.testing.assert_allclose(got, getattr(spacetime, name)(schwarzschild, X), atol=1e-12)


def test_flat_space_and_shapes():
    assert abs(tensorflow_twin.christoffel(minkowski, X)).max() == 0
    with pytest.raises(ValueError, match="shape"):
        tensorflow_twin.metric(minkowski, [1.0, 2.0])
