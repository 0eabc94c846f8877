"""Two quantities in J/kg that must not be added: absorbed dose and equivalent dose.

The absorbed dose D is energy per mass; its unit is the gray. The equivalent dose H = w D weighs
it by what the radiation does to tissue; its unit is the sievert. Both are joules per kilogram.
They got names of their own for the sake of safety [1]_, and here they get types of their own.

Chapter: ``book/language/craft.md``.

References
----------
.. [1] Resolution 5 of the 16th CGPM (1979), doi:10.59161/CGPM1979RES5E
.. [2] ICRP Publication 103, Annals of the ICRP 37 (2007), table 2
.. [3] SI Brochure, 8th edition (2006), table 8 and 9: roentgen, rad, rem
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "COULOMB_PER_KG_PER_ROENTGEN",
    "GRAY_PER_RAD",
    "RADIATION_WEIGHTS",
    "SIEVERT_PER_REM",
    "AbsorbedDose",
    "EquivalentDose",
    "equivalent_dose",
    "gray_in_air",
]

COULOMB_PER_KG_PER_ROENTGEN = 2.58e-4  # exact, by definition
GRAY_PER_RAD = 0.01  # 100 erg/g
SIEVERT_PER_REM = 0.01
JOULE_PER_COULOMB_IN_AIR = 33.97  # mean energy per charge set free in dry air, W/e

# ICRP 103; the weight of neutrons depends on their energy and is left out.
RADIATION_WEIGHTS = {"photon": 1, "electron": 1, "muon": 1, "proton": 2, "alpha": 20}


@dataclass(frozen=True)
class _Dose:
    """A dose in J/kg that can be added to its own kind only."""

    value: float

    def __post_init__(self) -> None:
        if not 0 <= self.value < float("inf"):
            raise ValueError(
                f"{type(self).__name__}: expected a finite dose of at least 0 J/kg;"
                f" got {self.value!r}"
            )

    def __add__(self, other: object):
        if type(other) is not type(self):
            raise TypeError(
                f"expected {type(self).__name__} + {type(self).__name__}; got"
                f" {type(other).__name__} on the right: weigh with equivalent_dose first"
            )
        return type(self)(self.value + other.value)


class AbsorbedDose(_Dose):
    """Energy per mass, in gray.

    Examples
    --------
    >>> AbsorbedDose(0.5) + AbsorbedDose(0.25)
    AbsorbedDose(value=0.75)
    """


class EquivalentDose(_Dose):
    """Energy per mass weighed by its effect on tissue, in sievert.

    Examples
    --------
    >>> EquivalentDose(0.5) + AbsorbedDose(0.5)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    TypeError: expected EquivalentDose + EquivalentDose; got AbsorbedDose on the right: ...
    """


def equivalent_dose(dose: AbsorbedDose, *, radiation: str) -> EquivalentDose:
    """Return H = w D with the radiation weighting factor w of ICRP 103.

    Parameters
    ----------
    dose : AbsorbedDose
        Mean over the tissue, in gray.
    radiation : str
        A key of ``RADIATION_WEIGHTS``.

    Raises
    ------
    ValueError
        If the radiation is not in the table.

    Examples
    --------
    >>> equivalent_dose(AbsorbedDose(0.5), radiation="alpha")
    EquivalentDose(value=10.0)
    """
    if radiation not in RADIATION_WEIGHTS:
        raise ValueError(
            f"equivalent_dose: expected a radiation among {sorted(RADIATION_WEIGHTS)};"
            f" got {radiation!r}"
        )
    return EquivalentDose(RADIATION_WEIGHTS[radiation] * dose.value)


def gray_in_air(roentgen: float) -> AbsorbedDose:
    """Return the dose that dry air absorbs at an exposure, with 33.97 J per coulomb set free.

    Parameters
    ----------
    roentgen : float
        Exposure to X or gamma rays in roentgen (2.58e-4 C/kg).

    Raises
    ------
    ValueError
        If the exposure is negative or not finite.

    Examples
    --------
    >>> round(gray_in_air(1.0).value, 5)
    0.00876
    """
    return AbsorbedDose(JOULE_PER_COULOMB_IN_AIR * COULOMB_PER_KG_PER_ROENTGEN * roentgen)
