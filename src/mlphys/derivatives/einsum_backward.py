"""The backward step of any einsum: it is an einsum again, with the indices in another order.

For ``y = einsum("ij,jk->ik", a, b)`` and the sensitivity ``g`` of ``y``, the sensitivity of ``a`` is
``einsum("ik,jk->ij", g, b)``: the output's indices change places with those of ``a``. Two kinds of
index need help. One that stands in ``a`` alone was summed there, so that every value of it gets the
same sensitivity: an operand of ones carries it. One that stands twice in ``a`` takes a diagonal, so
that all other entries get zero: a Kronecker delta carries it.

Complex numbers: a sensitivity is the descent direction ∂L/∂x + i ∂L/∂y of the real result L, as in
PyTorch and TensorFlow; JAX returns its conjugate. With it the other operands enter conjugated.

Chapter: ``book/derivatives/reverse_mode.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from string import ascii_letters
from typing import Any

import numpy as np

__all__ = ["EinsumRule", "Subscripts", "backward_rule", "einsum_backward", "read_subscripts"]


@dataclass(frozen=True)
class Subscripts:
    """An einsum with every index named: one letter for each index of each operand and the output.

    ``sizes`` has one number a letter. The ellipsis is spelled out in letters that were not used.
    """

    inputs: tuple[str, ...]
    output: str
    sizes: dict[str, int]
    shapes: tuple[tuple[int, ...], ...]

    def __str__(self) -> str:
        return f"{','.join(self.inputs)}->{self.output}"


@dataclass(frozen=True)
class EinsumRule:
    """How the sensitivity of one operand follows from the output's, as one or two einsums.

    ``gather`` takes the output's sensitivity, all other operands (conjugated), and ``ones``.
    ``spread`` is empty unless the operand has a repeated index; then it takes the result of
    ``gather`` and ``deltas``.
    """

    gather: str
    ones: tuple[np.ndarray, ...]
    spread: str
    deltas: tuple[np.ndarray, ...]

    def apply(self, g: Any, others: Iterable[Any], einsum: Callable[..., Any] = np.einsum) -> Any:
        """Return the operand's sensitivity.

        Parameters
        ----------
        g : array
            Sensitivity of the output.
        others : iterable of arrays
            All operands but this one, in their order, conjugated if they are complex.
        einsum : callable
            ``np.einsum`` or another of the same meaning, such as that of a tape that records the
            backward pass too.
        """
        result = einsum(self.gather, g, *others, *self.ones)
        return einsum(self.spread, result, *self.deltas) if self.spread else result


def einsum_backward(subscripts: str, operands: Iterable[Any], g: Any) -> tuple[np.ndarray, ...]:
    """Return the sensitivity of every operand of ``np.einsum(subscripts, *operands)``.

    Parameters
    ----------
    subscripts : str
        As for ``np.einsum``: with or without ``->``, with ellipses, repeated indices, and indices
        that one operand has alone. An operand's size of 1 stretches as it does in NumPy.
    operands : sequence of array_like
        Any number of arrays, real or complex.
    g : array_like
        Sensitivity of the result, of the result's shape; ∂L/∂x + i ∂L/∂y where it is complex.

    Returns
    -------
    tuple of ndarray
        One sensitivity for each operand, with its shape; real where the operand is real.

    Raises
    ------
    ValueError
        If the subscripts do not fit the operands, or ``g`` does not fit the result.

    Examples
    --------
    The trace: only the diagonal matters. A sum over rows: each entry counts once.

    >>> matrix = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> einsum_backward("ii->", [matrix], 10.0)[0]
    array([[10.,  0.],
           [ 0., 10.]])
    >>> einsum_backward("ij->j", [matrix], [5.0, 7.0])[0]
    array([[5., 7.],
           [5., 7.]])
    """
    arrays = [np.asarray(operand) for operand in operands]
    named = read_subscripts(subscripts, [array.shape for array in arrays])
    g = np.asarray(g)
    expected = tuple(named.sizes[letter] for letter in named.output)
    if g.shape != expected:
        raise ValueError(
            f"einsum_backward: expected a sensitivity of the result's shape {expected} for "
            f"{subscripts!r}, got {g.shape}; pass dL/d(result), one number for each entry"
        )
    flipped = [array.conj() if np.iscomplexobj(array) else array for array in arrays]
    return tuple(
        _like(array, backward_rule(named, k).apply(g, flipped[:k] + flipped[k + 1 :], _einsum))
        for k, array in enumerate(arrays)
    )


def backward_rule(named: Subscripts, k: int) -> EinsumRule:
    """Return the rule for operand ``k`` of an einsum whose subscripts have been read.

    Parameters
    ----------
    named : Subscripts
        From :func:`read_subscripts`.
    k : int
        Which operand, counted from 0.

    Returns
    -------
    EinsumRule

    Examples
    --------
    >>> backward_rule(read_subscripts("ij,jk->ik", [(2, 3), (3, 4)]), 0).gather
    'ik,jk->ij'
    >>> trace = backward_rule(read_subscripts("ii->", [(3, 3)]), 0)
    >>> trace.gather, trace.spread
    (',i->i', 'i,ia->ia')
    """
    spare = iter([letter for letter in ascii_letters if letter not in named.sizes])
    carried = set(named.output)  # letters that reach the backward step with their full size
    others = [j for j in range(len(named.inputs)) if j != k]
    for j in others:
        for letter, size in zip(named.inputs[j], named.shapes[j], strict=True):
            if size == named.sizes[letter]:
                carried.add(letter)
    once, target = "", ""
    ones: dict[str, int] = {}
    deltas: dict[str, int] = {}
    for letter, size in zip(named.inputs[k], named.shapes[k], strict=True):
        if size != named.sizes[letter]:  # a 1 that was stretched: sum over it, and keep a 1
            fresh = _next(spare, named)
            ones[fresh] = 1
            once, target = once + fresh, target + fresh
        elif letter in once:
            fresh = _next(spare, named)
            deltas[letter + fresh] = size
            target += fresh
        else:
            if letter not in carried:
                ones[letter] = size
            once, target = once + letter, target + letter
    around = [named.output, *(named.inputs[j] for j in others), *ones]
    return EinsumRule(
        gather=f"{','.join(around)}->{once}",
        ones=tuple(np.ones(size) for size in ones.values()),
        spread=f"{','.join([once, *deltas])}->{target}" if deltas else "",
        deltas=tuple(np.eye(size) for size in deltas.values()),
    )


def read_subscripts(subscripts: str, shapes: Iterable[tuple[int, ...]]) -> Subscripts:
    """Return the subscripts of an einsum with the ellipsis and the output spelled out.

    Without ``->`` the output has the ellipsis and then, in alphabetical order, the letters that
    stand once.

    Parameters
    ----------
    subscripts : str
        As for ``np.einsum``.
    shapes : iterable of tuple of int
        One for each operand.

    Returns
    -------
    Subscripts

    Raises
    ------
    ValueError
        If they do not fit each other.

    Examples
    --------
    >>> print(read_subscripts("...ij,j", [(5, 2, 3), (3,)]))
    aij,j->ai
    """
    shapes = tuple(tuple(shape) for shape in shapes)
    left, arrow, right = "".join(subscripts.split()).partition("->")
    terms = left.split(",")
    if len(terms) != len(shapes):
        raise ValueError(
            f"einsum: expected {len(terms)} operands for {subscripts!r}, got {len(shapes)}; "
            "one group of letters belongs to each operand"
        )
    _check_letters(subscripts, [*terms, right])
    extra = [
        _extra_indices(subscripts, number, term, shape)
        for number, (term, shape) in enumerate(zip(terms, shapes, strict=True))
    ]
    unused = [letter for letter in ascii_letters if letter not in subscripts]
    dots = "".join(unused[: max(extra)])
    if len(dots) < max(extra):
        raise ValueError(f"einsum: expected at most 52 different indices, got {subscripts!r}")
    inputs = tuple(
        term.replace("...", dots[len(dots) - count :])
        for term, count in zip(terms, extra, strict=True)
    )
    output = right.replace("...", dots) if arrow else dots + _implied(left.replace("...", ""))
    sizes = _sizes(subscripts, inputs, shapes)
    _check_output(subscripts, output, sizes, dots)
    return Subscripts(inputs, output, sizes, shapes)


def _check_letters(subscripts: str, terms: list[str]) -> None:
    """Refuse anything but letters and at most one ellipsis in each group."""
    for term in terms:
        letters = term.replace("...", "", 1)
        if not all(letter in ascii_letters for letter in letters):
            raise ValueError(
                f"einsum: expected letters and at most one '...' in each group, got {term!r} in "
                f"{subscripts!r}; write for instance '...ij,jk->...ik'"
            )


def _extra_indices(subscripts: str, number: int, term: str, shape: tuple[int, ...]) -> int:
    """Return how many indices of one operand its ellipsis stands for."""
    named = len(term.replace("...", ""))
    if len(shape) < named or (len(shape) > named and "..." not in term):
        more = " or more" if "..." in term else ""
        raise ValueError(
            f"einsum: expected {named}{more} indices in operand {number} (counting from 0) of "
            f"{subscripts!r}, got shape {shape}; add letters or '...'"
        )
    return len(shape) - named


def _implied(letters: str) -> str:
    """Return the letters that stand once, in alphabetical order."""
    letters = letters.replace(",", "")
    return "".join(sorted(letter for letter in set(letters) if letters.count(letter) == 1))


def _sizes(
    subscripts: str, inputs: tuple[str, ...], shapes: tuple[tuple[int, ...], ...]
) -> dict[str, int]:
    """Return how many values each letter takes; a size of 1 stretches."""
    sizes: dict[str, int] = {}
    for number, (letters, shape) in enumerate(zip(inputs, shapes, strict=True)):
        own: dict[str, int] = {}
        for letter, size in zip(letters, shape, strict=True):
            before = sizes.get(letter, 1)
            where = f"index {letter!r} of operand {number} (counting from 0) in {subscripts!r}"
            if own.setdefault(letter, size) != size:  # in a diagonal a 1 does not stretch
                raise ValueError(f"einsum: expected size {own[letter]} for {where}, got {size}")
            if size != before and 1 not in (size, before):
                raise ValueError(f"einsum: expected size {before} or 1 for {where}, got {size}")
            sizes[letter] = size if before == 1 else before
    return sizes


def _check_output(subscripts: str, output: str, sizes: dict[str, int], dots: str) -> None:
    """Refuse an output with unknown or repeated letters, or without the ellipsis of the inputs."""
    if len(set(output)) < len(output) or not set(output) <= set(sizes):
        raise ValueError(
            f"einsum: expected each output letter once and among the inputs, got {subscripts!r}; "
            f"the inputs have {''.join(sizes) or 'none'}"
        )
    if not set(dots) <= set(output):
        raise ValueError(
            f"einsum: expected '...' in the output of {subscripts!r}, because the inputs' '...' "
            f"stands for {len(dots)} indices; write it, or name the indices that are to be summed"
        )


def _next(spare: Any, named: Subscripts) -> str:
    """Return a letter that the subscripts do not use."""
    for letter in spare:
        return letter
    raise ValueError(f"einsum_backward: expected fewer different indices, got {named}; rename some")


def _einsum(subscripts: str, *operands: Any) -> Any:
    """Contract pair by pair where there are more than two operands: the loops nest less deeply."""
    return np.einsum(subscripts, *operands, optimize=len(operands) > 2)


def _like(operand: np.ndarray, sensitivity: Any) -> np.ndarray:
    """Return a sensitivity as its operand is: real for real, of its precision if it is a float."""
    real = np.iscomplexobj(sensitivity) and not np.iscomplexobj(operand)
    result = np.asarray(sensitivity.real if real else sensitivity)
    inexact = np.issubdtype(operand.dtype, np.inexact)
    return result.astype(operand.dtype, copy=False) if inexact else result
