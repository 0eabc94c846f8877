"""Labels on a graph: a random walk, Kirchhoff's rule, and an iteration find the same."""

import numpy as np
import pytest

from mlphys.frameworks.label_propagation import equal_masses, neighbor_graph, propagate


@pytest.fixture(scope="module")
def graph():
    x = np.random.default_rng(0).normal(size=(60, 2))
    return neighbor_graph(x, k=6)


@pytest.fixture(scope="module")
def labels():
    labels = np.full(60, -1)
    labels[[3, 20, 41]] = [0, 1, 2]
    return labels


def test_every_unlabeled_node_is_the_mean_of_its_neighbors(graph, labels):
    f = propagate(graph, labels, classes=3)
    free = labels < 0
    assert f.sum(1) == pytest.approx(np.ones(60))
    assert (graph @ f / graph.sum(1)[:, None])[free] == pytest.approx(f[free])
    assert np.array_equal(f[~free], np.eye(3))


def test_iteration_to_the_fixed_point_agrees(graph, labels):
    free, f = labels < 0, np.zeros((60, 3))
    f[~free] = np.eye(3)
    for _ in range(5000):
        f[free] = (graph @ f / graph.sum(1)[:, None])[free]
    assert f == pytest.approx(propagate(graph, labels, classes=3), abs=1e-9)


def test_random_walks_meet_labels_as_often(graph, labels):
    rng = np.random.default_rng(1)
    steps = (graph / graph.sum(1)[:, None]).cumsum(1)
    start, met = 10, np.zeros(3)
    for _ in range(2000):
        at = start
        while labels[at] < 0:
            at = int(np.searchsorted(steps[at], rng.random()))
        met[labels[at]] += 1
    f = propagate(graph, labels, classes=3)[start]
    assert met / 2000 == pytest.approx(f, abs=4 * np.sqrt(0.25 / 2000))


def test_node_out_of_reach_gets_nothing():
    two = np.kron(np.eye(2), 1 - np.eye(2))
    assert propagate(two, np.array([0, -1, -1, -1]), classes=2).tolist() == [
        [1, 0], [1, 0], [0, 0], [0, 0]]  # fmt: skip


def test_masses_are_equal(graph, labels):
    f = propagate(graph, labels, classes=3)[labels < 0]
    assert equal_masses(f).sum(0) == pytest.approx(np.ones(3))
    assert np.array_equal(equal_masses(np.zeros((2, 2))), np.zeros((2, 2)))


def test_bad_input(graph, labels):
    with pytest.raises(ValueError, match="at least one known"):
        propagate(graph, np.full(60, -1), classes=3)
    with pytest.raises(ValueError, match="expected weights for 5 nodes"):
        propagate(graph, labels[:5], classes=3)
    with pytest.raises(ValueError, match="1 <= k < n"):
        neighbor_graph(np.ones((3, 1)), k=3)
