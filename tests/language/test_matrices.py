import itertools

import numpy as np
import pytest
import sympy
from sympy.physics import matrices as textbook

from mlphys.language import matrices

WAYS = [
    matrices.dirac_by_hand,
    matrices.dirac_by_blocks,
    matrices.dirac_by_kron,
    matrices.dirac_by_einsum,
]
GAMMAS = matrices.dirac_by_blocks()


def numeric(matrix):
    return np.array(matrix.tolist(), dtype=complex)


@pytest.mark.parametrize("build", WAYS)
def test_dirac_matrices_are_those_of_sympy(build):
    for m in range(4):
        np.testing.assert_array_equal(build()[m], numeric(textbook.mgamma(m)))


@pytest.mark.parametrize(
    "build", [matrices.pauli, matrices.pauli_by_formula, matrices.pauli_by_outer_products]
)
def test_pauli_matrices_are_those_of_sympy(build):
    for a in range(3):
        np.testing.assert_array_equal(build()[a], numeric(textbook.msigma(a + 1)))


@pytest.mark.parametrize("build", WAYS)
def test_clifford_algebra(build):
    assert matrices.clifford_defect(build()) == 0


def test_clifford_defect_sees_a_planted_fault():
    wrong = GAMMAS.copy()
    wrong[2, 0, 3] *= 1.001
    assert matrices.clifford_defect(wrong) > 1e-3
    assert matrices.clifford_defect(GAMMAS, -matrices.METRIC) == 4


def test_clifford_algebra_survives_a_change_of_basis():
    rng = np.random.default_rng(3)
    q, _ = np.linalg.qr(rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4)))
    assert matrices.clifford_defect(q @ GAMMAS @ q.conj().T) < 1e-14


def test_traces():
    pairs = np.einsum("mab,nba->mn", GAMMAS, GAMMAS)
    np.testing.assert_array_equal(pairs, 4 * matrices.METRIC)
    assert not np.einsum("maa->m", GAMMAS).any()


def test_gamma5_is_that_of_sympy_and_its_square_is_one():
    g5 = matrices.gamma5(GAMMAS)
    np.testing.assert_array_equal(g5, numeric(textbook.mgamma(5)))
    np.testing.assert_array_equal(g5 @ g5, np.eye(4))
    assert not matrices.anticommutator(g5, GAMMAS).any()


def test_gamma5_without_i_gives_no_projectors():
    bare = GAMMAS[0] @ GAMMAS[1] @ GAMMAS[2] @ GAMMAS[3]
    np.testing.assert_array_equal(bare @ bare, -np.eye(4))
    half = (np.eye(4) - bare) / 2
    assert not matrices.is_projector(half)
    np.testing.assert_array_equal(half @ half, -bare / 2)
    left, right = matrices.projectors(matrices.gamma5(GAMMAS))
    assert matrices.is_projector(left)
    assert matrices.is_projector(right)
    np.testing.assert_array_equal(left + right, np.eye(4))
    with pytest.raises(ValueError, match="with the factor i"):
        matrices.projectors(bare)


def test_trace_of_gamma5_and_four_is_minus_four_i_epsilon():
    g5 = matrices.gamma5(GAMMAS)
    for order in itertools.product(range(4), repeat=4):
        m, n, r, s = order
        trace = np.trace(g5 @ GAMMAS[m] @ GAMMAS[n] @ GAMMAS[r] @ GAMMAS[s])
        assert trace == -4j * int(sympy.LeviCivita(*order))  # ε^{0123} = +1 as an order of indices


@pytest.mark.parametrize("dimension", [1, 2, 3, 4, 7])
def test_spin_matrices_have_the_length_of_the_spin(dimension):
    spin = matrices.spin_matrices(dimension)
    j = (dimension - 1) / 2
    square = np.einsum("aij,ajk->ik", spin, spin)
    np.testing.assert_allclose(square, j * (j + 1) * np.eye(dimension), atol=1e-13)
    np.testing.assert_allclose(matrices.commutator(spin[0], spin[1]), 1j * spin[2], atol=1e-13)


@pytest.mark.parametrize("dimension", [2, 3, 4, 7])
def test_structure_constants_of_every_spin_are_epsilon(dimension):
    found = matrices.su2_constants(matrices.spin_matrices(dimension))
    epsilon = [[[int(sympy.LeviCivita(a, b, c)) for c in range(3)] for b in range(3)]
               for a in range(3)]  # fmt: skip
    np.testing.assert_allclose(found, epsilon, atol=1e-13)
    np.testing.assert_array_equal(matrices.levi_civita(), epsilon)


def test_errors_say_what_to_do():
    with pytest.raises(ValueError, match="2j \\+ 1 states"):
        matrices.spin_matrices(0)
    with pytest.raises(ValueError, match="expected four matrices"):
        matrices.gamma5(GAMMAS[:3])
    with pytest.raises(ValueError, match="a metric of shape"):
        matrices.clifford_defect(GAMMAS[:3])
    with pytest.raises(ValueError, match="structure_constants"):
        matrices.su2_constants(np.array([np.eye(2), np.eye(2)]))
