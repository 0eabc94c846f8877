r"""Learning the determinant from examples, with three kinds of net of about equal size.

A matrix of size s enters as a vector of its s² entries. The nets, each a plain function of a flat
parameter vector p and inputs x of shape (n, s²):

``relu``
    two hidden layers of units max(z, 0), then a sum;
``sigma-pi``
    a sum of products of s affine functions, :math:`\sum_k c_k \prod_j (x \cdot w_{kj} + b_{kj})`;
``matrix exponential``
    one M-layer, :mod:`mlphys.learning.matrix_exponential`.

All three are differentiated by :mod:`mlphys.derivatives.tape` and fitted by the same minimizer,
L-BFGS on the mean squared error of all training examples.

Entries of the training matrices are uniform in [-1, 1]; then the determinant has mean 0 and
variance :math:`s!\,3^{-s}`. Errors are given relative to the spread of the determinants, so that
answering 0 always has the error 1.

Chapter: ``book/learning/representation.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from mlphys.derivatives.minimize import minimize
from mlphys.derivatives.tape import value_and_gradient
from mlphys.learning.matrix_exponential import MatrixLayer, apply_matrix_layer

__all__ = ["Fit", "Model", "determinants", "fit", "matrices", "matrix_model", "relative_error",
           "relu_model", "sigma_pi_model"]  # fmt: skip


class Model(NamedTuple):
    """A function of parameters and inputs, and a way to start.

    Attributes
    ----------
    name : str
    count : int
        Number of parameters.
    predict : callable
        ``predict(p, x)`` returns the outputs, shape (n,).
    start : callable
        ``start(rng)`` returns random parameters, shape (count,).
    """

    name: str
    count: int
    predict: Callable[[Any, Any], Any]
    start: Callable[[np.random.Generator], np.ndarray]


class Fit(NamedTuple):
    """Parameters found, the loss there (mean squared error), and steps taken."""

    parameters: np.ndarray
    loss: float
    iterations: int


def matrices(count: int, size: int, *, rng: np.random.Generator, reach: float = 1.0) -> np.ndarray:
    """Return random matrices as rows, shape (count, size²), with entries uniform in ±reach.

    Examples
    --------
    >>> matrices(5, 3, rng=np.random.default_rng(0)).shape
    (5, 9)
    """
    if count < 1 or size < 1 or reach <= 0:
        raise ValueError(
            "matrices: expected a count and a size of 1 or more and a reach above 0; "
            f"got {count}, {size}, {reach}"
        )
    return rng.uniform(-reach, reach, (count, size * size))


def determinants(x: np.ndarray) -> np.ndarray:
    """Return the determinant of each row, read as a square matrix.

    Examples
    --------
    >>> determinants(np.array([[1.0, 2.0, 3.0, 4.0]])).round(12)
    array([-2.])
    """
    size = round(x.shape[1] ** 0.5)
    if size * size != x.shape[1]:
        raise ValueError(f"determinants: expected rows of s² entries; got {x.shape[1]}")
    return np.linalg.det(x.reshape(-1, size, size))


def relu_model(inputs: int, *, width: int) -> Model:
    """Return a net with two hidden layers of equal width.

    Examples
    --------
    >>> relu_model(9, width=21).count
    694
    """
    shapes = [(inputs, width), (width,), (width, width), (width,), (width, 1), (1,)]

    def predict(p: Any, x: Any) -> Any:
        w1, b1, w2, b2, w3, b3 = _unpack(p, shapes)
        a = np.maximum(x @ w1 + b1, 0.0)
        a = np.maximum(a @ w2 + b2, 0.0)
        return (a @ w3 + b3)[:, 0]

    def start(rng: np.random.Generator) -> np.ndarray:
        p = np.zeros(_count(shapes))
        for k, part in enumerate(_unpack(p, shapes)):
            if k % 2 == 0:
                part[:] = rng.normal(size=part.shape) * np.sqrt(2 / part.shape[0])
        return p

    return Model("relu", _count(shapes), predict, start)


def sigma_pi_model(inputs: int, *, terms: int, factors: int) -> Model:
    """Return a sum of products of affine functions.

    Examples
    --------
    >>> sigma_pi_model(9, terms=22, factors=3).count
    683
    """
    shapes = [(inputs, factors * terms), (factors * terms,), (terms,), (1,)]

    def predict(p: Any, x: Any) -> Any:
        w, b, c, offset = _unpack(p, shapes)
        z = x @ w + b
        product = z[:, :terms]
        for j in range(1, factors):
            product = product * z[:, j * terms : (j + 1) * terms]
        return product @ c + offset

    def start(rng: np.random.Generator) -> np.ndarray:
        p = np.zeros(_count(shapes))
        w, b, c, _ = _unpack(p, shapes)
        w[:] = rng.normal(size=w.shape) / np.sqrt(inputs / 3)  # z of variance 1 for our inputs
        b[:] = 0.1 * rng.normal(size=b.shape)
        c[:] = rng.normal(size=c.shape) / terms
        return p

    return Model("sigma-pi", _count(shapes), predict, start)


def matrix_model(inputs: int, *, size: int, squarings: int = 4) -> Model:
    """Return one M-layer with matrices of the given size.

    Examples
    --------
    >>> matrix_model(9, size=8).count
    705
    """
    shapes = [(inputs, size, size), (size, size), (size, size), (1,)]

    def predict(p: Any, x: Any) -> Any:
        return apply_matrix_layer(MatrixLayer(*_unpack(p, shapes)), x, squarings=squarings)

    def start(rng: np.random.Generator) -> np.ndarray:
        p = np.zeros(_count(shapes))
        generators, first, readout, _ = _unpack(p, shapes)
        for part, spread in ((generators, 0.3), (first, 0.3), (readout, 1.0)):
            part[:] = spread * rng.normal(size=part.shape) / np.sqrt(size)
        return p

    return Model("matrix exponential", _count(shapes), predict, start)


def fit(
    model: Model, x: np.ndarray, y: np.ndarray, *, rng: np.random.Generator, iterations: int = 300
) -> Fit:
    """Return the parameters that L-BFGS reaches from a random start.

    Parameters
    ----------
    model : Model
    x : ndarray, shape (n, inputs)
    y : ndarray, shape (n,)
    rng : numpy.random.Generator
        Draws the start.
    iterations : int
        Most steps; it ends sooner where the gradient or the loss has vanished.

    Raises
    ------
    ValueError
        If there are not as many targets as inputs.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x = matrices(60, 2, rng=rng)
    >>> found = fit(sigma_pi_model(4, terms=4, factors=2), x, determinants(x), rng=rng)
    >>> found.loss < 1e-9
    True
    """
    if len(x) != len(y):
        raise ValueError(f"fit: expected as many targets as inputs; got {len(y)} and {len(x)}")
    spread = float(np.var(y)) or 1.0

    def loss(p: Any) -> Any:
        off = model.predict(p, x) - y
        return np.sum(off * off) / (len(y) * spread)

    enough = lambda p, value, gradient: "fitted" if value < 1e-16 else None
    with np.errstate(over="ignore", invalid="ignore"):
        found = minimize(
            _guarded(value_and_gradient(loss)), model.start(rng), method="lbfgs",
            iterations=iterations, gradient_tolerance=1e-12, stop=enough,
        )  # fmt: skip
    return Fit(found.x, found.value * spread, found.iterations)


def relative_error(model: Model, parameters: np.ndarray, x: np.ndarray) -> float:
    """Return the root mean squared error over the root mean square of the determinants.

    Answering 0 has the error 1.
    """
    y = determinants(x)
    off = model.predict(parameters, x) - y
    return float(np.sqrt(np.mean(off * off) / np.mean(y * y)))


def _guarded(both: Callable) -> Callable:
    """Return the objective with inf where a trial step overflows, so that the search turns back."""

    def objective(p: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = both(p)
        ok = np.isfinite(value) and np.isfinite(gradient).all()
        return (float(value), gradient) if ok else (np.inf, np.zeros_like(p))

    return objective


def _count(shapes: list[tuple[int, ...]]) -> int:
    return sum(int(np.prod(shape)) for shape in shapes)


def _unpack(p: Any, shapes: list[tuple[int, ...]]) -> list:
    """Return the parts of a flat vector in their shapes (views, where it is an array)."""
    ends = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)]).tolist()
    return [p[a:b].reshape(shape) for (a, b), shape in zip(pairwise(ends), shapes, strict=True)]
