"""Local Lorentz frames: four legs in which a small laboratory sees flat spacetime.

A frame is an array ``E[..., a, m]``: leg a, component m, with ``E g Eᵀ = diag(−1, 1, 1, 1)``. Leg 0
is the observer's four-velocity. The other three are, for a camera, *forward*, *left* and *up*.
NumPy, float64; conventions as in :mod:`mlphys.physics.spacetime`.
"""

from typing import Any

import numpy as np

from mlphys.physics.spacetime import LineElement, check_metric, metric

__all__ = [
    "ETA",
    "boost",
    "eigen_frame",
    "gram_schmidt",
    "light",
    "local_components",
    "matter",
    "static_frame",
]

ETA = np.diag([-1.0, 1.0, 1.0, 1.0])


def eigen_frame(g: np.ndarray) -> np.ndarray:
    """Return the frame from the eigenvectors of the metric, each scaled to unit length.

    The eigenvectors of the Gram matrix ``g`` of the coordinate basis are orthogonal; dividing by the
    roots of their absolute eigenvalues makes them a frame. Leg 0 belongs to the negative eigenvalue and
    points to the future (``E[0, 0] > 0``). Unlike elimination in a fixed order, this stays accurate
    where the coordinate axes are nearly light-like.

    Parameters
    ----------
    g : ndarray, shape (..., 4, 4)
        Metric, signature (−,+,+,+).

    Returns
    -------
    ndarray, shape (..., 4, 4)
        ``E[..., a, m]``.

    Raises
    ------
    ValueError
        If the signature is another one.

    Examples
    --------
    >>> eigen_frame(np.diag([-4.0, 1.0, 1.0, 0.25])).round(12)[0]
    array([0.5, 0. , 0. , 0. ])
    """
    values, vectors = np.linalg.eigh(np.asarray(g, dtype=float))
    if not ((values[..., 0] < 0).all() and (values[..., 1] > 0).all()):
        raise ValueError(
            "eigen_frame: expected a metric with one negative and three positive eigenvalues; "
            f"got {values.reshape(-1, 4)[0]} at the first event. Check it with check_metric."
        )
    legs = vectors.swapaxes(-1, -2) / np.sqrt(abs(values))[..., None]
    future = np.where(legs[..., :1, :1] < 0, -1.0, 1.0)
    return np.concatenate([legs[..., :1, :] * future, legs[..., 1:, :]], axis=-2)


def gram_schmidt(g: Any, vectors: Any) -> np.ndarray:
    """Return the frame that Gram and Schmidt make of four vectors, taken in order.

    Parameters
    ----------
    g : ndarray, shape (..., 4, 4)
        Metric.
    vectors : array_like, shape (..., 4, 4)
        ``vectors[..., a, m]``; the first must be timelike.

    Returns
    -------
    ndarray, shape (..., 4, 4)
        Leg a lies in the span of the first a + 1 vectors.

    Raises
    ------
    ValueError
        If the first vector is not timelike, or the vectors are not independent.

    Examples
    --------
    >>> gram_schmidt(ETA, [[2, 0, 0, 0], [1, 3, 0, 0], [0, 0, 1, 0], [0, 1, 1, 1]]).astype(int)
    array([[1, 0, 0, 0],
           [0, 1, 0, 0],
           [0, 0, 1, 0],
           [0, 0, 0, 1]])
    """
    g, vectors = np.asarray(g, dtype=float), np.asarray(vectors, dtype=float)
    legs: list[np.ndarray] = []
    for index in range(4):
        leg = vectors[..., index, :]
        for _ in range(2):  # once more takes away what rounding left
            for sign, other in zip((-1.0, 1.0, 1.0, 1.0), legs, strict=False):
                leg = leg - sign * _dot(g, leg, other)[..., None] * other
        square = _dot(g, leg, leg) * (-1.0 if index == 0 else 1.0)
        if not (square > 0).all():
            wanted = "timelike" if index == 0 else "spacelike after the earlier legs are taken out"
            raise ValueError(
                f"gram_schmidt: expected vector #{index} (counting from 0) to be {wanted}; got "
                f"{np.min(square) * (1 if index else -1):.6g} for its square. Choose other vectors, "
                "or another place: no observer rests inside a horizon or an ergosphere."
            )
        legs.append(leg / np.sqrt(square)[..., None])
    return np.stack(np.broadcast_arrays(*legs), axis=-2)


def static_frame(
    ds2: LineElement, x: Any, *, forward: Any = None, up: Any = (0.0, 0.0, 1.0)
) -> np.ndarray:
    """Return the frame of an observer at rest in the coordinates: legs u, forward, left, up.

    Parameters
    ----------
    ds2 : callable
        Line element.
    x : array_like, shape (4,)
        Event.
    forward : array_like, shape (3,), optional
        Coordinate direction to look; toward the origin if None.
    up : array_like, shape (3,)
        Coordinate direction that is roughly up, not along ``forward``.

    Returns
    -------
    ndarray, shape (4, 4)

    Raises
    ------
    ValueError
        If no observer can rest there, the directions are parallel, or the metric there is not a
        spacetime's.

    Examples
    --------
    >>> from mlphys.physics.line_elements import schwarzschild
    >>> static_frame(schwarzschild, [0.0, 4.0, 0.0, 0.0])[:2].round(4)
    array([[ 1.1547,  0.    ,  0.    ,  0.    ],
           [ 0.    , -0.866 ,  0.    ,  0.    ]])
    """
    x = np.asarray(x, dtype=float)
    ahead = -x[1:] if forward is None else np.asarray(forward, dtype=float)
    above = np.asarray(up, dtype=float)
    left = np.cross(above, ahead)
    if not np.linalg.norm(left) > 1e-12 * np.linalg.norm(above) * np.linalg.norm(ahead):
        raise ValueError(
            f"static_frame: expected `up` to differ from the direction of view; got up = {above} "
            f"and forward = {ahead}. Pass another `up`."
        )
    basis = np.zeros((4, 4))
    basis[0, 0] = 1.0
    basis[1, 1:], basis[2, 1:], basis[3, 1:] = ahead, left, above
    check_metric(ds2, x)
    return gram_schmidt(metric(ds2, x), basis)


def boost(frame: np.ndarray, velocity: Any) -> np.ndarray:
    """Return the frame of an observer who moves with ``velocity`` through the given frame.

    Parameters
    ----------
    frame : ndarray, shape (4, 4)
        Frame at rest.
    velocity : array_like, shape (3,)
        Velocity along its legs 1 to 3, in units of c; its length must be below 1.

    Returns
    -------
    ndarray, shape (4, 4)

    Raises
    ------
    ValueError
        If the velocity is not below the speed of light.

    Examples
    --------
    >>> boost(np.eye(4), [0.6, 0.0, 0.0])[0]
    array([1.25, 0.75, 0.  , 0.  ])
    """
    beta = np.asarray(velocity, dtype=float)
    square = float(beta @ beta)
    if not square < 1:
        raise ValueError(
            f"boost: expected a speed below 1 (light); got {np.sqrt(square):.6g}. Slow down."
        )
    gamma = 1 / np.sqrt(1 - square)
    matrix = np.eye(4)
    matrix[0, 0] = gamma
    matrix[0, 1:] = matrix[1:, 0] = gamma * beta
    matrix[1:, 1:] += gamma**2 / (gamma + 1) * np.outer(beta, beta)
    return matrix @ frame


def light(frame: np.ndarray, direction: Any, *, time: int = 1) -> np.ndarray:
    """Return light-like vectors ``±e_0 + n·e`` of unit frequency in a frame.

    Parameters
    ----------
    frame : ndarray, shape (4, 4)
        Observer's frame.
    direction : array_like, shape (..., 3)
        Unit vectors along legs 1 to 3.
    time : {1, -1}
        1 for light that leaves into the future, −1 for light followed back into the past: both see
        the same directions in a static spacetime.

    Returns
    -------
    ndarray, shape (..., 4)

    Examples
    --------
    >>> light(np.eye(4), [0.0, 0.6, 0.8])
    array([1. , 0. , 0.6, 0.8])
    """
    if time not in (1, -1):
        raise ValueError(f"light: expected time 1 (future) or -1 (past); got {time}")
    return np.asarray(direction, dtype=float) @ frame[1:] + time * frame[0]


def matter(frame: np.ndarray, velocity: Any) -> np.ndarray:
    """Return four-velocities ``γ(e_0 + β·e)``, normalized to g(v, v) = −1.

    Parameters
    ----------
    frame : ndarray, shape (4, 4)
        Observer's frame.
    velocity : array_like, shape (..., 3)
        Velocities along legs 1 to 3 in units of c, below 1.

    Returns
    -------
    ndarray, shape (..., 4)

    Raises
    ------
    ValueError
        If a velocity is not below the speed of light.

    Examples
    --------
    >>> matter(np.eye(4), [0.6, 0.0, 0.0])
    array([1.25, 0.75, 0.  , 0.  ])
    """
    beta = np.asarray(velocity, dtype=float)
    square = np.sum(beta * beta, axis=-1)
    if not (square < 1).all():
        raise ValueError(
            f"matter: expected speeds below 1 (light); got {np.sqrt(square.max()):.6g}. "
            "Use `light` for rays."
        )
    return (beta @ frame[1:] + frame[0]) / np.sqrt(1 - square)[..., None]


def local_components(g: np.ndarray, frame: np.ndarray, vector: Any) -> np.ndarray:
    """Return the components of vectors along the legs of a frame: ``η^{aa} g(e_a, vector)``.

    Parameters
    ----------
    g, frame : ndarray, shape (4, 4)
        Metric and frame at one event.
    vector : array_like, shape (..., 4)
        Vectors there.

    Returns
    -------
    ndarray, shape (..., 4)

    Examples
    --------
    >>> local_components(ETA, boost(np.eye(4), [0.6, 0.0, 0.0]), [1.0, 0.0, 0.0, 0.0])
    array([ 1.25, -0.75,  0.  ,  0.  ])
    """
    return np.asarray(vector, dtype=float) @ (ETA @ frame @ g).T


def _dot(g: Any, a: Any, b: Any) -> Any:
    return np.einsum("...m,...mn,...n->...", a, g, b)
