r"""How many cells a ReLU net can have, and a net that folds the square to get many.

n lines in general position cut a plane in :math:`1 + n + \binom n2` cells; n hyperplanes cut d
dimensions in :math:`\sum_{j \le d} \binom nj` (Zaslavsky). A deep net can do better than one layer
of as many units: where a layer folds the plane onto itself, each later cut appears once a sheet.

Chapter: ``book/learning/representation.md``.

References
----------
Zaslavsky, "Facing up to arrangements", Mem. Amer. Math. Soc. 154 (1975); Montúfar, Pascanu, Cho and
Bengio, arXiv:1402.1869, theorem 5 (lower bound); the upper bound is Zaslavsky's applied to every
cell of the layers before.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, prod

import numpy as np

from mlphys.learning.deep_net import Layer

__all__ = ["arrangement_cells", "deep_lower_bound", "deep_upper_bound", "folding_net"]


def arrangement_cells(cuts: int, dimension: int) -> int:
    """Return the largest number of cells that hyperplanes cut a space in.

    Parameters
    ----------
    cuts, dimension : int
        0 or more.

    Examples
    --------
    >>> [arrangement_cells(n, 2) for n in range(5)]
    [1, 2, 4, 7, 11]
    """
    if cuts < 0 or dimension < 0:
        raise ValueError(
            f"arrangement_cells: expected numbers of 0 or more; got {cuts} and {dimension}"
        )
    return sum(comb(cuts, j) for j in range(dimension + 1))


def deep_lower_bound(inputs: int, widths: Sequence[int]) -> int:
    r"""Return a number of cells that some net with these hidden widths has.

    :math:`\prod_{l<L} \lfloor n_l/d \rfloor^d \cdot \sum_{j \le d} \binom{n_L}{j}` for d inputs.

    Examples
    --------
    >>> deep_lower_bound(2, [4, 4, 4])
    176
    """
    _check_widths(inputs, widths)
    folds = prod((n // inputs) ** inputs for n in widths[:-1])
    return folds * arrangement_cells(widths[-1], inputs)


def deep_upper_bound(inputs: int, widths: Sequence[int]) -> int:
    """Return a number of cells that no net with these hidden widths exceeds.

    Each cell of the earlier layers is cut by at most as many lines as the next layer has units; in
    it the signal varies in no more dimensions than the narrowest layer before had.

    Examples
    --------
    >>> deep_upper_bound(2, [4, 4, 4])
    1331
    """
    _check_widths(inputs, widths)
    dimension, bound = inputs, 1
    for n in widths:
        dimension = min(dimension, n)
        bound *= arrangement_cells(n, dimension)
    return bound


def folding_net(folds: int, last_weights: np.ndarray, last_offsets: np.ndarray) -> list[Layer]:
    r"""Return a net on the square [-1, 1]² that folds it on itself again and again.

    Each folding layer has 4 units, :math:`\max(\pm x, 0)` and :math:`\max(\pm y, 0)`. The next one
    reads :math:`2|x| - 1` and :math:`2|y| - 1` from them: the four quarters lie on top of each other
    and fill the square again. The last hidden layer cuts the folded square by lines of its own, and
    its units are summed.

    Parameters
    ----------
    folds : int
        Number of folding layers, 0 or more.
    last_weights : ndarray, shape (2, n)
    last_offsets : ndarray, shape (n,)

    Examples
    --------
    >>> from mlphys.learning.representation import affine_cells
    >>> corner = np.array([[1.0], [1.0]])  # one line cuts off a corner of each of 16 sheets
    >>> len(affine_cells(folding_net(2, corner, np.array([-0.9]))))
    32
    """
    if folds < 0:
        raise ValueError(f"folding_net: expected 0 or more folds; got {folds}")
    both = np.array([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
    read = 2 * abs(both.T)  # (4, 2): from the four units to 2|x| and 2|y|
    layers, incoming, shift = [], np.eye(2), np.zeros(2)
    for _ in range(folds):
        layers.append(Layer(incoming @ both, shift @ both))
        incoming, shift = read, -np.ones(2)
    layers.append(Layer(incoming @ last_weights, shift @ last_weights + last_offsets))
    layers.append(Layer(np.ones((last_weights.shape[1], 1)), np.zeros(1)))
    return layers


def _check_widths(inputs: int, widths: Sequence[int]) -> None:
    if inputs < 1 or not widths or min(widths) < 1:
        raise ValueError(
            "bound: expected at least one input and one hidden layer, all widths above 0; "
            f"got {inputs} and {list(widths)}"
        )
