"""Solving many symmetric 4×4 systems at once, written out.

The library routine for linear systems eliminates, and must pivot: g_tt vanishes at the edge of an
ergosphere. Cofactors need no pivots, hence no branches, and are plain arithmetic on arrays of any
library. There is a second reason: JAX 0.10.2 hands batches of eliminations to threads that, on a
machine with few cores, can wait for one another for ever.
"""

from typing import Any

__all__ = ["Four", "solve"]

Four = tuple[Any, Any, Any, Any]


def solve(matrix: list[Four], b: Four) -> Four:
    """Solve a symmetric 4×4 system by cofactors, without pivots.

    Parameters
    ----------
    matrix : list of four tuples of four arrays
        Rows; what lies below the diagonal is not read.
    b : tuple of four arrays
        Right-hand side; all arrays have one shape, an axis of systems for instance.

    Returns
    -------
    tuple of four arrays

    Examples
    --------
    >>> solve([(2.0, 0.0, 0.0, 0.0), (0.0, 4.0, 0.0, 0.0), (0.0, 0.0, 5.0, 0.0),
    ...        (0.0, 0.0, 0.0, 8.0)], (2.0, 2.0, 2.0, 2.0))
    (1.0, 0.5, 0.4, 0.25)
    """
    (a00, a01, a02, a03), (_, a11, a12, a13), (_, _, a22, a23), (_, _, _, a33) = matrix
    # 2×2 minors of the upper two rows (s) and of the lower two (c)
    s0, s1, s2 = a00 * a11 - a01 * a01, a00 * a12 - a01 * a02, a00 * a13 - a01 * a03
    s3, s4, s5 = a01 * a12 - a11 * a02, a01 * a13 - a11 * a03, a02 * a13 - a12 * a03
    c0, c1, c2 = s5, a02 * a23 - a03 * a22, a02 * a33 - a03 * a23
    c3, c4, c5 = a12 * a23 - a13 * a22, a12 * a33 - a13 * a23, a22 * a33 - a23 * a23
    determinant = s0 * c5 - s1 * c4 + s2 * c3 + s3 * c2 - s4 * c1 + s5 * c0
    i00 = a11 * c5 - a12 * c4 + a13 * c3
    i01 = a02 * c4 - a01 * c5 - a03 * c3
    i02 = a13 * s5 - a23 * s4 + a33 * s3
    i03 = a22 * s4 - a12 * s5 - a23 * s3
    i11 = a00 * c5 - a02 * c2 + a03 * c1
    i12 = a23 * s2 - a03 * s5 - a33 * s1
    i13 = a02 * s5 - a22 * s2 + a23 * s1
    i22 = a03 * s4 - a13 * s2 + a33 * s0
    i23 = a12 * s2 - a02 * s4 - a23 * s0
    i33 = a02 * s3 - a12 * s1 + a22 * s0
    b0, b1, b2, b3 = b
    return (
        (i00 * b0 + i01 * b1 + i02 * b2 + i03 * b3) / determinant,
        (i01 * b0 + i11 * b1 + i12 * b2 + i13 * b3) / determinant,
        (i02 * b0 + i12 * b1 + i22 * b2 + i23 * b3) / determinant,
        (i03 * b0 + i13 * b1 + i23 * b2 + i33 * b3) / determinant,
    )
