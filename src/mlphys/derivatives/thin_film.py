"""Light through a stack of thin layers: chains of complex 2×2 matrices and their derivatives.

Conventions: light falls in at a right angle; fields go like exp(−iωt), so that an index n + iκ
with κ > 0 absorbs; the magnetic field is multiplied by the impedance of the vacuum, so that a wave
that runs forward in a medium of index n has (E, H) = (1, n)·E. Thickness and wavelength (that of
the vacuum) carry the same unit, any one. A layer does not depend on the wavelength otherwise:
dispersion is left out.

The fields in front of a layer follow from those behind it by its *characteristic matrix* [1]_,

    (E, H)_front = M (E, H)_back,   M = [[cos δ, −i sin δ / n], [−i n sin δ, cos δ]],
    δ = 2π n · thickness / wavelength,

and the whole stack is the product of its matrices, the first layer at the left. With a single
outgoing wave (1, n_back) at the far end, the incoming amplitude is q / (2 n_front) with

    q = (n_front, 1) · M_1 M_2 … M_N · (1, n_back).

References
----------
.. [1] M. Born and E. Wolf, *Principles of Optics*, 7th ed., Cambridge University Press (1999),
   section 1.6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

Numbers = Any  # an array; for a single wavelength a NumPy scalar

__all__ = [
    "Amplitudes",
    "Film",
    "alternating",
    "amplitudes",
    "layer_matrices",
    "log_transmittance_gradient",
    "multiply_in_pairs",
    "quarter_wave",
    "reflectance",
    "transmittance",
]


@dataclass(frozen=True)
class Film:
    """The materials of a stack, without the thickness of its layers.

    Attributes
    ----------
    index : ndarray, shape (layers,)
        Refractive index of each layer, real or complex, the first one where the light enters.
    front, back : float or complex
        Indices of the half-spaces before and behind the stack; the one in front must be real, or
        the power that falls in is not defined.

    Raises
    ------
    ValueError
        If there is no layer, an index has a real part that is not positive, or the medium in front
        absorbs.

    Examples
    --------
    >>> Film([2.35, 1.45], front=1.0, back=1.52).index
    array([2.35, 1.45])
    """

    index: Any
    front: Any = 1.0
    back: Any = 1.52

    def __post_init__(self) -> None:
        index = np.array(self.index)
        if index.ndim != 1 or not len(index):
            raise ValueError(
                f"Film: expected one index for each layer, shape (layers,); got shape {index.shape}"
            )
        everywhere = np.array([self.front, *index, self.back])
        if not (np.isfinite(everywhere).all() and (np.real(everywhere) > 0).all()):
            raise ValueError("Film: expected indices with a positive real part; check each of them")
        if np.imag(self.front):
            raise ValueError(
                f"Film: expected a clear medium in front; got the index {self.front}. "
                "Make the absorbing medium a layer of finite thickness."
            )
        index.setflags(write=False)
        object.__setattr__(self, "index", index)


class Amplitudes(NamedTuple):
    """Complex amplitudes of the electric field relative to the incoming wave.

    Attributes
    ----------
    reflected, transmitted : ndarray, shape (...)
        At the front and at the back of the stack, one for each wavelength.
    """

    reflected: Numbers
    transmitted: Numbers


def alternating(
    layers: int, *, high: float = 2.35, low: float = 1.45, front: float = 1.0, back: float = 1.52
) -> Film:
    """Return a stack of two materials in turn, the one of index ``high`` first.

    The defaults are close to titanium dioxide and silica on glass in air.

    Examples
    --------
    >>> alternating(3).index
    array([2.35, 1.45, 2.35])
    """
    return Film(np.where(np.arange(layers) % 2 == 0, high, low), front, back)


def quarter_wave(film: Film, wavelength: float) -> np.ndarray:
    """Return the thickness at which each layer is a quarter of a wavelength, λ / (4 n).

    Examples
    --------
    >>> quarter_wave(alternating(2), 550.0).round(3)
    array([58.511, 94.828])
    """
    return wavelength / (4 * film.index.real)


def layer_matrices(film: Film, thickness: Any, wavelength: Any) -> np.ndarray:
    """Return the characteristic matrix of each layer at each wavelength.

    Parameters
    ----------
    film : Film
        Indices.
    thickness : array_like, shape (layers,)
        Thickness of each layer, real; zero is allowed.
    wavelength : array_like, shape (...)
        Wavelengths in the vacuum, in the unit of the thickness.

    Returns
    -------
    ndarray of complex128, shape (..., layers, 2, 2)
        Each of determinant 1.

    Raises
    ------
    ValueError
        If there is not one thickness for each layer, or a wavelength is not positive.

    Examples
    --------
    >>> layer_matrices(Film([2.0]), [0.25], 2.0)[0].round(12)  # δ = π/2
    array([[0.+0.j , 0.-0.5j],
           [0.-2.j , 0.+0.j ]])
    """
    delta = _phases(film, thickness, wavelength)
    cosine, sine = np.cos(delta), np.sin(delta)
    matrices = np.empty((*delta.shape, 2, 2), complex)
    matrices[..., 0, 0] = matrices[..., 1, 1] = cosine
    matrices[..., 0, 1] = -1j * sine / film.index
    matrices[..., 1, 0] = -1j * sine * film.index
    return matrices


def multiply_in_pairs(matrices: Any) -> Any:
    """Return the product of matrices along the third axis from the end, the first at the left.

    Neighbors are multiplied first, then the products of neighbors, and so on: the number of calls
    is the logarithm of the number of matrices.

    Parameters
    ----------
    matrices : array or tape variable, shape (..., layers, n, n)
        At least one matrix along that axis.

    Returns
    -------
    array or tape variable, shape (..., n, n)

    Examples
    --------
    >>> steps = np.array([[[1, k], [0, 1]] for k in range(1, 6)])
    >>> multiply_in_pairs(steps)
    array([[ 1, 15],
           [ 0,  1]])
    """
    while (count := matrices.shape[-3]) > 1:
        even = count - count % 2
        pairs = matrices[..., 0:even:2, :, :] @ matrices[..., 1:even:2, :, :]
        matrices = np.concatenate([pairs, matrices[..., even:, :, :]], axis=-3)
    return matrices[..., 0, :, :]


def amplitudes(film: Film, thickness: Any, wavelength: Any) -> Amplitudes:
    """Return the reflected and the transmitted amplitude, r = p / q and t = 2 n_front / q.

    ``p`` is ``q`` with the sign of its second term changed, (n_front, −1) · M · (1, n_back).

    Parameters
    ----------
    film, thickness, wavelength
        As for :func:`layer_matrices`.

    Returns
    -------
    Amplitudes

    Examples
    --------
    >>> r, t = amplitudes(Film([1.5], front=1.0, back=1.0), [0.0], 1.0)  # no layer at all
    >>> abs(r).item(), t.item()
    (0.0, (1+0j))
    """
    product = multiply_in_pairs(layer_matrices(film, thickness, wavelength))
    electric, magnetic = np.moveaxis(product @ np.array([1.0, film.back]), -1, 0)
    q = film.front * electric + magnetic
    return Amplitudes((film.front * electric - magnetic) / q, 2 * film.front / q)


def transmittance(film: Film, thickness: Any, wavelength: Any) -> Numbers:
    """Return the share of the power that passes, T = (Re n_back / n_front) |t|².

    Parameters
    ----------
    film, thickness, wavelength
        As for :func:`layer_matrices`.

    Returns
    -------
    ndarray, shape (...)
        One share in [0, 1] for each wavelength.

    Examples
    --------
    >>> round(float(transmittance(Film([1.5], 1.0, 1.0), [100.0], 600.0)), 6)  # δ = π/2
    0.852071
    """
    _, t = amplitudes(film, thickness, wavelength)
    return np.real(film.back) / film.front * abs(t) ** 2


def reflectance(film: Film, thickness: Any, wavelength: Any) -> Numbers:
    """Return the share of the power that comes back, R = |r|².

    Examples
    --------
    >>> round(float(reflectance(Film([1.5], 1.0, 1.0), [100.0], 600.0)), 6)
    0.147929
    """
    r, _ = amplitudes(film, thickness, wavelength)
    return abs(r) ** 2


def log_transmittance_gradient(
    film: Film, thickness: Any, wavelength: Any
) -> tuple[Numbers, np.ndarray]:
    """Return ln T and its derivative by every thickness, by hand.

    Row vectors grow from the front, u_j = (n_front, 1) M_1 … M_j, and column vectors from the back,
    v_j = M_{j+1} … M_N (1, n_back). Then ∂q/∂d_j = u_{j−1} (∂M_j/∂d_j) v_j for all layers at the
    cost of two chains, and ∂ ln T/∂d_j = −2 Re(q⁻¹ ∂q/∂d_j).

    Parameters
    ----------
    film, thickness, wavelength
        As for :func:`layer_matrices`.

    Returns
    -------
    log_transmittance : ndarray, shape (...)
        Natural logarithm of T.
    gradient : ndarray, shape (..., layers)
        Its derivatives, per unit of thickness. Those of T are T times these.

    Examples
    --------
    >>> film = Film([1.5], front=1.0, back=1.0)
    >>> log_t, gradient = log_transmittance_gradient(film, [50.0], 600.0)
    >>> np.exp(log_t).round(6), gradient.round(6)
    (np.float64(0.920128), array([-0.002509]))
    """
    delta = np.moveaxis(_phases(film, thickness, wavelength), -1, 0)  # layers first: whole rows
    cosine, sine = np.cos(delta), np.sin(delta)
    rows, columns = _sweep_forward(film, cosine, sine), _sweep_backward(film, cosine, sine)
    n = film.index.reshape(-1, *[1] * (delta.ndim - 1))
    q = rows[-1, 0] + rows[-1, 1] * film.back
    (left_e, left_h), (right_e, right_h) = np.moveaxis(rows[:-1], 1, 0), np.moveaxis(columns, 1, 0)
    along = -sine * (left_e * right_e + left_h * right_h)
    across = -1j * cosine * (left_e * right_h / n + n * left_h * right_e)
    slope = 2 * np.pi * n / np.asarray(wavelength, float)
    gradient = -2 * (slope * (along + across) / q).real
    log_t = np.log(4 * film.front * np.real(film.back)) - 2 * np.log(abs(q))
    return log_t, np.moveaxis(gradient, 0, -1)


def _phases(film: Film, thickness: Any, wavelength: Any) -> np.ndarray:
    """Return δ = 2π n · thickness / wavelength, shape (..., layers), after checking the shapes."""
    thickness, wavelength = np.asarray(thickness, float), np.asarray(wavelength, float)
    if thickness.shape != film.index.shape:
        raise ValueError(
            f"thickness: expected one for each layer, shape {film.index.shape}; "
            f"got shape {thickness.shape}"
        )
    if not (wavelength > 0).all():
        raise ValueError("wavelength: expected positive numbers; got one that is not")
    return 2 * np.pi * film.index * thickness / wavelength[..., None]


def _sweep_forward(film: Film, cosine: np.ndarray, sine: np.ndarray) -> np.ndarray:
    """Return u_0 … u_N, shape (layers + 1, 2, ...)."""
    rows = np.empty((len(cosine) + 1, 2, *cosine.shape[1:]), complex)
    rows[0, 0], rows[0, 1] = film.front, 1.0
    for j, (n, c, s) in enumerate(zip(film.index, cosine, sine, strict=True)):
        electric, magnetic = rows[j]
        turned = -1j * s
        rows[j + 1, 0] = c * electric + n * turned * magnetic
        rows[j + 1, 1] = turned / n * electric + c * magnetic
    return rows


def _sweep_backward(film: Film, cosine: np.ndarray, sine: np.ndarray) -> np.ndarray:
    """Return v_1 … v_N, shape (layers, 2, ...): the fields behind each layer."""
    columns = np.empty((len(cosine), 2, *cosine.shape[1:]), complex)
    columns[-1, 0], columns[-1, 1] = 1.0, film.back
    for j in range(len(cosine) - 1, 0, -1):
        n, c, turned = film.index[j], cosine[j], -1j * sine[j]
        electric, magnetic = columns[j]
        columns[j - 1, 0] = c * electric + turned / n * magnetic
        columns[j - 1, 1] = n * turned * electric + c * magnetic
    return columns
