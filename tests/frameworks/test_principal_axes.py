"""Principal axes against the singular value decomposition; the linear net against both."""

import numpy as np
import pytest

from mlphys.frameworks.principal_axes import principal_axes, subspace_angle, train_autoencoder


@pytest.fixture(scope="module")
def cloud():
    rng = np.random.default_rng(3)
    return rng.normal(size=(300, 6)) * [5, 4, 2, 1, 0.5, 0.1] @ rng.normal(size=(6, 6)) + 7


def test_axes_are_the_right_singular_vectors(cloud):
    axes = principal_axes(cloud, 3)
    _, singular, rows = np.linalg.svd(cloud - cloud.mean(0), full_matrices=False)
    assert axes.variances == pytest.approx(singular[:3] ** 2 / len(cloud), rel=1e-12)
    assert np.abs((axes.directions * rows[:3]).sum(1)) == pytest.approx(np.ones(3), abs=1e-12)


def test_what_is_left_out_is_the_sum_of_the_other_variances(cloud):
    axes, every = principal_axes(cloud, 2), principal_axes(cloud, 6)
    rest = cloud - axes.decode(axes.encode(cloud))
    assert (rest**2).sum(1).mean() == pytest.approx(every.variances[2:].sum(), rel=1e-12)
    assert every.decode(every.encode(cloud)) == pytest.approx(cloud)


@pytest.mark.parametrize("seed", range(5))
def test_linear_net_ends_in_the_same_plane_with_the_same_error(seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(200, 5)) * [3, 2, 1, 0.5, 0.2]
    net, axes = train_autoencoder(x, 2, rng=rng, steps=6000), principal_axes(x, 2)
    every = principal_axes(x, 5)
    assert subspace_angle(net.decoder, axes.directions) < 1e-5
    assert net.losses[-1] == pytest.approx(every.variances[2:].sum(), rel=1e-6)
    assert np.allclose(net.decode(net.encode(x)), axes.decode(axes.encode(x)), atol=2e-3)
    # The plane is fixed, the axes in it are not: the decoder's rows are no principal directions.
    assert np.abs(net.decoder @ net.decoder.T - np.eye(2)).max() > 1e-3


def test_bad_input():
    with pytest.raises(ValueError, match=r"expected 1 <= k <= 2; got k = 3"):
        principal_axes(np.ones((4, 2)), 3)
    with pytest.raises(ValueError, match=r"expected x of shape \(n >= 2, d\)"):
        principal_axes(np.ones(4), 1)
