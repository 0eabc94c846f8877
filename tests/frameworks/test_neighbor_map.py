"""t-SNE: affinities, gradient and final divergence against other sources."""

import numpy as np
import pytest
from sklearn.manifold import TSNE

from mlphys.derivatives.gradient_check import assert_gradient
from mlphys.frameworks.neighbor_map import affinities, divergence, neighbor_map, same_neighbors


@pytest.fixture(scope="module")
def cloud():
    rng = np.random.default_rng(1)
    return np.vstack([c + rng.normal(size=(30, 8)) for c in 4 * rng.normal(size=(4, 8))])


def test_every_point_attends_to_as_many_as_the_perplexity_says(cloud):
    d = ((cloud[:, None] - cloud) ** 2).sum(-1)
    p = affinities(cloud, perplexity=12)
    assert p.sum() == pytest.approx(1) and np.array_equal(p, p.T) and not p.diagonal().any()
    # Undo the symmetrization: the width of row 0, from a search of its own.
    widths = np.geomspace(0.1, 10, 20001)
    rows = np.exp(-d[0, 1:] / (2 * widths[:, None] ** 2))
    rows /= rows.sum(1, keepdims=True)
    entropy = -(rows * np.log(rows + 1e-300)).sum(1)
    assert entropy[abs(entropy - np.log(12)).argmin()] == pytest.approx(np.log(12), abs=1e-3)
    assert p[0, 1:].sum() >= rows[0].sum() / (2 * len(cloud))


def test_gradient_against_differences(cloud):
    p = affinities(cloud[:20], perplexity=5)
    y = np.random.default_rng(2).normal(size=(20, 2))
    assert_gradient(
        lambda y: divergence(y, p)[0], divergence(y, p)[1], y,
        rng=np.random.default_rng(3), method="central", rtol=1e-6,
    )  # fmt: skip


def test_as_good_a_map_as_that_of_sklearn(cloud):
    ours = neighbor_map(cloud, perplexity=15, steps=600)
    theirs = TSNE(2, perplexity=15, method="exact", init="pca", random_state=0).fit(cloud)
    assert ours.divergence == pytest.approx(theirs.kl_divergence_, abs=0.05)
    # Their map, judged by our divergence, has the value that they state.
    again = divergence(theirs.embedding_.astype(float), affinities(cloud, perplexity=15))[0]
    assert again == pytest.approx(theirs.kl_divergence_, abs=1e-3)
    assert same_neighbors(ours.y, np.arange(120) // 30) > 0.95


def test_perplexity_must_fit(cloud):
    with pytest.raises(ValueError, match="number of neighbors that count"):
        affinities(cloud[:5], perplexity=30.0)
