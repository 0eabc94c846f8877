"""The written-out solution of symmetric 4×4 systems."""

import numpy as np

from mlphys.physics.cofactors import solve

RNG = np.random.default_rng(4)


def test_solve_needs_no_pivot():
    matrix = RNG.normal(size=(4, 4))
    matrix += matrix.T
    matrix[0, 0] = 0.0  # as g_tt at the edge of an ergosphere
    b = RNG.normal(size=4)
    got = solve([tuple(column) for column in matrix.T], tuple(b))
    np.testing.assert_allclose(got, np.linalg.solve(matrix, b), rtol=1e-11)
