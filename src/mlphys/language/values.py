"""Two independent opinions on one yes-or-no question, combined by the rule of Bayes.

If one witness gives a statement the probability p₁ and an independent one gives it p₂, and nothing
else favors either answer, then both together give it

    p = p₁ p₂ / (p₁ p₂ + (1 − p₁)(1 − p₂)).

In odds p/(1 − p) the rule is a product. Part III meets the rule again as a sum of evidence. A second
function measures how the time of a search grows with a collection. Chapter:
``book/language/values.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from numbers import Real
from typing import Any

from mlphys.timing import measure

__all__ = ["check_probability", "combine_probabilities", "search_growth"]


def combine_probabilities(first: Any, *others: Any) -> Any:
    """Return the probability that independent opinions give together, from left to right.

    Parameters
    ----------
    first, *others : real number
        Probabilities in [0, 1]: ``int``, ``float`` or ``fractions.Fraction``. With fractions the
        result is exact.

    Returns
    -------
    number
        p₁p₂ / (p₁p₂ + (1 − p₁)(1 − p₂)), applied again for each further opinion.

    Raises
    ------
    TypeError
        If an opinion is not a real number.
    ValueError
        If an opinion lies outside [0, 1] or is NaN, or if one is certain that yes and another
        certain that no: no probability follows from a contradiction.

    Examples
    --------
    >>> combine_probabilities(0.75, 0.75)
    0.9
    >>> from fractions import Fraction
    >>> combine_probabilities(Fraction(3, 4), Fraction(3, 4), Fraction(1, 10))
    Fraction(1, 2)
    """
    for position, value in enumerate((first, *others)):
        check_probability(value, name=f"opinion #{position}, counting from 0")
    together = first
    for position, other in enumerate(others, start=1):
        both_yes = together * other
        both_no = (1 - together) * (1 - other)
        if {0, 1} <= {together, other}:
            raise ValueError(
                f"combine_probabilities: expected opinions that can all be right; got {other} "
                f"(#{position}) after {together}; certainty for and against leaves no probability"
            )
        together = both_yes / (both_yes + both_no)
    return together


def check_probability(value: Any, *, name: str) -> None:
    """Raise unless ``value`` is a real number in [0, 1].

    Parameters
    ----------
    value : object
        What to check.
    name : str
        How the message calls it.

    Raises
    ------
    TypeError
        If it is not a real number (``bool`` counts as none: True is an answer, no probability).
    ValueError
        If it is NaN or outside [0, 1]; both ends are allowed, as the message says.

    Examples
    --------
    >>> check_probability(1.5, name="p1")
    Traceback (most recent call last):
    ...
    ValueError: p1: expected a probability, 0 <= p <= 1; got 1.5; percentages need a division by 100
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(
            f"{name}: expected a real number; got {type(value).__name__} {value!r}; "
            "convert it with float() or Fraction()"
        )
    number: Any = value  # Real, as the type checker knows it, has no order
    if not 0 <= number <= 1:  # NaN compares False, so it is refused here
        raise ValueError(
            f"{name}: expected a probability, 0 <= p <= 1; got {value}; "
            "percentages need a division by 100"
        )


def search_growth(
    kind: Callable[[Iterable[int]], Collection[int]],
    *,
    small: int = 1_000,
    large: int = 100_000,
    searches: int = 20,
    rounds: int = 5,
) -> list[float]:
    """Return how many times longer an unsuccessful search takes in a larger collection.

    Parameters
    ----------
    kind : callable
        Makes the collection of a range of integers: ``list``, ``set``, ``tuple``, ….
    small, large : int
        Numbers of members to compare, at least 1.
    searches : int
        Different values to look for in one measured call; none of them is a member.
    rounds : int
        Number of ratios.

    Returns
    -------
    list of float
        Ratios of processor times, ascending; the middle one is the median.

    Raises
    ------
    ValueError
        If a number is below 1.

    Examples
    --------
    >>> ratios = search_growth(list, small=10, large=1_000, searches=5, rounds=3)
    >>> len(ratios), ratios == sorted(ratios)
    (3, True)
    """
    least = min(small, large, searches, rounds)
    if least < 1:
        raise ValueError(f"search_growth: expected numbers of at least 1; got {least}")
    strangers = range(-searches, 0)

    def seek(members: Collection[int]) -> None:
        for x in strangers:
            _ = x in members

    def seconds(members: Collection[int]) -> float:
        once = measure(seek, members, repeats=1, clock="cpu").best
        calls = max(1, round(1e-3 / max(once, 1e-7)))  # about a millisecond, far above the clock

        def seek_often() -> None:
            for _ in range(calls):
                seek(members)

        return measure(seek_often, repeats=1, clock="cpu").best / calls

    collections = kind(range(small)), kind(range(large))
    ratios = [seconds(collections[1]) / seconds(collections[0]) for _ in range(rounds)]
    return sorted(ratios)
