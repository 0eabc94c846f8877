r"""The semi-empirical mass formula: a nucleus as a charged drop of liquid, five terms in all.

.. math:: B(Z, N) = a_v A - a_s A^{2/3} - a_c \frac{Z(Z - 1)}{A^{1/3}} - a_a \frac{(N - Z)^2}{A}
          + a_p \frac{\delta}{\sqrt A} ,

with :math:`A = Z + N` and :math:`\delta = 1` for even Z and N, −1 for odd ones, 0 otherwise. The
formula is linear in its coefficients, so that least squares gives them in one step. Energies in
keV. Chapter: ``book/frameworks/factorization.md``.

References
----------
von Weizsäcker, Zeitschrift für Physik 96, 431 (1935); Bethe and Bacher, Rev. Mod. Phys. 8, 82
(1936).
"""

from __future__ import annotations

import numpy as np

__all__ = ["TERMS", "drop_energy", "drop_terms", "fit_drop"]

TERMS = ("volume", "surface", "Coulomb", "asymmetry", "pairing")


def drop_terms(z: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return the five terms of the formula, with their signs and without their coefficients.

    Parameters
    ----------
    z, n : ndarray of int, shape (count,)

    Returns
    -------
    ndarray, shape (count, 5)
        Columns in the order of ``TERMS``.

    Raises
    ------
    ValueError
        If a nuclide has a negative number of protons or neutrons, or no nucleon.

    Examples
    --------
    >>> drop_terms(np.array([4]), np.array([4])).round(3)
    array([[ 8.   , -4.   , -6.   , -0.   ,  0.354]])
    """
    z, n = np.asarray(z, dtype=float), np.asarray(n, dtype=float)
    a = z + n
    if (z < 0).any() or (n < 0).any() or (a < 1).any():
        raise ValueError("drop_terms: expected z and n of at least 0 and one nucleon in all")
    delta = ((z % 2 == 0) & (n % 2 == 0)) * 1.0 - ((z % 2 == 1) & (n % 2 == 1))
    return np.stack(
        [a, -(a ** (2 / 3)), -z * (z - 1) / a ** (1 / 3), -((n - z) ** 2) / a, delta / np.sqrt(a)],
        axis=-1,
    )


def fit_drop(z: np.ndarray, n: np.ndarray, binding: np.ndarray) -> np.ndarray:
    """Return the five coefficients with the least squared error in the binding energies.

    Parameters
    ----------
    z, n : ndarray of int, shape (count,)
    binding : ndarray of float, shape (count,)
        In keV.

    Returns
    -------
    ndarray, shape (5,)
        In keV, in the order of ``TERMS``.

    Raises
    ------
    ValueError
        If there are fewer than five nuclides.

    Examples
    --------
    >>> z, n = np.array([8, 20, 21, 26, 50, 82]), np.array([8, 20, 24, 30, 70, 126])
    >>> made_up = drop_energy(z, n, np.array([15.5, 17.0, 0.7, 23.0, 12.0]))
    >>> fit_drop(z, n, made_up).round(6)
    array([15.5, 17. ,  0.7, 23. , 12. ])
    """
    if len(z) < len(TERMS):
        raise ValueError(f"fit_drop: expected at least {len(TERMS)} nuclides; got {len(z)}")
    return np.linalg.lstsq(drop_terms(z, n), binding, rcond=None)[0]


def drop_energy(z: np.ndarray, n: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    """Return the binding energies by the formula, in the unit of the coefficients.

    Examples
    --------
    >>> drop_energy(np.array([4]), np.array([4]), np.array([1.0, 1.0, 0.0, 0.0, 0.0]))
    array([4.])
    """
    return drop_terms(z, n) @ coefficients
