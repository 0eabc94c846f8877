"""Graph nets: renaming, blind spots, random graphs with the chances asked for."""

import numpy as np
import pytest

from mlphys.frameworks.message_passing import (
    message_round,
    neighbor_means,
    read_out,
    ring,
    two_groups,
)


@pytest.fixture(scope="module")
def weights():
    return np.random.default_rng(0).normal(size=(2, 3, 3))


def test_renamed_nodes_give_renamed_features(weights):
    rng = np.random.default_rng(1)
    graph, _ = two_groups(20, inside=0.4, across=0.1, rng=rng)
    h, order = rng.normal(size=(20, 3)), rng.permutation(20)
    there = message_round(h[order], graph[np.ix_(order, order)], *weights)
    assert there == pytest.approx(message_round(h, graph, *weights)[order])


def test_means_against_a_loop():
    graph, _ = two_groups(12, inside=0.3, across=0.3, rng=np.random.default_rng(2))
    h = np.random.default_rng(3).normal(size=(12, 2))
    for i, row in enumerate(neighbor_means(h, graph)):
        near = h[graph[i] > 0]
        assert row == pytest.approx(near.mean(0) if len(near) else np.zeros(2))


@pytest.mark.parametrize("seed", range(5))
def test_one_ring_of_six_looks_like_two_of_three(seed):
    rng = np.random.default_rng(seed)
    one, two = ring(6), np.kron(np.eye(2), ring(3))
    assert np.linalg.eigvalsh(one) != pytest.approx(np.linalg.eigvalsh(two))
    a = b = np.ones((6, 4))
    for _ in range(5):
        pair = rng.normal(size=(2, 4, 4))
        a, b = message_round(a, one, *pair), message_round(b, two, *pair)
    assert read_out(a) == pytest.approx(read_out(b), abs=1e-12)


def test_random_graph_has_the_chances():
    graph, group = two_groups(400, inside=0.1, across=0.02, rng=np.random.default_rng(4))
    same = np.equal.outer(group, group)
    n = 400 * 199
    assert graph[same].sum() / n == pytest.approx(0.1, abs=4 * np.sqrt(2 * 0.09 / n))
    assert graph[~same].mean() == pytest.approx(0.02, abs=4 * np.sqrt(2 * 0.0196 / 80_000))


def test_bad_input(weights):
    with pytest.raises(ValueError, match="symmetric adjacency for 2 nodes"):
        message_round(np.ones((2, 3)), np.array([[0.0, 1], [0, 0]]), *weights)
    with pytest.raises(ValueError, match="n >= 3; got 2"):
        ring(2)
    with pytest.raises(ValueError, match="even n and two probabilities"):
        two_groups(3, inside=0.1, across=0.1, rng=np.random.default_rng(0))
