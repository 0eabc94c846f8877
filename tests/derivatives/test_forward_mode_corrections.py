"""What the lectures got wrong, and what is right."""

import numpy as np
import pytest

from mlphys.derivatives.differences import tensor_gradient


def test_tensor_gradient_keeps_complex_numbers():
    """The derivative of z² is 2z, and of A² for complex A it is A ⊗ 1 + 1 ⊗ A."""
    np.testing.assert_allclose(tensor_gradient(lambda z: z * z, np.array([1j])), [[2j]], atol=1e-9)
    a = np.array([[1, 2j], [-1j, 3]])
    slopes = tensor_gradient(lambda a: a @ a, a)
    one = np.eye(2)
    want = np.einsum("ik,lj->ijkl", one, a) + np.einsum("ik,jl->ijkl", a, one)
    np.testing.assert_allclose(slopes, want, atol=1e-8)
    assert slopes.imag.any()


def test_a_real_result_array_loses_the_imaginary_part():
    slopes = np.zeros((1, 1))
    with pytest.warns(np.exceptions.ComplexWarning, match="discards the imaginary part"):
        slopes[:, 0] = np.array([2j])
    assert slopes[0, 0] == 0
