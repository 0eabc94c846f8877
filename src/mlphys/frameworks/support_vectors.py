r"""The support vector machine: the widest street between two heaps, in any kernel.

For labels :math:`y_i = \pm 1` the dual problem is to maximize
:math:`\sum_i \alpha_i - \tfrac12 \sum_{ij} \alpha_i \alpha_j y_i y_j k(x_i, x_j)` under
:math:`0 \le \alpha_i \le C` and :math:`\sum_i \alpha_i y_i = 0`. The score of a new point is
:math:`\sum_i \alpha_i y_i k(x_i, x) + b`; only points with :math:`\alpha_i > 0`, the *support
vectors*, take part. We change two α at a time, the pair that breaks the conditions of the optimum
most, and stop when none breaks them by more than a tolerance.

Chapter: ``book/frameworks/landscape.md``.

References
----------
Cortes and Vapnik, Machine Learning 20 (1995) 273; Keerthi et al., Neural Computation 13 (2001) 637.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mlphys.frameworks.kernels import Kernel

__all__ = ["Machine", "dual_value", "fit_machine"]


class Machine(NamedTuple):
    """A fitted machine: ``weights`` α y (s,), ``vectors`` (s, d), ``offset`` b, ``alpha`` (n,)."""

    weights: np.ndarray
    vectors: np.ndarray
    offset: float
    alpha: np.ndarray
    kernel: Kernel

    def score(self, x: np.ndarray) -> np.ndarray:
        """Return the score of each row; its sign is the verdict, ±1 is the edge of the street."""
        return self.kernel(x, self.vectors) @ self.weights + self.offset


def fit_machine(
    x: np.ndarray,
    y: np.ndarray,
    *,
    kernel: Kernel,
    penalty: float = 1.0,
    tolerance: float = 1e-4,
    steps: int = 100_000,
) -> Machine:
    """Return the machine for rows ``x`` and labels ±1.

    Parameters
    ----------
    x : ndarray, shape (n, d)
    y : ndarray, shape (n,)
        -1 and 1, both present.
    kernel : callable
    penalty : float
        C, the most that one point may weigh.
    tolerance : float
        Largest violation that is left, in units of the score.
    steps : int
        Largest number of pairs.

    Raises
    ------
    ValueError
        If labels are others than -1 and 1, or one is missing.
    RuntimeError
        If the steps do not suffice.

    Examples
    --------
    >>> from mlphys.frameworks.kernels import linear
    >>> machine = fit_machine(np.array([[0.0], [1], [3], [5]]), np.array([-1, -1, 1, 1]),
    ...                       kernel=linear, penalty=10)
    >>> machine.vectors.ravel().tolist(), machine.score(np.array([[2.0]])).round(6).tolist()
    ([1.0, 3.0], [0.0])
    """
    if set(np.unique(y)) != {-1, 1} or len(x) != len(y):
        raise ValueError(
            f"fit_machine: expected {len(x)} labels, -1 and 1 both present; got {len(y)} with "
            f"values {np.unique(y).tolist()}"
        )
    gram, alpha = kernel(x, x), np.zeros(len(y))
    slack = y.astype(float)  # y_i - Σ_j α_j y_j k_ij: what the score lacks, up to the offset
    for _ in range(steps):
        up = np.where(y > 0, alpha < penalty, alpha > 0)
        down = np.where(y > 0, alpha > 0, alpha < penalty)
        i = np.where(up, slack, -np.inf).argmax()
        j = np.where(down, slack, np.inf).argmin()
        if slack[i] - slack[j] < tolerance:
            break
        curvature = max(gram[i, i] + gram[j, j] - 2 * gram[i, j], 1e-12)
        room_i = penalty - alpha[i] if y[i] > 0 else alpha[i]
        room_j = alpha[j] if y[j] > 0 else penalty - alpha[j]
        step = min((slack[i] - slack[j]) / curvature, room_i, room_j)
        alpha[i] = min(max(alpha[i] + y[i] * step, 0.0), penalty)
        alpha[j] = min(max(alpha[j] - y[j] * step, 0.0), penalty)
        slack -= step * (gram[:, i] - gram[:, j])
    else:
        raise RuntimeError(f"fit_machine: no optimum after {steps} pairs. Raise steps or tolerance")
    used = alpha > 0
    offset = (slack[i] + slack[j]) / 2
    return Machine(alpha[used] * y[used], x[used], float(offset), alpha, kernel)


def dual_value(machine: Machine, gram: np.ndarray, y: np.ndarray) -> float:
    """Return the value of the dual problem at the machine's α.

    Examples
    --------
    >>> from mlphys.frameworks.kernels import linear
    >>> x, y = np.array([[-1.0], [1.0]]), np.array([-1, 1])
    >>> dual_value(fit_machine(x, y, kernel=linear), linear(x, x), y)
    0.5
    """
    weights = machine.alpha * y
    return float(machine.alpha.sum() - weights @ gram @ weights / 2)
