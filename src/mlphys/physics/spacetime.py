"""Curved spacetime from ds²: metric, Christoffel symbols and curvature by automatic differentiation.

The input is a line element ``ds2(x, dx)`` as in :mod:`mlphys.physics.line_elements`. The metric is
half its second derivative in ``dx`` at ``dx = 0``; everything else follows by further derivatives
in ``x``. This module computes with JAX in float64;
:mod:`mlphys.physics.spacetime_tensorflow` has the same functions on TensorFlow.

Conventions: signature (−,+,+,+); leading axes are batch axes, then tensor indices;
``Γ[..., a, m, n] = Γ^a_{mn}``, ``R[..., a, b, m, n] = R^a_{bmn} = ∂_m Γ^a_{nb} − …`` and
``Ric_{bn} = R^a_{ban}``, as in :cite:t:`MTW1973`. NumPy arrays in, NumPy arrays out; JAX arrays,
which must be float64, give JAX arrays and can be differentiated further.

Chapter: Curved spacetime from ds².
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer

from mlphys.physics.cofactors import solve
from mlphys.physics.compiling import QUICK, compiled
from mlphys.physics.line_element_contract import check_line_element
from mlphys.physics.matrix_metrics import MatrixMetric

__all__ = [
    "check_events",
    "check_metric",
    "christoffel",
    "inverse_metric",
    "kretschmann",
    "metric",
    "ricci",
    "riemann",
]

# A function; anything else meets a message of ours, not that of a type checker
LineElement = Callable[[Any, Any], Any] | Any
PROBES = np.array([[t, r * a, r * b, r * c] for t in (-3.0, 5.0) for r in (0.4, 3.0, 11.0, 90.0)
                   for a, b, c in ((0.36, 0.48, 0.8), (-0.64, 0.6, -0.48))])  # fmt: skip


def metric(ds2: LineElement, x: Any) -> Any:
    """Return the metric ``g_{mn} = ½ ∂²ds²/∂dx^m ∂dx^n`` at the events ``x``.

    Parameters
    ----------
    ds2 : callable
        Line element ``ds2(x, dx)``, quadratic in ``dx``.
    x : array, shape (..., 4), float64
        Events.

    Returns
    -------
    array, shape (..., 4, 4)
        ``g[..., m, n]``, symmetric; NaN where the line element is.

    Raises
    ------
    ValueError
        If ``x`` has no last axis of length 4, or ``ds2`` returns more than one number an event.
    TypeError
        If a JAX array is not float64.

    Examples
    --------
    >>> from mlphys.physics.line_elements import schwarzschild
    >>> np.diagonal(metric(schwarzschild, [0.0, 5.0, 0.0, 0.0])).round(12)
    array([-0.8 ,  1.25,  1.  ,  1.  ])
    """
    return _at_events(_metric, ds2, x)


def inverse_metric(ds2: LineElement, x: Any) -> Any:
    """Return ``g^{mn}``, the solution of ``g · g^{-1} = 1``, at the events ``x``.

    Parameters and errors are those of :func:`metric`.

    Returns
    -------
    array, shape (..., 4, 4)

    Examples
    --------
    >>> from mlphys.physics.line_elements import schwarzschild
    >>> np.diagonal(inverse_metric(schwarzschild, [0.0, 5.0, 0.0, 0.0])).round(12)
    array([-1.25,  0.8 ,  1.  ,  1.  ])
    """
    return _at_events(_inverse_metric, ds2, x)


def christoffel(ds2: LineElement, x: Any) -> Any:
    """Return ``Γ^a_{mn} = ½ g^{ab}(∂_m g_{bn} + ∂_n g_{bm} − ∂_b g_{mn})`` at the events ``x``.

    Parameters and errors are those of :func:`metric`.

    Returns
    -------
    array, shape (..., 4, 4, 4)
        ``Γ[..., a, m, n]``, symmetric in the last two.

    Examples
    --------
    >>> from mlphys.physics.line_elements import schwarzschild
    >>> gamma = christoffel(schwarzschild, [0.0, 5.0, 0.0, 0.0])
    >>> [round(float(gamma[i]), 12) for i in ((0, 0, 1), (1, 0, 0), (1, 1, 1), (1, 2, 2))]
    [0.025, 0.016, -0.025, 0.04]
    """
    return _at_events(_christoffel, ds2, x)


def riemann(ds2: LineElement, x: Any) -> Any:
    """Return ``R^a_{bmn} = ∂_m Γ^a_{nb} − ∂_n Γ^a_{mb} + Γ^a_{mc}Γ^c_{nb} − Γ^a_{nc}Γ^c_{mb}``.

    Parameters and errors are those of :func:`metric`.

    Returns
    -------
    array, shape (..., 4, 4, 4, 4)
        ``R[..., a, b, m, n]``, antisymmetric in the last two.

    Examples
    --------
    >>> from mlphys.physics.line_elements import minkowski
    >>> float(abs(riemann(minkowski, [0.0, 1.0, 2.0, 3.0])).max())
    0.0
    """
    return _at_events(_riemann, ds2, x)


def ricci(ds2: LineElement, x: Any) -> Any:
    """Return ``R_{bn} = R^a_{ban}``, which vanishes wherever there is no matter.

    Parameters and errors are those of :func:`metric`.

    Returns
    -------
    array, shape (..., 4, 4)

    Examples
    --------
    >>> from mlphys.physics.line_elements import schwarzschild
    >>> bool(abs(ricci(schwarzschild, [0.0, 3.0, 1.0, 2.0])).max() < 1e-14)
    True
    """
    return _at_events(_ricci, ds2, x)


def kretschmann(ds2: LineElement, x: Any) -> Any:
    """Return the curvature invariant ``R_{abmn} R^{abmn}``, ``12 r_s²/r⁶`` for Schwarzschild.

    Parameters and errors are those of :func:`metric`.

    Returns
    -------
    array, shape (...)

    Examples
    --------
    >>> from mlphys.physics.line_elements import schwarzschild
    >>> float(kretschmann(schwarzschild, [0.0, 2.0, 0.0, 0.0]).round(12))
    0.1875
    """
    return _at_events(_kretschmann, ds2, x)


def check_metric(ds2: LineElement, x: Any) -> None:
    """Raise unless ``ds2`` is a spacetime's line element at the events ``x``.

    Every tracer and camera calls it on all its starts, before any ray is traced.

    Parameters
    ----------
    ds2 : callable
        Line element ``ds2(x, dx)``.
    x : array, shape (..., 4), float64
        Events.

    Raises
    ------
    TypeError
        If ``ds2`` is no function of two arrays that JAX can differentiate, or returns no float64.
    ValueError
        If a shape is wrong, an array g is not symmetric, the metric is not finite, ``ds2`` is not
        quadratic in ``dx``, or the signature is not (−,+,+,+); the message names the first such
        event.

    Examples
    --------
    >>> from mlphys.physics.line_elements import schwarzschild
    >>> check_metric(schwarzschild, [0.0, 2.0, 0.0, 0.0])
    >>> check_metric(schwarzschild, [0.0, 0.5, 0.0, 0.0])
    Traceback (most recent call last):
    ...
    ValueError: check_metric: expected finite components of the metric; got nan at event (0.0, 0.5, 0.0, 0.0). Start elsewhere, or use coordinates that cover this event.
    """
    check_line_element(ds2)
    events = np.asarray(x, dtype=float)
    check_events(events)
    events = np.unique(events.reshape(-1, 4), axis=0)
    if not np.isfinite(events).all():
        bad = events[~np.isfinite(events).all(axis=-1)][0]
        raise ValueError(
            f"check_metric: expected finite coordinates of events; got {_show(bad)}. "
            "Check where the event comes from."
        )
    if isinstance(ds2, MatrixMetric):
        ds2.check_symmetry(events)
    g = _metric_of_many(ds2, events)
    _check_finite(ds2, g, events)
    _check_quadratic(ds2, g, events)
    _check_signature(g, events)


def _metric_of_many(ds2: LineElement, events: np.ndarray) -> np.ndarray:
    """Return the metric at events (n, 4), compiled for few lengths: n is filled up to 1 or 2^k."""
    if len(events) <= 1:
        return metric(ds2, events[0])[None] if len(events) else np.empty((0, 4, 4))
    return metric(ds2, _filled(events))[: len(events)]


def _filled(events: np.ndarray) -> np.ndarray:
    size = max(16, 1 << (len(events) - 1).bit_length())
    return events[np.minimum(np.arange(size), len(events) - 1)]


def _check_finite(ds2: LineElement, g: np.ndarray, events: np.ndarray) -> None:
    bad = ~np.isfinite(g).all(axis=(-2, -1))
    if not bad.any():
        return
    first = int(np.argmax(bad))
    value = g[first][~np.isfinite(g[first])][0]
    if not np.isfinite(metric(ds2, PROBES)).all(axis=(-2, -1)).any():
        where = f", and no finite metric at {len(PROBES)} other events"
        flat = _line_element(ds2, PROBES, np.broadcast_to(STEP, PROBES.shape))
        advice = (
            "ds2 itself is finite, its derivatives are not: keep roots and absolute values of dx "
            "out of it, and NaN out of both branches of `where`"
            if np.isfinite(flat).any()
            else "Look in ds2 for 0/0, roots of negative numbers, or `where` around a NaN"
        )
    else:
        where, advice = "", "Start elsewhere, or use coordinates that cover this event"
    raise ValueError(
        f"check_metric: expected finite components of the metric; got {value} at event "
        f"{_show(events[first])}{where}. {advice}."
    )


STEP = np.array([1.7, -0.6, 1.1, 0.8])  # any step will do that favors no direction


def _check_quadratic(ds2: LineElement, g: np.ndarray, events: np.ndarray) -> None:
    """Compare ds² of one long displacement with the quadratic form of its second derivative."""
    filled = _filled(events)
    value = _line_element(ds2, filled, np.broadcast_to(STEP, filled.shape))[: len(events)]
    form = np.einsum("...mn,m,n->...", g, STEP, STEP)
    scale = np.einsum("...mn,m,n->...", abs(g), abs(STEP), abs(STEP))
    bad = ~(abs(value - form) <= 1e-9 * scale)
    if bad.any():
        first = int(np.argmax(bad))
        raise ValueError(
            "check_metric: expected ds2(x, dx) to be quadratic in dx, without linear or constant "
            f"terms; got {value[first]:.6g} where its second derivative gives {form[first]:.6g} "
            f"at event {_show(events[first])}, dx = {_show(STEP)}. Correct the line element."
        )


def _check_signature(g: np.ndarray, events: np.ndarray) -> None:
    signs = np.sign(np.linalg.eigvalsh(g))
    bad = (signs != np.array([-1, 1, 1, 1])).any(axis=-1)
    if bad.any():
        first = int(np.argmax(bad))
        got = ", ".join({-1: "−", 0: "0", 1: "+"}[int(sign)] for sign in signs[first])
        raise ValueError(
            f"check_metric: expected signature (−,+,+,+); got ({got}) at event "
            f"{_show(events[first])}. Change signs in ds2, or start where it is a spacetime."
        )


def _show(vector: np.ndarray) -> str:
    return (
        "("
        + ", ".join(f"{float(value):.6g}" if value % 1 else str(float(value)) for value in vector)
        + ")"
    )


# One event at a time from here on; `_at_events` adds the batch axes.


def _metric(ds2: LineElement, x: Any) -> Any:
    return jax.hessian(lambda dx: ds2(x, dx))(jnp.zeros_like(x)) / 2


def _inverse_metric(ds2: LineElement, x: Any) -> Any:
    return _inverse(_metric(ds2, x))


def _inverse(g: Any) -> Any:
    return jnp.stack(solve([tuple(row) for row in g], tuple(jnp.eye(4, dtype=g.dtype))))


def _christoffel(ds2: LineElement, x: Any) -> Any:
    # slope[m, n, k] = ∂_k g_{mn}
    slope, g = _slope_and_value(lambda event: _metric(ds2, event), x)
    lowered = (slope.transpose(0, 2, 1) + slope - slope.transpose(2, 0, 1)) / 2  # Γ_{bmn}
    return jnp.stack(solve([tuple(row) for row in g], tuple(lowered)))


def _riemann(ds2: LineElement, x: Any) -> Any:
    # slope[a, n, b, m] = ∂_m Γ^a_{nb}
    slope, gamma = _slope_and_value(lambda event: _christoffel(ds2, event), x)
    half = slope.transpose(0, 2, 3, 1) + jnp.einsum("amc,cnb->abmn", gamma, gamma)
    return half - half.swapaxes(-1, -2)


def _slope_and_value(function: Callable, x: Any) -> tuple[Any, Any]:
    """Return the derivatives, in a new last axis, and the value that comes with them.

    Asking for the value apart would trace the function again, and twice more at the next order.
    """

    def twice(event: Any) -> tuple[Any, Any]:
        value = function(event)
        return value, value

    return jax.jacfwd(twice, has_aux=True)(x)


def _ricci(ds2: LineElement, x: Any) -> Any:
    return jnp.einsum("aban->bn", _riemann(ds2, x))


def _kretschmann(ds2: LineElement, x: Any) -> Any:
    mixed = _riemann(ds2, x)
    g = _metric(ds2, x)
    inverse = _inverse(g)
    lowered = jnp.einsum("ap,pbmn->abmn", g, mixed)
    raised = jnp.einsum("pbmn,bq,mr,ns->pqrs", mixed, inverse, inverse, inverse)
    return jnp.sum(lowered * raised)


def _at_events(function: Callable, ds2: LineElement, x: Any) -> Any:
    """Apply a function of one event along the leading axes of ``x``, in float64."""
    check_line_element(ds2)
    if isinstance(x, jax.Array):
        if x.dtype != jnp.float64:
            raise TypeError(
                f"expected events in float64; got a JAX array of {x.dtype}. Pass a NumPy array, "
                'or call jax.config.update("jax_enable_x64", True) first.'
            )
        check_events(x)
        return _batched(function, ds2, isinstance(x, Tracer))(x)
    x = np.asarray(x, dtype=np.float64)
    check_events(x)
    with jax.enable_x64(True):
        return np.asarray(_batched(function, ds2)(x))


def check_events(x: Any) -> None:
    """Raise unless the last axis of ``x`` holds the four coordinates."""
    if x.ndim == 0 or x.shape[-1] != 4:
        raise ValueError(
            f"expected events of shape (..., 4), coordinates (t, x, y, z) last; got {x.shape}. "
            "Put the coordinates into the last axis."
        )


@lru_cache(maxsize=256)
def _batched(function: Callable, ds2: LineElement, inner: bool = False) -> Callable:
    """Return the compiled function of events with any leading axes, made once a line element."""
    batched = jnp.vectorize(lambda x: function(ds2, x), signature=_SIGNATURES[function])
    return jax.jit(batched) if inner else compiled(batched, **QUICK)


def _line_element(ds2: LineElement, x: np.ndarray, dx: np.ndarray) -> np.ndarray:
    with jax.enable_x64(True):
        return np.asarray(_compiled_line_element(ds2)(x, dx))


@lru_cache(maxsize=256)
def _compiled_line_element(ds2: LineElement) -> Callable:
    return compiled(lambda x, dx: ds2(x, dx), **QUICK)


_SIGNATURES = {
    _metric: "(k)->(k,k)",
    _inverse_metric: "(k)->(k,k)",
    _christoffel: "(k)->(k,k,k)",
    _riemann: "(k)->(k,k,k,k)",
    _ricci: "(k)->(k,k)",
    _kretschmann: "(k)->()",
}
