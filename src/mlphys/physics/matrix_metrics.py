"""Line elements from a metric that is given as a 4×4 array instead of as ``ds²``.

Every tool of the course takes ``ds2(x, dx)``, which cannot be unsymmetric: the sum g_mn dx^m dx^n
knows only g_mn + g_nm. An array can be, and that is nearly always a slip of the pen. It would
vanish in the sum unseen; :func:`mlphys.physics.spacetime.check_metric`, and with it every tracer,
refuses it.
Imports JAX.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

__all__ = ["MatrixMetric", "from_matrix"]


@dataclass(frozen=True)
class MatrixMetric:
    """The line element ``ds2(x, dx) = g_mn(x) dx^m dx^n`` of an array g.

    Attributes
    ----------
    matrix : callable
        ``g(x)``, events (..., 4) to arrays (..., 4, 4) on the library of x.
    """

    matrix: Callable[[Any], Any]

    def __call__(self, x: Any, dx: Any) -> Any:
        g = self.matrix(x)
        return sum(g[..., m, n] * dx[..., m] * dx[..., n] for m in range(4) for n in range(4))

    def check_symmetry(self, events: np.ndarray) -> None:
        """Raise unless g is a symmetric 4×4 array at these events, (n, 4)."""
        with jax.enable_x64(True):
            g = np.asarray(self.matrix(jnp.asarray(events)))
        if g.shape != (len(events), 4, 4):
            raise ValueError(
                f"expected g(x) of shape (..., 4, 4); got {g.shape} for events of shape "
                f"{events.shape}. Stack the rows along the last two axes."
            )
        bad = ~np.isclose(g, g.swapaxes(-1, -2), rtol=1e-12, atol=0.0, equal_nan=True)
        if bad.any():
            event, m, n = (int(index) for index in np.argwhere(bad)[0])
            raise ValueError(
                f"expected a symmetric metric; got g[{m}, {n}] = {g[event, m, n]:.6g} and "
                f"g[{n}, {m}] = {g[event, n, m]:.6g} at event {tuple(events[event].tolist())}. "
                "Correct one of them: ds² contains only their sum."
            )


def from_matrix(matrix: Callable[[Any], Any] | Any) -> MatrixMetric:
    """Return the line element of a metric that is given as an array.

    Parameters
    ----------
    matrix : callable
        ``g(x)``, events (..., 4) to arrays (..., 4, 4). It must accept JAX arrays, and for the
        tracer on TensorFlow its tensors, too.

    Returns
    -------
    MatrixMetric
        A line element; two of the same function are equal, so that little is compiled twice.

    Raises
    ------
    TypeError
        If ``matrix`` is no function.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> from mlphys.physics.spacetime import metric
    >>> def slow_clocks(x):
    ...     return jnp.broadcast_to(jnp.diag(jnp.array([-0.25, 1.0, 1.0, 1.0])), (*x.shape, 4))
    >>> ds2 = from_matrix(slow_clocks)
    >>> float(metric(ds2, [0.0, 1.0, 2.0, 3.0])[0, 0])
    -0.25
    """
    if not callable(matrix):
        raise TypeError(
            "from_matrix: expected a function g(x) that returns a 4×4 array for each event; got "
            f"{type(matrix).__name__}. Wrap a constant array in a function that broadcasts it."
        )
    return MatrixMetric(matrix)
