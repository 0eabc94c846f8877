"""Arrays: where an entry lies in memory, how shapes meet, and what einsum sums.

The three rules of the chapter *Arrays*, each written out as a plain loop so that NumPy's own
machinery can be checked against it. An array with k indices is *a k-index array*; its *shape* lists
how many values each index takes. Lengths in memory are in bytes.

References
----------
.. [1] C. R. Harris et al., "Array programming with NumPy", Nature 585, 357 (2020).
"""

from itertools import product
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Layout", "broadcast_shape", "contract", "layout", "offset"]


class Layout(NamedTuple):
    """How an array reads its memory.

    ``start`` is the position of its first entry in the memory of the array that owns the data, in
    bytes; ``strides`` are the bytes to walk for one step of each index; ``owner`` tells whether the
    array is the one that owns the data.
    """

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    start: int
    dtype: str
    owner: bool


def layout(array: np.ndarray) -> Layout:
    """Return shape, strides and start of an array, relative to the array that owns the memory.

    Parameters
    ----------
    array : ndarray
        Any array, a view included.

    Returns
    -------
    Layout

    Examples
    --------
    >>> table = np.arange(12.0).reshape(3, 4).copy()
    >>> layout(table[1:, ::2])
    Layout(shape=(2, 2), strides=(32, 16), start=32, dtype='float64', owner=False)
    """
    owner = array
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    start = array.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
    return Layout(array.shape, array.strides, start, array.dtype.name, owner is array)


def offset(index: tuple[int, ...], strides: tuple[int, ...], start: int = 0) -> int:
    """Return where in memory an entry lies: start plus the sum of index times stride.

    Parameters
    ----------
    index, strides : tuple of int
        One number an index of the array.
    start : int
        Position of the first entry.

    Returns
    -------
    int
        Bytes from the beginning of the memory.

    Raises
    ------
    ValueError
        If there are not as many numbers in ``index`` as in ``strides``.

    Examples
    --------
    >>> offset((2, 1), (32, 8))
    72
    """
    if len(index) != len(strides):
        raise ValueError(
            f"offset: expected one number for each of the {len(strides)} strides, "
            f"got {len(index)} in {index}; give the index of a single entry"
        )
    return start + sum(i * stride for i, stride in zip(index, strides, strict=True))


def broadcast_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape in which arrays of the given shapes meet.

    The shapes are aligned at their right ends; missing sizes on the left count as 1; a 1 stretches
    to any size; other sizes must be equal.

    Parameters
    ----------
    *shapes : tuple of int

    Returns
    -------
    tuple of int

    Raises
    ------
    ValueError
        If two sizes at the same place differ and neither is 1.

    Examples
    --------
    >>> broadcast_shape((5, 1, 3), (4, 1))
    (5, 4, 3)
    """
    width = max((len(shape) for shape in shapes), default=0)
    padded = [(1,) * (width - len(shape)) + shape for shape in shapes]
    met = []
    for place, sizes in enumerate(zip(*padded, strict=True)):
        stretched = {size for size in sizes if size != 1}
        if len(stretched) > 1:
            raise ValueError(
                f"broadcast_shape: expected equal sizes or 1 at place {place - width} of "
                f"{', '.join(map(str, shapes))}, got {sorted(stretched)}; "
                "insert an axis of size 1 with [:, None] where the arrays are to be crossed"
            )
        met.append(stretched.pop() if stretched else 1)
    return tuple(met)


def contract(subscripts: str, *arrays: Any) -> np.ndarray:
    """Return the generalized einsum, by loops: name the output's indices, sum over all others.

    ``out[output indices] = Σ (all other indices) Π arrays[their indices]``. It is slow, and it is the
    definition. ``np.einsum`` gives the same numbers, but lets a size of 1 stretch, which is refused here.

    Parameters
    ----------
    subscripts : str
        Letters for the indices of each array, commas between arrays, ``->``, letters of the output:
        ``"ij,jk->ik"``.
    *arrays : array_like

    Returns
    -------
    ndarray
        One index for each letter of the output.

    Raises
    ------
    ValueError
        If the arrow is missing, the number of arrays or of their indices differs from the letters,
        a letter stands for two sizes, or an output letter is unknown or repeated.

    Examples
    --------
    >>> contract("ij,j->i", [[1, 2], [3, 4]], [10, 100])
    array([210, 430])
    """
    tables = [np.asarray(array) for array in arrays]
    inputs, output = _letters(subscripts, len(tables))
    size = _sizes(subscripts, inputs, tables)
    unknown = [letter for letter in output if letter not in size]
    if unknown or len(set(output)) < len(output):
        raise ValueError(
            f"contract: expected each output letter once and among the inputs, got {subscripts!r}; "
            f"the inputs have {''.join(size)}"
        )
    result = np.zeros([size[letter] for letter in output], np.result_type(*tables))
    for values in product(*(range(n) for n in size.values())):
        at = dict(zip(size, values, strict=True))
        term = 1
        for letters, table in zip(inputs, tables, strict=True):
            term = term * table[tuple(at[letter] for letter in letters)]
        result[tuple(at[letter] for letter in output)] += term
    return result


def _letters(subscripts: str, count: int) -> tuple[list[str], str]:
    """Split ``"ij,jk->ik"`` into the letters of the inputs and those of the output."""
    left, arrow, output = subscripts.replace(" ", "").partition("->")
    if not arrow:
        raise ValueError(
            f"contract: expected '->' and the output's indices, got {subscripts!r}; "
            "write for instance 'ij,jk->ik'"
        )
    inputs = left.split(",")
    if len(inputs) != count:
        raise ValueError(
            f"contract: expected {len(inputs)} arrays for {subscripts!r}, got {count}; "
            "one group of letters belongs to each array"
        )
    return inputs, output


def _sizes(subscripts: str, inputs: list[str], tables: list[np.ndarray]) -> dict[str, int]:
    """Return how many values each letter takes."""
    size: dict[str, int] = {}
    for number, (letters, table) in enumerate(zip(inputs, tables, strict=True)):
        if len(letters) != table.ndim:
            raise ValueError(
                f"contract: expected an array with {len(letters)} indices for {letters!r} in "
                f"{subscripts!r}, got shape {table.shape} for array {number}, counting from 0"
            )
        for letter, n in zip(letters, table.shape, strict=True):
            if size.setdefault(letter, n) != n:
                raise ValueError(
                    f"contract: expected one size for {letter!r} in {subscripts!r}, got "
                    f"{size[letter]} and {n}; unlike in broadcasting, a 1 does not stretch here"
                )
    return size
