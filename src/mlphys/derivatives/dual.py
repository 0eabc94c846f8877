"""Dual numbers: a value and its slopes, carried through a computation together.

Calculate with a + b ε and the rule ε² = 0: then f(x + ε) = f(x) + f′(x) ε, exact but for rounding,
with nothing to choose. Several infinitesimals at once, whose products all vanish, give all slopes
of a function of several variables in one run (*forward mode*). A number with n infinitesimals is
n + 1 times as large, and so is, about, its arithmetic.

:class:`Dual` holds arrays and takes part in NumPy's elementwise functions through
``__array_ufunc__``; the slopes of each of them stand in :mod:`mlphys.derivatives.dual_rules`, which
also says what holds at a kink. Comparisons look at values alone. Slopes are stored with the
infinitesimals first, ``slopes.shape == (n, *value.shape)``, so that they multiply
by broadcasting; :func:`jacobian` returns them last, ``f.shape + x.shape``.

Dual numbers are not changed in place: ``x += y`` makes a new one, and ``x[0] = y`` is refused.

Chapter: *From finite differences to dual numbers*.

References
----------
W. K. Clifford, "Preliminary sketch of biquaternions", Proc. London Math. Soc. s1-4 (1873) 381–395.
R. E. Wengert, "A simple automatic derivative evaluation program", Comm. ACM 7 (1964) 463–464.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from mlphys.derivatives.dual_rules import BINARY, COMPARISONS, REAL_ONLY, UNARY

__all__ = ["Dual", "derivative", "jacobian", "jvp", "variables"]


class Dual(np.lib.mixins.NDArrayOperatorsMixin):
    """An array of numbers, each with its slopes along n infinitesimals.

    Parameters
    ----------
    value : array_like, shape (...)
        The numbers.
    slopes : array_like, shape (...) or (n, ...)
        Their derivatives: one for each number (a dual number), or n (a multi-dual number).

    Raises
    ------
    ValueError
        If the shapes do not belong together.

    Examples
    --------
    >>> x = Dual(2.0, 1.0)
    >>> x**3
    Dual(8.0, 12.0)
    >>> np.sin(Dual(0.0, 1.0)) * 5
    Dual(0.0, 5.0)
    """

    def __init__(self, value: Any, slopes: Any):
        self.value = np.asarray(value)
        self.slopes = np.asarray(slopes)
        extra = self.slopes.ndim - self.value.ndim
        if extra not in (0, 1) or self.slopes.shape[extra:] != self.value.shape:
            raise ValueError(
                f"Dual: expected slopes of shape {self.value.shape} or (n, "
                f"{', '.join(map(str, self.value.shape))}); got {self.slopes.shape}"
            )

    def __repr__(self) -> str:
        return f"Dual({_show(self.value)}, {_show(self.slopes)})"

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method == "reduce" and ufunc is np.add:
            return inputs[0].sum(axis=options.get("axis", 0))
        if method != "__call__" or any(v is not None for v in options.values()):
            raise TypeError(
                f"Dual: expected a plain call of np.{ufunc.__name__}; got the method {method!r} "
                f"with options {sorted(options)}. A Dual is never written into."
            )
        if ufunc in COMPARISONS:
            return ufunc(*(_value(v) for v in inputs))
        if ufunc in REAL_ONLY and any(np.iscomplexobj(_value(v)) for v in inputs):
            raise TypeError(
                f"Dual: expected real numbers for np.{ufunc.__name__}; got complex ones, of which "
                "it has no complex derivative. Use dual numbers for real and imaginary part."
            )
        if ufunc is np.matmul:
            return _matmul(*inputs)
        if ufunc in UNARY:
            return _unary(ufunc, inputs[0])
        if ufunc in BINARY:
            return _binary(ufunc, *inputs)
        names = sorted(u.__name__ for u in (*UNARY, *BINARY, np.matmul))
        raise TypeError(
            f"Dual: expected one of {', '.join(names)}; got np.{ufunc.__name__}. "
            "Add its slope to mlphys/derivatives/dual_rules.py."
        )

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError(
            "Dual: expected a ufunc; got a conversion to a plain array, which would drop the "
            "slopes. Use @ and sum for dot and einsum, return a list of Duals for np.array of "
            "them, and .value where only the value is wanted."
        )

    # In place means: a new number under the old name. (The mixin would write into the old one.)
    def __iadd__(self, other: Any) -> "Dual":
        return self + other

    def __isub__(self, other: Any) -> "Dual":
        return self - other

    def __imul__(self, other: Any) -> "Dual":
        return self * other

    def __itruediv__(self, other: Any) -> "Dual":
        return self / other

    def __bool__(self) -> bool:
        return bool(self.value)

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Any:
        return (self[k] for k in range(len(self)))

    def __getitem__(self, index: Any) -> "Dual":
        index = index if isinstance(index, tuple) else (index,)
        lead = (slice(None),) * (self.slopes.ndim - self.value.ndim)
        return Dual(self.value[index], self.slopes[lead + index])

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the value."""
        return self.value.shape

    @property
    def ndim(self) -> int:
        """Number of indices of the value."""
        return self.value.ndim

    @property
    def T(self) -> "Dual":
        """The value with its indices in reverse order."""
        lead = self.slopes.ndim - self.value.ndim
        order = (*range(lead), *reversed(range(lead, self.slopes.ndim)))
        return Dual(self.value.T, self.slopes.transpose(order))

    def reshape(self, *shape: Any) -> "Dual":
        """Return the value in another shape."""
        value = self.value.reshape(*shape)
        return Dual(value, self.slopes.reshape(self._directions() + value.shape))

    def sum(self, axis: Any = None, **options: Any) -> "Dual":
        """Return the sum over one index, several, or all (``axis=None``)."""
        if any(v is not None and v is not np._NoValue for v in options.values()):
            raise TypeError(f"Dual.sum: expected the option axis alone; got {sorted(options)}")
        if axis is None:
            axis = tuple(range(self.ndim))
        axes = tuple(a % self.ndim for a in np.atleast_1d(axis))
        lead = len(self._directions())
        return Dual(self.value.sum(axis=axes), self.slopes.sum(axis=tuple(a + lead for a in axes)))

    def _directions(self) -> tuple[int, ...]:
        return self.slopes.shape[: self.slopes.ndim - self.value.ndim]


def variables(x: Any) -> Dual:
    """Return x with one infinitesimal for each component.

    Examples
    --------
    >>> a, b = variables([3.0, 4.0])
    >>> a * b
    Dual(12.0, [4.0, 3.0])
    """
    x = _floating(x)
    return Dual(x, np.eye(x.size).reshape(x.size, *x.shape))


def derivative(f: Callable[[Any], Any], x: Any) -> Any:
    """Return f′(x) of a function of one variable; for an array x, of each component alone.

    Examples
    --------
    >>> derivative(lambda x: x * np.exp(x), 0.0)
    1.0
    """
    x = np.asarray(x, dtype=float)
    return jvp(f, x, np.ones_like(x))


def jvp(f: Callable[[Any], Any], x: Any, direction: Any) -> Any:
    """Return the derivative ∂f(x + t d)/∂t at t = 0, the product of the Jacobian and d.

    Parameters
    ----------
    f : callable
        Takes a :class:`Dual` of x's shape and returns one, or a list or tuple of them.
    x : array_like
        Where to differentiate.
    direction : array_like, shape of x
        The direction d.

    Returns
    -------
    float or ndarray, shape of f's result

    Raises
    ------
    ValueError
        If x and the direction differ in shape.

    Examples
    --------
    >>> jvp(lambda x: x[0] * x[1], [3.0, 4.0], [1.0, 10.0])
    34.0
    """
    x, direction = _floating(x), np.asarray(direction)
    if direction.shape != x.shape:
        raise ValueError(f"jvp: expected a direction of x's shape {x.shape}; got {direction.shape}")
    result = _joined(f(Dual(x, direction)), ())
    return result.slopes.item() if result.slopes.ndim == 0 else result.slopes


def jacobian(f: Callable[[Any], Any], x: Any) -> np.ndarray:
    """Return all partial derivatives of f at x, in one run of f on multi-dual numbers.

    Parameters
    ----------
    f : callable
        Takes a :class:`Dual` of x's shape and returns one, or a list or tuple of them.
    x : array_like
        Where to differentiate.

    Returns
    -------
    ndarray, shape ``f.shape + x.shape``

    Examples
    --------
    >>> jacobian(lambda x: [x[0] * x[1], np.sin(x[0])], [0.0, 5.0])
    array([[5., 0.],
           [1., 0.]])
    """
    inputs = variables(x)
    result = _joined(f(inputs), (inputs.value.size,))
    slopes = np.moveaxis(result.slopes, 0, -1)
    return slopes.reshape(result.shape + inputs.shape)


def _floating(x: Any) -> np.ndarray:
    """Return x as an array; whole numbers become floating-point ones."""
    x = np.asarray(x)
    return x.astype(float) if x.dtype.kind in "iu" else x


def _unary(ufunc: np.ufunc, x: Dual) -> Dual:
    y = ufunc(x.value)
    return Dual(y, _scaled(UNARY[ufunc](x.value, y), x.slopes))


def _binary(ufunc: np.ufunc, a: Any, b: Any) -> Any:
    lead, av, bv = _lead(a, b), _value(a), _value(b)
    y = ufunc(av, bv)
    terms = [
        _scaled(rule(av, bv, y), _spread(operand, np.ndim(y)))
        for operand, rule in zip((a, b), BINARY[ufunc], strict=True)
        if isinstance(operand, Dual)
    ]
    return Dual(y, np.broadcast_to(_total(terms), lead + np.shape(y)))


def _scaled(factor: Any, slopes: Any) -> Any:
    """Return factor · slopes, without a multiplication where the factor is the integer ±1."""
    if type(factor) is int and factor in (1, -1):
        return slopes if factor == 1 else -slopes
    return factor * slopes


def _spread(x: Dual, ndim: int) -> np.ndarray:
    """Return x's slopes with their own index first and the value's indices right-aligned."""
    lead = x._directions()
    return x.slopes.reshape(lead + (1,) * (ndim - x.ndim) + x.shape)


def _lead(*operands: Any) -> tuple[int, ...]:
    """Return the common shape of the infinitesimals of all Duals among the operands."""
    leads = {x._directions() for x in operands if isinstance(x, Dual)}
    if len(leads) != 1:
        raise ValueError(
            f"Dual: expected numbers with the same infinitesimals; got sets of {sorted(leads)}. "
            "Make all variables of one computation by one call of variables()."
        )
    return leads.pop()


def _matmul(a: Any, b: Any) -> Dual:
    """Return the product of two arrays with one or two indices each."""
    av, bv = _value(a), _value(b)
    if not (av.ndim in (1, 2) and bv.ndim in (1, 2)):
        raise ValueError(
            f"Dual: expected factors of @ with one or two indices; got shapes {av.shape} and "
            f"{bv.shape}"
        )
    _lead(a, b)
    terms = []
    if isinstance(a, Dual):
        terms.append(a.slopes @ bv)
    if isinstance(b, Dual) and bv.ndim == 2:
        terms.append(av @ b.slopes)
    elif isinstance(b, Dual):  # a vector has to look like a column beside the infinitesimals
        terms.append((av @ b.slopes[..., None])[..., 0])
    return Dual(av @ bv, _total(terms))


def _total(terms: list) -> Any:
    """Return the sum of one or two slopes; one alone is not added to a zero."""
    return terms[0] if len(terms) == 1 else terms[0] + terms[1]


def _joined(result: Any, lead: tuple[int, ...]) -> Dual:
    """Return the result of a function as one Dual; constants have zero slopes."""
    if isinstance(result, Dual):
        return result
    if isinstance(result, tuple | list):
        parts = [_joined(part, lead) for part in result]
        return Dual(
            np.stack([part.value for part in parts]),
            np.stack([part.slopes for part in parts], axis=len(lead)),
        )
    value = np.asarray(result)
    if value.dtype == object:
        raise TypeError(
            "expected a Dual, or a list or tuple of them; got an array of objects. "
            "Return a list instead of calling np.array on Duals."
        )
    return Dual(value, np.zeros(lead + value.shape))


def _value(x: Any) -> Any:
    return x.value if isinstance(x, Dual) else np.asarray(x)


def _show(x: np.ndarray) -> Any:
    return x.tolist()
