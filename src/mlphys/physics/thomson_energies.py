"""Published energies of electrons on a sphere, from a table beside this module.

``thomson_energies.csv`` lists the lowest energies that are known, to nine decimals, for N = 2 to
100 and some larger N. They are upper bounds by many hands: only for N = 2 to 6 and 12 is a minimum
proved. Chapter: *Electrons on a sphere*.

References
----------
Wales and Ulker, Phys. Rev. B 74, 212101 (2006); Wales, McKay and Altschuler, Phys. Rev. B 79,
224115 (2009); proofs: Schwartz, Exp. Math. 22, 157 (2013), for N = 5, and references in it.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["DECIMALS", "published_energies"]

DECIMALS = 9
"""Decimals of the table."""


@lru_cache
def published_energies() -> MappingProxyType[int, float]:
    """Return the lowest published energy by number of electrons, in rising order.

    Examples
    --------
    >>> published_energies()[8]
    19.675287861
    """
    text = files("mlphys.physics").joinpath("thomson_energies.csv").read_text("utf-8")
    rows = [line.split(",") for line in text.splitlines() if line[:1].isdigit()]
    return MappingProxyType({int(n): float(value) for n, value in rows})
