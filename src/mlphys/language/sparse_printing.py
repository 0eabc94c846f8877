"""Print the entries of a tensor that are not small, with their indices, in columns.

Most entries of the tensors of physics vanish: of the 64 Christoffel symbols of a round hole, nine
are not zero. A list of the others is shorter than the array and names what it shows.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["entries", "format_entries"]


def entries(tensor: Any, *, tolerance: float = 1e-12) -> list[tuple[tuple[int, ...], Any]]:
    """Return index and value of every entry that is not small, in order of the indices.

    Parameters
    ----------
    tensor : array_like
        Numbers, real or complex.
    tolerance : float
        An entry counts as small if its absolute value is at most this; NaN is never small.

    Returns
    -------
    list of (tuple of int, number)

    Raises
    ------
    ValueError
        If the tolerance is negative.

    Examples
    --------
    >>> entries([[0, 2.5], [0, 1e-15]])
    [((0, 1), 2.5)]
    """
    if not tolerance >= 0:
        raise ValueError(f"entries: expected a tolerance of at least 0, got {tolerance}")
    table = np.asarray(tensor)
    kept = ~(abs(table) <= tolerance)  # this way round, NaN is kept
    return [(tuple(map(int, at)), table[tuple(at)].item()) for at in np.argwhere(kept)]


def format_entries(
    tensor: Any,
    *,
    name: str = "",
    axes: Sequence[Sequence[str]] | None = None,
    tolerance: float = 1e-12,
    digits: int = 6,
    width: int = 75,
) -> str:
    """Return the entries that are not small as text in columns, read down and then across.

    Parameters
    ----------
    tensor : array_like
        Numbers, real or complex.
    name : str
        Stands before each index: ``"Γ"``.
    axes : sequence of sequence of str, optional
        Names of the values of each index, such as ``["txyz"] * 3``; default their numbers.
    tolerance : float
        What counts as small, see :func:`entries`.
    digits : int
        Significant digits.
    width : int
        Characters a line, as far as one column fits.

    Returns
    -------
    str
        Lines without trailing spaces; the last one counts what was left out.

    Raises
    ------
    ValueError
        If the names do not fit the shape, or the tolerance is negative.

    Examples
    --------
    >>> print(format_entries([[0, 0.5], [-1j, 0]], name="A", axes=["xy", "xy"]))
    A[x,y]    0.5    A[y,x]     -i
    2 of 4 entries, the others at most 1e-12
    """
    table = np.asarray(tensor)
    names = _names(table.shape, axes)
    rows = [
        (name + "[" + ",".join(n[i] for n, i in zip(names, at, strict=True)) + "]", value)
        for at, value in entries(table, tolerance=tolerance)
    ]
    count = f"{len(rows)} of {table.size} entries, the others at most {tolerance:g}"
    if not rows:
        return count
    labels = [label for label, _ in rows]
    values = [_number(value, digits) for _, value in rows]
    wide, high = max(map(len, labels)), max(6, *map(len, values))
    cells = [f"{lab:<{wide}} {v:>{high}}" for lab, v in zip(labels, values, strict=True)]
    across = max(1, (width + 4) // (len(cells[0]) + 4))
    down = -(-len(cells) // across)
    lines = ["    ".join(cells[row::down]).rstrip() for row in range(down)]
    return "\n".join([*lines, count])


def _names(shape: tuple[int, ...], axes: Sequence[Sequence[str]] | None) -> list[Sequence[str]]:
    """Return the names of the values of each index, after a check against the shape."""
    if axes is None:
        return [[str(i) for i in range(n)] for n in shape]
    given = tuple(len(names) for names in axes)
    if given != shape:
        raise ValueError(
            f"format_entries: expected names for the shape {shape}, got {given}; "
            "give one sequence an index, with one name a value"
        )
    return list(axes)


def _number(value: Any, digits: int) -> str:
    """Return a number without the parts that are zero: ``-i``, ``0.5``, ``1+2i``."""
    if not isinstance(value, complex):
        return f"{value:.{digits}g}"
    if value.imag == 0:
        return f"{value.real:.{digits}g}"
    imaginary = f"{value.imag:+.{digits}g}i"
    if imaginary[1:] == "1i":
        imaginary = imaginary[0] + "i"
    return imaginary.lstrip("+") if value.real == 0 else f"{value.real:.{digits}g}{imaginary}"
