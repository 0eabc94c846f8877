"""Line elements: code for ``ds²``, the only input that the course's relativity needs.

A line element is a function ``ds2(x, dx)`` of an event and a small displacement. Both hold the
coordinates ``(t, x, y, z)`` in their last axis; leading axes are batch axes. The function must be
quadratic in ``dx``. Signature (−,+,+,+), units with c = 1, lengths in units of the Schwarzschild
radius unless ``r_s`` says otherwise. Each function here runs on NumPy, JAX and TensorFlow arrays:
:func:`components` unpacks the last axis of any of them, and :func:`namespace` returns the library
where the array's functions live. Code that multiplies by 1/r is faster than code that divides by r,
because each division stays one in every derivative; :func:`inverse_root` and :func:`reciprocal`
divide in none.

Chapter: Curved spacetime from ds². References: :cite:t:`MTW1973`, chapters 31 and 33.
"""

import sys
from typing import Any

__all__ = [
    "Components",
    "components",
    "inverse_root",
    "lectures_diagonal",
    "minkowski",
    "namespace",
    "reciprocal",
    "schwarzschild",
    "schwarzschild_ingoing",
    "schwarzschild_isotropic",
]


def namespace(array: Any) -> Any:
    """Return the library of an array: ``numpy``, ``jax.numpy`` or ``tensorflow``.

    Square root, sine, exponential and ``where`` bear the same names in all three.

    Raises
    ------
    TypeError
        If the array is of none of the three.

    Examples
    --------
    >>> import numpy as np
    >>> namespace(np.ones(4)).__name__
    'numpy'
    """
    if hasattr(array, "__array_namespace__"):
        return array.__array_namespace__()
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and tensorflow.is_tensor(array):
        return tensorflow
    raise TypeError(
        "namespace: expected an array of NumPy, JAX or TensorFlow; "
        f"got {type(array).__name__}. Convert it with numpy.asarray first."
    )


def components(x: Any) -> tuple[Any, Any, Any, Any]:
    """Return the four components ``(t, x, y, z)`` that the last axis of ``x`` holds.

    Parameters
    ----------
    x : array, shape (..., 4)
        Event or vector; NumPy, JAX or TensorFlow.

    Returns
    -------
    tuple of four arrays, shape (...)

    Examples
    --------
    >>> import numpy as np
    >>> t, x, y, z = components(np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]))
    >>> y
    array([3., 7.])
    """
    return x[..., 0], x[..., 1], x[..., 2], x[..., 3]


def reciprocal(array: Any) -> Any:
    """Return 1/array, whose derivatives need no further division.

    Examples
    --------
    >>> import numpy as np
    >>> float(reciprocal(np.array(4.0)))
    0.25
    """
    xp = namespace(array)
    if xp.__name__ == "jax.numpy":
        from mlphys.physics import reciprocals

        return reciprocals.reciprocal(array)
    return xp.math.reciprocal(array) if xp.__name__ == "tensorflow" else 1 / array


def inverse_root(array: Any) -> Any:
    """Return 1/√array, whose derivatives need no division.

    Examples
    --------
    >>> import numpy as np
    >>> float(inverse_root(np.array(4.0)))
    0.5
    """
    xp = namespace(array)
    if xp.__name__ == "jax.numpy":
        from mlphys.physics import reciprocals

        return reciprocals.inverse_root(array)
    return xp.math.rsqrt(array) if xp.__name__ == "tensorflow" else 1 / xp.sqrt(array)


class Components:
    """Four arrays that are indexed like one array of shape (..., 4), without being put into one.

    The tracers call line elements with it: where the four components lie apart, no instruction is
    spent on picking them from between each other. ``x[..., i]`` is component i, ``x[..., a:b]`` the
    stack of several.

    Parameters
    ----------
    parts : sequence of four arrays of one shape

    Examples
    --------
    >>> import numpy as np
    >>> x = Components([np.zeros(2), np.ones(2), 2 * np.ones(2), 3 * np.ones(2)])
    >>> x[..., 3], x[..., 1:].shape, x.shape
    (array([3., 3.]), (2, 3), (2, 4))
    """

    def __init__(self, parts: Any) -> None:
        self.parts = tuple(parts)

    @property
    def shape(self) -> tuple:
        return (*self.parts[0].shape, 4)

    def __array_namespace__(self) -> Any:
        return namespace(self.parts[0])

    def __getitem__(self, index: Any) -> Any:
        if not (isinstance(index, tuple) and len(index) == 2 and index[0] is Ellipsis):
            raise TypeError(
                f"expected an index [..., i] or [..., a:b] of the last axis; got {index}"
            )
        chosen = self.parts[index[1]]
        return self.__array_namespace__().stack(chosen, -1) if type(chosen) is tuple else chosen


def minkowski(x: Any, dx: Any) -> Any:
    """Return ``−dt² + dx² + dy² + dz²``: spacetime without gravity.

    Parameters
    ----------
    x, dx : array, shape (..., 4)
        Event and displacement.

    Returns
    -------
    array, shape (...)

    Examples
    --------
    >>> import numpy as np
    >>> float(minkowski(np.zeros(4), np.array([1.0, 0.0, 0.0, 2.0])))
    3.0
    """
    del x  # the same everywhere
    dt, dx, dy, dz = components(dx)
    return dx * dx + dy * dy + dz * dz - dt * dt


def schwarzschild(x: Any, dx: Any, *, r_s: Any = 1.0) -> Any:
    """Return ds² outside a hole, in Cartesian coordinates made from Schwarzschild's.

    With s = 1 − r_s/r and n = x/r, ds² = −s dt² + |dx|² + (1/s − 1)(n·dx)²: the spatial metric is
    ``g_ij = δ_ij + (1/s − 1) x_i x_j / r²``. The chart covers r > r_s only; elsewhere the value
    is NaN.

    Parameters
    ----------
    x, dx : array, shape (..., 4)
        Event and displacement.
    r_s : float or scalar array
        Schwarzschild radius.

    Returns
    -------
    array, shape (...)

    Examples
    --------
    >>> import numpy as np
    >>> event, radial = np.array([0.0, 5.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0, 0.0])
    >>> float(schwarzschild(event, radial))
    1.25
    """
    xp = namespace(x)
    _, x, y, z = components(x)
    dt, dx, dy, dz = components(dx)
    nearness = inverse_root(x * x + y * y + z * z)
    rate = xp.where(nearness * r_s < 1, 1 - r_s * nearness, float("nan"))
    radial = (x * dx + y * dy + z * dz) * nearness
    return dx * dx + dy * dy + dz * dz - rate * dt * dt + (reciprocal(rate) - 1) * radial * radial


def schwarzschild_isotropic(x: Any, dx: Any, *, r_s: Any = 1.0) -> Any:
    """Return ds² outside a hole in isotropic coordinates, where light has one speed in all directions.

    With ρ² = x² + y² + z² and q = r_s/(4ρ), ds² = −((1 − q)/(1 + q))² dt² + (1 + q)⁴ |dx|². The
    areal radius is r = ρ(1 + q)²; the horizon stands at ρ = r_s/4.

    Parameters
    ----------
    x, dx : array, shape (..., 4)
        Event and displacement.
    r_s : float or scalar array
        Schwarzschild radius.

    Returns
    -------
    array, shape (...)

    Examples
    --------
    >>> import numpy as np
    >>> float(schwarzschild_isotropic(np.array([0.0, 0.0, 0.25, 0.0]), np.array([1.0, 0, 0, 0])))
    0.0
    """
    xp = namespace(x)
    _, x, y, z = components(x)
    dt, dx, dy, dz = components(dx)
    q = r_s / (4 * xp.sqrt(x * x + y * y + z * z))
    clock = (1 - q) / (1 + q)
    stretch = (1 + q) * (1 + q)
    return stretch * stretch * (dx * dx + dy * dy + dz * dz) - clock * clock * dt * dt


def schwarzschild_ingoing(x: Any, dx: Any, *, r_s: Any = 1.0) -> Any:
    """Return ds² of a hole in ingoing Kerr–Schild coordinates, regular at the horizon.

    ds² = η(dx, dx) + (r_s/r)(dt + n·dx)², n = x/r. The areal radius is r itself; whatever falls
    in crosses r = r_s at a finite time t.

    Parameters
    ----------
    x, dx : array, shape (..., 4)
        Event and displacement.
    r_s : float or scalar array
        Schwarzschild radius.

    Returns
    -------
    array, shape (...)

    Examples
    --------
    >>> import numpy as np
    >>> float(schwarzschild_ingoing(np.array([0.0, 1.0, 0.0, 0.0]), np.array([1.0, 0, 0, 0])))
    0.0
    """
    xp = namespace(x)
    _, x, y, z = components(x)
    dt, dx, dy, dz = components(dx)
    nearness = 1 / xp.sqrt(x * x + y * y + z * z)  # faster here in derivatives by a parameter
    along = dt + (x * dx + y * dy + z * dz) * nearness
    return dx * dx + dy * dy + dz * dz - dt * dt + r_s * nearness * along * along


def lectures_diagonal(x: Any, dx: Any, *, r_s: Any = 1.0) -> Any:
    """Return the lectures' ``−s dt² + dx²/s + dy² + dz²``, which is wrong off the x axis.

    Kept for the chapter's Correction box: it stretches space along x everywhere, where a hole
    stretches it along the radius. Nothing else in the course uses it.

    Parameters
    ----------
    x, dx : array, shape (..., 4)
        Event and displacement.
    r_s : float or scalar array
        Schwarzschild radius.

    Returns
    -------
    array, shape (...)

    Examples
    --------
    >>> import numpy as np
    >>> on_y, radial = np.array([0.0, 0.0, 5.0, 0.0]), np.array([0.0, 0.0, 1.0, 0.0])
    >>> float(lectures_diagonal(on_y, radial)), float(schwarzschild(on_y, radial))
    (1.0, 1.25)
    """
    xp = namespace(x)
    _, x, y, z = components(x)
    dt, dx, dy, dz = components(dx)
    r = xp.sqrt(x * x + y * y + z * z)
    rate = xp.where(r > r_s, 1 - r_s / r, float("nan"))
    return dx * dx / rate + dy * dy + dz * dz - rate * dt * dt
