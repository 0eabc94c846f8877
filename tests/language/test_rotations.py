import numpy as np
import pytest
from scipy.stats import chisquare

from mlphys.language.rotations import integer_rotations, order, random_integer_rotation


@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_order_is_that_of_brute_force(d):
    assert len(integer_rotations(d)) == order(d)
    assert len({m.tobytes() for m in integer_rotations(d)}) == order(d)


@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_set_is_a_group(d):
    group = integer_rotations(d)
    members = {m.tobytes() for m in group}
    products = np.einsum("aij,bjk->abik", group, group)
    assert {m.tobytes() for row in products for m in row} == members


def test_all_integer_matrices_that_rotate_the_plane():
    square = np.stack(np.meshgrid(*[[-1, 0, 1]] * 4, indexing="ij"), -1).reshape(-1, 2, 2)
    rotations = [m for m in square if np.array_equal(m @ m.T, np.eye(2)) and np.linalg.det(m) > 0]
    assert {m.tobytes() for m in rotations} == {m.tobytes() for m in integer_rotations(2)}


@pytest.mark.parametrize("d", [2, 3])
def test_draws_are_uniform_by_chi_square(d):
    group = {m.tobytes(): i for i, m in enumerate(integer_rotations(d))}
    rng = np.random.default_rng(2022)
    draws = [group[random_integer_rotation(d, rng=rng).tobytes()] for _ in range(500 * order(d))]
    counts = np.bincount(draws, minlength=order(d))
    assert 0.001 < chisquare(counts).pvalue < 0.999


@pytest.mark.parametrize("d", [1, 5, 8])
def test_draws_are_rotations_in_higher_dimensions(d):
    rng = np.random.default_rng(1)
    for _ in range(50):
        m = random_integer_rotation(d, rng=rng)
        np.testing.assert_array_equal(m @ m.T, np.eye(d))
        assert np.linalg.det(m) == pytest.approx(1)


def test_errors_say_what_to_do():
    rng = np.random.default_rng(0)
    for call in (order, integer_rotations, lambda d: random_integer_rotation(d, rng=rng)):
        with pytest.raises(ValueError, match="dimension of at least 1, got 0"):
            call(0)
    with pytest.raises(ValueError, match="draw some"):
        integer_rotations(7)
