import numpy as np
import pytest

from mlphys.physics.runge_kutta import SCHEMES


@pytest.mark.parametrize("name", SCHEMES)
def test_quadrature_conditions(name):
    # Σ b c^(k−1) = 1/k up to the order, and error weights that vanish on constants
    scheme = SCHEMES[name]
    nodes, weights = scheme.stages.sum(axis=1), scheme.stages[-1]
    assert nodes[-1] == pytest.approx(1.0, rel=1e-14)
    for k in range(1, scheme.order + 1):
        assert weights @ nodes ** (k - 1) == pytest.approx(1 / k, rel=1e-12)
    np.testing.assert_allclose(scheme.errors.sum(axis=1), 0, atol=1e-13)
    assert np.triu(scheme.stages).sum() == 0  # explicit
