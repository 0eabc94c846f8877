import numpy as np
import pytest

from mlphys.language.lie_algebras import (
    gell_mann,
    jacobi_defect,
    killing_form,
    rotation_generators,
    structure_constants,
)
from mlphys.language.matrices import commutator, levi_civita, pauli, spin_matrices

# Georgi, section 7.1; indices from 1, the other entries by antisymmetry.
SU3 = {
    (1, 2, 3): 1, (1, 4, 7): 0.5, (1, 5, 6): -0.5, (2, 4, 6): 0.5, (2, 5, 7): 0.5, (3, 4, 5): 0.5,
    (3, 6, 7): -0.5, (4, 5, 8): np.sqrt(3) / 2, (6, 7, 8): np.sqrt(3) / 2,
}  # fmt: skip


def antisymmetric(table, k):
    f = np.zeros((k, k, k))
    for abc, value in table.items():
        a, b, c = (i - 1 for i in abc)
        f[[a, b, c], [b, c, a], [c, a, b]] = value
        f[[b, c, a], [a, b, c], [c, a, b]] = -value
    return f


@pytest.mark.parametrize("dimension", [2, 3, 5])
def test_su2(dimension):
    f = structure_constants(spin_matrices(dimension))
    np.testing.assert_allclose(f, 1j * levi_civita(), atol=1e-13)


def test_su3_is_the_published_table():
    f = structure_constants(gell_mann() / 2)
    np.testing.assert_allclose(f, 1j * antisymmetric(SU3, 8), atol=1e-14)


@pytest.mark.parametrize("d", [3, 4, 5])
def test_rotations(d):
    """[J_ij, J_kl] = δ_jk J_il − δ_ik J_jl − δ_jl J_ik + δ_il J_jk up to the sign of J."""
    t = rotation_generators(d)
    planes = list(zip(*np.triu_indices(d, 1), strict=True))
    delta = np.eye(d)
    full = np.zeros((d, d, d, d))  # full[i, j] = J_ij for both orders of the plane
    for (i, j), matrix in zip(planes, t, strict=True):
        full[i, j], full[j, i] = matrix, -matrix
    f = structure_constants(t)
    for a, (i, j) in enumerate(planes):
        for b, (k, m) in enumerate(planes):
            wanted = -(delta[j, k] * full[i, m] - delta[i, k] * full[j, m]
                       - delta[j, m] * full[i, k] + delta[i, m] * full[j, k])  # fmt: skip
            np.testing.assert_allclose(np.einsum("c,cij->ij", f[a, b], t), wanted, atol=1e-14)


def test_so4_falls_apart_into_two_su2():
    t = rotation_generators(4)  # planes 01 02 03 12 13 23
    first, second = t[[5, 4, 3]] * np.array([1, -1, 1])[:, None, None], t[[0, 1, 2]]
    plus, minus = (first + second) / 2, (first - second) / 2
    f = structure_constants(np.concatenate([plus, minus]))
    np.testing.assert_allclose(f[:3, 3:], 0, atol=1e-15)
    for block in (f[:3, :3, :3], f[3:, 3:, 3:]):
        np.testing.assert_allclose(block, levi_civita(), atol=1e-15)


@pytest.mark.parametrize("generators", [pauli(), gell_mann(), rotation_generators(4)])
def test_any_basis_of_any_scale_closes_and_obeys_jacobi(generators):
    rng = np.random.default_rng(8)
    k = len(generators)
    mix = rng.normal(size=(k, k)) * 10.0 ** rng.integers(-4, 5, size=k)[:, None]
    mixed = np.einsum("ab,bij->aij", mix, generators)
    f = structure_constants(mixed)
    rebuilt = np.einsum("abc,cij->abij", f, mixed)
    brackets = commutator(mixed[:, None], mixed[None])
    norms = np.linalg.norm(mixed, axis=(1, 2))
    error = np.linalg.norm(rebuilt - brackets, axis=(2, 3)) / np.outer(norms, norms)
    assert error.max() < 1e-12
    assert jacobi_defect(structure_constants(generators)) < 1e-13


def test_jacobi_defect_sees_a_planted_fault():
    f = antisymmetric(SU3, 8)
    f[3, 4, 7], f[4, 3, 7] = 0.9, -0.9
    assert jacobi_defect(f) > 1e-2


def test_killing_form_of_su_n_is_minus_n():
    np.testing.assert_allclose(killing_form(antisymmetric(SU3, 8)), -3 * np.eye(8), atol=1e-14)


def test_a_set_that_does_not_close_is_refused_with_the_pair():
    with pytest.raises(ValueError, match=r"\[T_0, T_1\] leaves the span by 1.4"):
        structure_constants(pauli()[:2])
    with pytest.raises(ValueError, match="leaves the span"):
        structure_constants(gell_mann()[:7])


def test_dependent_matrices_are_refused_with_the_relation():
    x, y, z = pauli()
    with pytest.raises(ValueError, match="linearly independent") as caught:
        structure_constants([x, y, z, x + 2 * y])
    message = str(caught.value)
    assert "T_0" in message and "T_1" in message and "T_3" in message and "T_2" not in message
    with pytest.raises(ValueError, match=r"got \(1\+0j\) T_1 = 0"):
        structure_constants([x, 0 * x])
    with pytest.raises(ValueError, match="linearly independent"):
        structure_constants(np.ones((2, 1, 1)))


def test_nearly_dependent_is_decided_by_the_tolerance():
    x, y, z = pauli()
    almost = [x, y, z + 1e-6 * x]
    assert structure_constants(almost).shape == (3, 3, 3)
    near = [x, y, z, x + 1e-12 * np.eye(2)]
    with pytest.raises(ValueError, match="linearly independent"):
        structure_constants(near)


@pytest.mark.parametrize(
    ("bad", "message"),
    [(np.zeros((2, 3)), "k square matrices"), (np.zeros((2, 3, 2)), "k square matrices"),
     (np.zeros((0, 2, 2)), "k square matrices"), (np.full((1, 2, 2), np.nan), "finite matrices")],
)  # fmt: skip
def test_bad_input_is_refused(bad, message):
    with pytest.raises(ValueError, match=message):
        structure_constants(bad)


def test_one_dimension_has_no_plane():
    with pytest.raises(ValueError, match="at least 2 dimensions"):
        rotation_generators(1)
