"""Measured masses of atoms (AME2020) as a table of binding energies with holes.

Energies are in keV. A nuclide has Z protons, N neutrons and A = Z + N nucleons. Its binding energy
follows from the mass excess Δ = (M − A·u)c² of the neutral atom, as the evaluation does it:

    B(Z, N) = Z Δ(¹H) + N Δ(n) − Δ(Z, N) ,

so that the binding of the electrons, a few parts in 10⁵, stays included. Origin and licence of the
file: ``nuclides/README.md`` beside this module. Chapter: ``book/frameworks/factorization.md``.

References
----------
Wang et al., Chinese Physics C 45, 030003 (2021).
"""

from __future__ import annotations

from importlib.resources import files
from typing import NamedTuple

import numpy as np

__all__ = ["MAGIC", "Nuclides", "as_table", "load_nuclides"]

MAGIC = (8, 20, 28, 50, 82, 126)  # closed shells of protons or neutrons


class Nuclides(NamedTuple):
    """Nuclides with a measured mass, sorted by Z, then N.

    Attributes
    ----------
    z, n : ndarray of int, shape (count,)
        Numbers of protons and of neutrons.
    binding : ndarray of float, shape (count,)
        Binding energy of the whole nuclide, in keV.
    uncertainty : ndarray of float, shape (count,)
        One standard deviation of the mass, in keV.
    """

    z: np.ndarray
    n: np.ndarray
    binding: np.ndarray
    uncertainty: np.ndarray

    @property
    def a(self) -> np.ndarray:
        """Numbers of nucleons."""
        return self.z + self.n


def load_nuclides(*, lightest: int = 8) -> Nuclides:
    """Return the measured nuclides that have enough protons and enough neutrons.

    Parameters
    ----------
    lightest : int, default 8
        Least number of protons, and of neutrons; below 8 no smooth formula can be expected.

    Raises
    ------
    ValueError
        If ``lightest`` is negative or leaves nothing.

    Examples
    --------
    >>> nuclides = load_nuclides()
    >>> len(nuclides.z)
    2457
    >>> iron = (nuclides.z == 26) & (nuclides.n == 30)
    >>> float((nuclides.binding / nuclides.a)[iron].round(2)[0])
    8790.36
    """
    text = files("mlphys.frameworks").joinpath("nuclides/ame2020.csv").read_text("utf-8")
    z, n, excess, uncertainty = np.loadtxt(text.splitlines(), delimiter=",", skiprows=1).T
    hydrogen, neutron = excess[(z == 1) & (n == 0)], excess[(z == 0) & (n == 1)]
    binding = z * hydrogen + n * neutron - excess
    keep = (z >= lightest) & (n >= lightest)
    if lightest < 0 or not keep.any():
        raise ValueError(
            f"load_nuclides: expected lightest from 0 to {int(z.max())}, the largest Z; "
            f"got {lightest}"
        )
    return Nuclides(
        z[keep].astype(int), n[keep].astype(int), binding[keep], uncertainty[keep]
    )  # fmt: skip


def as_table(z: np.ndarray, n: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the values as a matrix with a row for each Z, a column for each N, NaN in the holes.

    Row and column numbers are Z and N themselves, so that rows and columns below the lightest
    nuclide are empty.

    Parameters
    ----------
    z, n : ndarray of int, shape (count,)
    values : ndarray of float, shape (count,)

    Returns
    -------
    ndarray, shape (largest Z + 1, largest N + 1)

    Raises
    ------
    ValueError
        If the shapes differ or a nuclide occurs twice.

    Examples
    --------
    >>> as_table(np.array([0, 1]), np.array([1, 0]), np.array([5.0, 6.0]))
    array([[nan,  5.],
           [ 6., nan]])
    """
    if not z.shape == n.shape == values.shape:
        raise ValueError(
            f"as_table: expected z, n and values of one shape; got {z.shape}, {n.shape} and "
            f"{values.shape}"
        )
    if len(set(zip(z.tolist(), n.tolist(), strict=True))) < len(z):
        raise ValueError("as_table: expected each pair (z, n) once; one occurs twice")
    table = np.full((z.max() + 1, n.max() + 1), np.nan)
    table[z, n] = values
    return table
