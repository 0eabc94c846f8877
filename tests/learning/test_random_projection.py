"""Random projections against the chi-squared law and the bound for all pairs."""

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import pdist

from mlphys.learning.random_projection import dimensions_for, make_projection, project, spread


def test_squared_lengths_follow_the_chi_squared_law():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1, 30))
    ratios = [
        float((project(x, make_projection(30, 50, rng=rng)) ** 2).sum() / (x**2).sum())
        for _ in range(2000)
    ]
    assert stats.kstest(np.array(ratios) * 50, stats.chi2(50).cdf).pvalue > 0.01
    assert np.std(ratios) == pytest.approx(spread(50), rel=0.05)


def test_all_pairs_keep_the_stated_distortion():
    rng = np.random.default_rng(1)
    images = rng.integers(0, 256, (100, 400)).astype(np.uint8)
    m = dimensions_for(100, distortion=0.3)
    kept = 0
    for _ in range(10):
        small = project(images, make_projection(400, m, rng=rng), block=7)
        ratio = pdist(small, "sqeuclidean") / pdist(images.astype(float), "sqeuclidean")
        kept += abs(ratio - 1).max() <= 0.3
    assert kept >= 5


def test_blocks_give_the_whole_product():
    rng = np.random.default_rng(2)
    images = rng.integers(0, 256, (50, 4, 5)).astype(np.uint8)
    matrix = make_projection(20, 3, rng=rng)
    whole = images.reshape(50, 20) @ matrix
    assert np.allclose(project(images, matrix, block=8), whole, rtol=1e-13)


def test_wrong_arguments():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="at least 1 pixel"):
        make_projection(0, 3, rng=rng)
    with pytest.raises(ValueError, match="images of 4 pixels"):
        project(np.zeros((2, 5)), np.zeros((4, 2)))
    for points, distortion in ((1, 0.5), (10, 0.0), (10, 1.0)):
        with pytest.raises(ValueError, match="between 0 and 1"):
            dimensions_for(points, distortion=distortion)
