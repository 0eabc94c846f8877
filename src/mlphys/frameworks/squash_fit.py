r"""Fitting ``A·asinh(B·x)`` to logits after training, as a temperature is fitted.

A trained net's logits x are frozen, and A and B are chosen to make held-out labels as cheap to send
as they can be. With :math:`B \to 0` at fixed :math:`AB = 1/T` this is temperature scaling, so the two
numbers can only do better than the one, on the examples that they are fitted to. NumPy alone.

Chapter: ``book/frameworks/custom_layer.md``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mlphys.derivatives.minimize import minimize
from mlphys.learning.losses import check_labels, cross_entropy, softmax

__all__ = ["SquashFit", "fit_squash", "squash_loss"]

CURVES: dict[str, tuple[Any, Any]] = {
    "arctan": (np.arctan, lambda z: 1 / (1 + z**2)),
    "asinh": (np.arcsinh, lambda z: 1 / np.sqrt(1 + z**2)),
}


class SquashFit(NamedTuple):
    """The two numbers, and the mean loss in nats on the examples that they were fitted to."""

    a: float
    b: float
    loss: float


def squash_loss(
    u: np.ndarray, x: np.ndarray, labels: np.ndarray, kind: str = "asinh"
) -> tuple[float, np.ndarray]:
    r"""Return the mean loss of ``a·f(b·x)`` and its gradient in :math:`u = (\log ab, \log b)`.

    With :math:`s = a f(bx)`: :math:`\partial s/\partial u_0 = s` and
    :math:`\partial s/\partial u_1 = ab\,x f'(bx) - s`.

    Parameters
    ----------
    u : ndarray of float, shape (2,)
    x : ndarray of float, shape (n, k)
        Logits.
    labels : ndarray of int, shape (n,)
    kind : str
        ``"asinh"`` or ``"arctan"``.
    """
    curve, slope = CURVES[kind]
    ab, b = np.exp(u)
    s = (ab / b) * curve(b * x)
    pull = softmax(s)
    value = cross_entropy(s, labels).mean()
    pull[np.arange(len(x)), labels] -= 1
    parts = s, ab * x * slope(b * x) - s
    return float(value), np.array([(pull * part).sum() / len(x) for part in parts])


def fit_squash(logits: np.ndarray, labels: np.ndarray, kind: str = "asinh") -> SquashFit:
    """Return the a and b that make the labels cheapest.

    Parameters
    ----------
    logits : ndarray of float, shape (n, k)
        Of examples that were not trained on.
    labels : ndarray of int, shape (n,)
    kind : str
        ``"asinh"`` or ``"arctan"``.

    Raises
    ------
    ValueError
        If the kind is unknown, or the labels do not fit the logits.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(0, 4, (500, 3))
    >>> y = np.array([rng.choice(3, p=p) for p in softmax(2 * np.arcsinh(x))])
    >>> fit = fit_squash(x, y)
    >>> abs(fit.a - 2) < 0.5, abs(fit.b - 1) < 0.5
    (True, True)
    """
    if kind not in CURVES:
        raise ValueError(
            f"fit_squash: expected kind to be one of {', '.join(sorted(CURVES))}; got {kind!r}."
        )
    x = np.asarray(logits, np.float64)
    if x.ndim != 2 or not len(x):
        raise ValueError(f"fit_squash: expected logits of shape (n, k); got {x.shape}")
    check_labels(labels, examples=len(x), classes=x.shape[1])
    start = np.log(np.array([1.0, 0.25]) / max(float(x.std()), 1e-12))
    result = minimize(
        lambda u: squash_loss(u, x, labels, kind), start, method="bfgs", gradient_tolerance=1e-7
    )
    ab, b = np.exp(result.x)
    return SquashFit(float(ab / b), float(b), float(squash_loss(result.x, x, labels, kind)[0]))
