"""Small functions that keep their contracts: the second halves of the chapter's pairs.

Each does one thing that is easy to do carelessly: take random numbers, read a file that a person
typed, rescale data. Each checks what it is given, changes nothing that it does not own, and says
in its error what was expected, what came, and what to do.

Chapter: ``book/language/craft.md``, which shows the careless first halves.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

__all__ = ["bootstrap_error", "read_column", "standardize"]


def bootstrap_error(sample: np.ndarray, *, rng: np.random.Generator, repeats: int = 200) -> float:
    """Return the standard error of the mean of a sample, by drawing from it with replacement.

    Parameters
    ----------
    sample : ndarray
        Shape ``(n,)``, at least two finite numbers.
    rng : numpy.random.Generator
        Source of random numbers; the caller's, so that no hidden state exists.
    repeats : int
        How many samples of size n to draw, at least 2.

    Returns
    -------
    float
        Standard deviation of the means of the drawn samples, in the unit of the sample.

    Raises
    ------
    ValueError
        If the sample is no row of at least two finite numbers, or ``repeats`` is below 2.

    References
    ----------
    Efron (1979), Bootstrap methods: another look at the jackknife, doi:10.1214/aos/1176344552

    Examples
    --------
    >>> rng = np.random.default_rng(1979)
    >>> sample = rng.normal(size=400)
    >>> round(bootstrap_error(sample, rng=rng), 2)  # 1/√400 = 0.05
    0.05
    """
    values = _row("bootstrap_error", sample)
    if repeats < 2:
        raise ValueError(f"bootstrap_error: expected repeats >= 2; got {repeats}")
    drawn = rng.integers(len(values), size=(repeats, len(values)))
    return float(values[drawn].mean(axis=1).std(ddof=1))


def read_column(lines: Iterable[str]) -> list[float]:
    """Return the numbers of a text that holds one number a line.

    Parameters
    ----------
    lines : iterable of str
        Lines with or without their ends. Blank lines and lines that start with ``#`` are no data.

    Returns
    -------
    list of float
        All numbers in their order, each of them finite.

    Raises
    ------
    ValueError
        If a line is no finite number: the message gives its place, counted from 1, and its text.

    Examples
    --------
    >>> read_column(["# g in m/s²", "9.81", "", "9.79"])
    [9.81, 9.79]
    >>> read_column(["9.81", "9,79"])
    Traceback (most recent call last):
    ...
    ValueError: line 2: expected one number such as 9.81; got '9,79': write a decimal point
    """
    return [
        _number(text.strip(), place)
        for place, text in enumerate(lines, 1)
        if text.strip() and not text.lstrip().startswith("#")
    ]


def standardize(values: np.ndarray) -> np.ndarray:
    """Return the values shifted and scaled to mean 0 and standard deviation 1.

    Parameters
    ----------
    values : ndarray
        Shape ``(n,)``, at least two finite numbers that are not all equal. It is not changed.

    Returns
    -------
    ndarray
        Shape ``(n,)``, new, float64, without unit.

    Raises
    ------
    ValueError
        If the values are no such row, or are equal up to rounding and so have no scale.

    Examples
    --------
    >>> standardize(np.array([1.0, 3.0]))
    array([-1.,  1.])
    """
    row = _row("standardize", values)
    largest = abs(row).max()
    unit = row / largest if largest else row  # squares of large numbers would overflow
    spread = unit.std()
    if not spread > 1e-15:
        raise ValueError(
            "standardize: expected values that differ by more than rounding;"
            f" all are {row[0]}, so there is no scale: leave this column out"
        )
    return (unit - unit.mean()) / spread


def _row(name: str, values: np.ndarray) -> np.ndarray:
    """Return the values as a float64 row after checking that they are one."""
    row = np.asarray(values, dtype=np.float64)
    if row.ndim != 1 or len(row) < 2:
        raise ValueError(
            f"{name}: expected a row of at least two numbers; got an array of shape {row.shape}"
        )
    bad = np.flatnonzero(~np.isfinite(row))
    if len(bad):
        raise ValueError(
            f"{name}: expected finite numbers; got {row[bad[0]]} at index {bad[0]}:"
            " find out where it comes from before you remove it"
        )
    return row


def _number(text: str, place: int) -> float:
    advice = "write a decimal point" if "," in text else "correct the line or mark it with #"
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not np.isfinite(number):
        raise ValueError(
            f"line {place}: expected one number such as 9.81; got {text!r}: {advice}"
        ) from None
    return number
