import jax.numpy as jnp
import numpy as np
import pytest

from mlphys.physics.line_elements import components, schwarzschild_ingoing
from mlphys.physics.matrix_metrics import MatrixMetric, from_matrix
from mlphys.physics.spacetime import check_metric, christoffel, metric


def ingoing(x):
    """g = η + k kᵀ/r, as an array."""
    _, *place = components(x)
    r = jnp.sqrt(sum(part * part for part in place))
    k = jnp.stack([jnp.ones_like(r), *[part / r for part in place]], axis=-1)
    return (
        jnp.diag(jnp.array([-1.0, 1, 1, 1]))
        + k[..., :, None] * k[..., None, :] / r[..., None, None]
    )


def test_the_array_is_the_metric_of_its_line_element():
    x = np.random.default_rng(2).normal(size=(7, 4)) + 3
    ds2 = from_matrix(ingoing)
    check_metric(ds2, x)
    np.testing.assert_allclose(metric(ds2, x), metric(schwarzschild_ingoing, x), atol=1e-14)
    np.testing.assert_allclose(
        christoffel(ds2, x), christoffel(schwarzschild_ingoing, x), atol=1e-13
    )


def test_equal_functions_make_equal_line_elements():
    assert from_matrix(ingoing) == MatrixMetric(ingoing)
    assert hash(from_matrix(ingoing)) == hash(from_matrix(ingoing))


def test_a_slip_in_one_slot_is_named():
    def slipped(x):
        return ingoing(x).at[..., 2, 0].multiply(2.0)

    with pytest.raises(ValueError, match=r"symmetric metric; got g\[0, 2\] = 0.3.* and g\[2, 0\]"):
        check_metric(from_matrix(slipped), [0.0, 1.0, 1.0, 1.0])


def test_a_constant_array_is_no_function():
    with pytest.raises(TypeError, match=r"a function g\(x\) .*got ndarray"):
        from_matrix(np.eye(4))
