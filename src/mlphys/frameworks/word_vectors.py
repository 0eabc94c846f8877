"""Questions to word vectors: who is near, and does a difference carry over?

Nearness is the cosine of the angle between two vectors. An analogy *a − b + c* asks which word lies
nearest to that sum of unit vectors, the three words of the question excepted, as is usual; the
exception matters, since without it one of the three wins most of the time. Chapter:
``book/frameworks/factorization.md``.

References
----------
Mikolov, Yih and Zweig, Proceedings of NAACL-HLT, 746 (2013); Linzen, Proceedings of RepEval, 13
(2016), for what one of the three words achieves alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["nearest_words", "rank_of", "unit_rows"]


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    """Return the rows divided by their lengths.

    Examples
    --------
    >>> unit_rows(np.array([[3.0, 4.0]]))
    array([[0.6, 0.8]])
    """
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def nearest_words(
    vectors: np.ndarray,
    words: Sequence[str],
    plus: Sequence[str],
    minus: Sequence[str] = (),
    *,
    count: int = 5,
) -> list[str]:
    """Return the words nearest to a sum of unit vectors, those asked about left out.

    Parameters
    ----------
    vectors : ndarray of float, shape (words, k)
    words : sequence of str
        In the order of the rows.
    plus, minus : sequence of str
        Words whose unit vectors are added and subtracted.
    count : int, default 5

    Raises
    ------
    ValueError
        If a word is not among ``words``.

    Examples
    --------
    >>> plane = np.array([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [0.1, 1.0]])
    >>> nearest_words(plane, ["east", "east too", "north", "north too"], ["east"], count=1)
    ['east too']
    """
    order = np.argsort(-_scores(vectors, words, plus, minus), kind="stable")
    return [str(words[number]) for number in order[:count]]


def rank_of(
    answer: str,
    vectors: np.ndarray,
    words: Sequence[str],
    plus: Sequence[str],
    minus: Sequence[str] = (),
    *,
    apart_from: Sequence[str] = (),
) -> int:
    """Return the place of a word in the list of the nearest ones, 1 being the nearest.

    Parameters
    ----------
    answer : str
    vectors, words, plus, minus
        As for :func:`nearest_words`.
    apart_from : sequence of str
        More words that the list leaves out.

    Examples
    --------
    >>> plane = np.array([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [0.1, 1.0]])
    >>> rank_of("north", plane, ["east", "east too", "north", "north too"], ["east"])
    3
    """
    scores = _scores(vectors, words, plus, minus, apart_from)
    return 1 + int((scores > scores[_number(words, answer)]).sum())


def _scores(
    vectors: np.ndarray,
    words: Sequence[str],
    plus: Sequence[str],
    minus: Sequence[str],
    apart_from: Sequence[str] = (),
) -> np.ndarray:
    """Return a number that grows with nearness, and minus infinity for words left out."""
    units = unit_rows(vectors)
    asked = np.zeros(vectors.shape[1])
    for sign, group in ((1.0, plus), (-1.0, minus)):
        for word in group:
            asked += sign * units[_number(words, word)]
    scores = units @ asked
    scores[[_number(words, word) for word in (*plus, *minus, *apart_from)]] = -np.inf
    return scores


def _number(words: Sequence[str], word: str) -> int:
    if word not in words:
        raise ValueError(f"expected one of the {len(words)} words of the vocabulary; got {word!r}")
    return list(words).index(word)
