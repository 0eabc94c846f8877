r"""Huffman's code: the shortest average length that whole bits for every letter can give.

The two rarest letters are merged into one, again and again; each merge puts one bit in front of the
code words below it. No code word begins another (the *prefix property*), so that a receiver knows
where a word ends, and the lengths fill the binary tree: :math:`\sum_i 2^{-l_i} = 1` (Kraft).

Code words are strings of ``"0"`` and ``"1"``, for reading, not for saving.

Chapter: ``book/learning/coding.md``.

References
----------
Huffman, "A method for the construction of minimum-redundancy codes", Proceedings of the IRE 40
(1952) 1098.
"""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from mlphys.learning.coding import CodeError

__all__ = ["average_length", "build", "decode", "encode", "kraft_sum", "words"]


def build(weights: Mapping[Any, Any]) -> dict[Any, str]:
    """Return Huffman's code word of every letter.

    Parameters
    ----------
    weights : mapping of letter to number
        Probabilities or counts, none negative, at least one letter. Exact with integers and
        fractions. Ties go to what was listed, or merged, first.

    Returns
    -------
    dict of letter to str
        In the order of ``weights``. A lone letter gets ``"0"``: an empty word could not be counted.

    Raises
    ------
    ValueError
        If there is no letter, or a weight is negative or not finite.

    Examples
    --------
    >>> build({"a": 0.5, "b": 0.25, "c": 0.125, "d": 0.125})
    {'a': '0', 'b': '10', 'c': '110', 'd': '111'}
    """
    if not weights or not all(0 <= weight < float("inf") for weight in weights.values()):
        raise ValueError(
            "build: expected at least one letter, and weights that are finite and not negative; "
            f"got {dict(weights)}"
        )
    letters = list(weights)
    if len(letters) == 1:
        return {letters[0]: "0"}
    heap: list[tuple[Any, int, Any]] = [(weights[a], i, a) for i, a in enumerate(letters)]
    nodes: dict[int, tuple[Any, Any]] = {}  # a merge: numbers of its two parts
    heapq.heapify(heap)
    for number in range(len(letters), 2 * len(letters) - 1):
        first, second = heapq.heappop(heap), heapq.heappop(heap)
        nodes[number] = first[1], second[1]
        heapq.heappush(heap, (first[0] + second[0], number, None))
    code = {heap[0][1]: ""}
    for number in sorted(nodes, reverse=True):
        bits = code.pop(number)
        code.update(zip(nodes[number], (bits + "0", bits + "1"), strict=True))
    return {letter: code[i] for i, letter in enumerate(letters)}


def encode(message: Iterable[Hashable], code: Mapping[Any, str]) -> str:
    """Return the code words of a message one after the other.

    Raises
    ------
    ValueError
        If a letter has no code word.

    Examples
    --------
    >>> encode("abad", {"a": "0", "b": "10", "c": "110", "d": "111"})
    '0100111'
    """
    try:
        return "".join([code[letter] for letter in message])
    except KeyError as missing:
        raise ValueError(
            f"encode: expected letters of the code, {list(code)[:8]} ...; got {missing}"
        ) from None


def decode(bits: str, code: Mapping[Any, str]) -> list[Any]:
    """Return the message of a string of bits.

    Parameters
    ----------
    bits : str of "0" and "1"
    code : mapping of letter to str
        With the prefix property.

    Raises
    ------
    CodeError
        If the bits end within a code word, or begin none.

    Examples
    --------
    >>> decode("0100111", {"a": "0", "b": "10", "c": "110", "d": "111"})
    ['a', 'b', 'a', 'd']
    """
    letters = {word: letter for letter, word in code.items()}
    longest = max(map(len, letters))
    message, word = [], ""
    for place, bit in enumerate(bits):
        word += bit
        if word in letters:
            message.append(letters[word])
            word = ""
        elif len(word) >= longest:
            raise CodeError(f"decode: {word!r}, which ends at bit {place}, begins no code word")
    if word:
        raise CodeError(
            f"decode: expected whole code words; the bits end within one, after {word!r}. "
            "The stream was cut or damaged"
        )
    return message


def words(weights: Mapping[Any, Any], length: int) -> dict[tuple, Any]:
    """Return the weights of all words of several independent letters.

    Parameters
    ----------
    weights : mapping of letter to number
    length : int
        Letters a word, 1 or more; at most a million words.

    Returns
    -------
    dict of tuple to number

    Examples
    --------
    >>> words({"a": 0.75, "b": 0.25}, 2)[("a", "b")]
    0.1875
    """
    if length < 1 or len(weights) ** length > 1_000_000:
        raise ValueError(
            f"words: expected a length from 1 on, with at most a million words; got length "
            f"{length} of {len(weights)} letters. An arithmetic coder needs no list of words"
        )
    return {word: prod(weights[a] for a in word) for word in product(weights, repeat=length)}


def average_length(weights: Mapping[Any, Any], code: Mapping[Any, str]) -> Any:
    """Return the mean number of bits of a code word, weighted.

    Examples
    --------
    >>> average_length({"a": 0.5, "b": 0.25, "c": 0.25}, {"a": "0", "b": "10", "c": "11"})
    1.5
    """
    return sum(weights[a] * len(code[a]) for a in weights) / sum(weights.values())


def kraft_sum(code: Mapping[Any, str]) -> Fraction:
    """Return the sum of 2**-length over all code words: 1 if the tree is full.

    Examples
    --------
    >>> kraft_sum({"a": "0", "b": "10", "c": "11"})
    Fraction(1, 1)
    """
    return sum((Fraction(1, 1 << len(word)) for word in code.values()), Fraction(0))
