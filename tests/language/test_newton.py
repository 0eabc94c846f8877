import numpy as np
import pytest
from scipy.optimize import root

from mlphys.language.newton import NewtonFailure, newton


def circle_and_line(p):
    x, y = p
    return np.array([x * x + y * y - 4, x * y - 1])


def circle_and_line_slopes(p):
    x, y = p
    return np.array([[2 * x, 2 * y], [y, x]])


def test_root_is_that_of_scipy_and_of_algebra():
    run = newton(circle_and_line, circle_and_line_slopes, [2.0, 0.3])
    np.testing.assert_allclose(run.root, root(circle_and_line, [2.0, 0.3]).x, rtol=1e-9)
    angle = np.pi / 12  # x y = 2 sin 2φ = 1
    np.testing.assert_allclose(run.root, [2 * np.cos(angle), 2 * np.sin(angle)], rtol=1e-14)


def test_convergence_is_quadratic():
    run = newton(circle_and_line, circle_and_line_slopes, [3.0, 1.0])
    true = 2 * np.array([np.cos(np.pi / 12), np.sin(np.pi / 12)])
    error = np.linalg.norm(run.path - true, axis=1)
    kept = error[(error < 0.3) & (error > 1e-8)]
    order = np.log(kept[2:] / kept[1:-1]) / np.log(kept[1:-1] / kept[:-2])
    assert abs(order[-1] - 2) < 0.2


def test_complex_roots():
    run = newton(lambda z: z**3 - 1, lambda z: np.diag(3 * z**2), [-1 + 1j])
    assert run.root[0] == pytest.approx(np.exp(2j * np.pi / 3))


def test_many_unknowns():
    rng = np.random.default_rng(4)
    a = rng.normal(size=(30, 30)) + 30 * np.eye(30)
    b = rng.normal(size=30)
    run = newton(lambda x: a @ x + np.sin(x) - b, lambda x: a + np.diag(np.cos(x)), np.zeros(30))
    assert np.linalg.norm(a @ run.root + np.sin(run.root) - b) < 1e-12


def test_a_linear_system_takes_one_step():
    a = np.array([[2.0, 1], [1, 3]])
    run = newton(lambda x: a @ x - [3, 5], lambda x: a, [0.0, 0.0])
    assert len(run.path) == 2
    np.testing.assert_allclose(run.root, np.linalg.solve(a, [3, 5]))


def test_failures_are_told():
    with pytest.raises(NewtonFailure, match="J is singular after 0 steps"):
        newton(circle_and_line, circle_and_line_slopes, [1.0, 1.0])
    with pytest.raises(NewtonFailure, match="no convergence in 50 steps"):
        newton(lambda x: x**3 - 2 * x + 2, lambda x: np.diag(3 * x**2 - 2), [0.0])  # a cycle 0, 1
    with pytest.raises(NewtonFailure, match="F is not finite after 0 steps"):
        newton(lambda x: x + np.nan, lambda x: np.eye(1), [1.0])
    with pytest.raises(NewtonFailure, match="J is not finite"):
        newton(lambda x: x, lambda x: np.full((1, 1), np.inf), [1.0])


def test_a_double_root_is_no_longer_quadratic():
    run = newton(lambda x: x**2, lambda x: np.diag(2 * x), [1.0])
    ratio = run.path[1:, 0] / run.path[:-1, 0]
    np.testing.assert_allclose(ratio, 0.5)


def test_shapes_are_checked():
    with pytest.raises(ValueError, match=r"F with shape \(2,\)"):
        newton(lambda x: x[:1], lambda x: np.eye(2), [1.0, 2.0])
    with pytest.raises(ValueError, match=r"J with shape \(2, 2\)"):
        newton(lambda x: x, lambda x: np.eye(1), [1.0, 2.0])
