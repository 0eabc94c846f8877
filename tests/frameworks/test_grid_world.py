"""Grid worlds: tables by hand, all policies by brute force, learning against planning."""

from itertools import product

import numpy as np
import pytest

from mlphys.frameworks.grid_world import make_world, policy_values, q_learning, value_iteration

SMALL = """
..G
.#P
...
"""


def test_tables_are_probabilities():
    world = make_world(SMALL, slip=0.3)
    total = world.move.sum(-1) + world.ends.sum(-1)
    assert total == pytest.approx(np.ones((4, 6)))
    # From the cell left of the goal: right wins 0.7; up and down are walls, 0.3 to stay.
    assert world.ends[1, 1].tolist() == pytest.approx([0.7, 0.0])
    assert world.move[1, 1, 1] == pytest.approx(0.3)
    assert world.reward[1, 1] == pytest.approx(0.7)


def test_planning_finds_the_best_of_all_policies():
    world = make_world("..\n.G\n.P", slip=0.4)
    values, best = value_iteration(world, discount=0.9)
    every = [
        policy_values(world, np.array(policy), discount=0.9)
        for policy in product(range(4), repeat=len(world.cells))
    ]
    assert values == pytest.approx(np.max(every, axis=0), abs=1e-10)
    assert policy_values(world, best, discount=0.9) == pytest.approx(values, abs=1e-10)


def test_values_against_walks():
    world, rng = make_world(SMALL), np.random.default_rng(0)
    values, best = value_iteration(world)
    ladder = np.concatenate([world.move, world.ends], axis=2).cumsum(2)
    earned = []
    for _ in range(2000):
        s, worth = 5, 1.0
        while s < 6:
            s = int(np.searchsorted(ladder[best[s], s], rng.random()))
            worth *= 0.95
        earned.append((1 if s == 6 else -1) * worth / 0.95)
    assert np.mean(earned) == pytest.approx(values[5], abs=4 * np.std(earned) / np.sqrt(2000))


def test_learning_nears_planning():
    world = make_world(SMALL)
    values, _ = value_iteration(world)
    q = q_learning(world, walks=6000, rng=np.random.default_rng(0))
    assert q.max(axis=0) == pytest.approx(values, abs=0.12)


def test_bad_drawings():
    with pytest.raises(ValueError, match="expected rows of one length"):
        make_world("..\n.")
    with pytest.raises(ValueError, match="signs"):
        make_world("..X")
    with pytest.raises(ValueError, match="0 <= slip <= 1"):
        make_world("..G", slip=2.0)
    with pytest.raises(ValueError, match="0 <= discount < 1; got 1"):
        value_iteration(make_world("..G"), discount=1.0)
