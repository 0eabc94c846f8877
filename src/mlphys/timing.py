"""The one way in which the course measures time.

A single run of a function says little: the first call compiles, fills caches and opens libraries,
an accelerator returns before it has finished, and other programs use the same cores. So
:func:`measure` warms up, waits for the device, repeats, and reports median and spread. Claims about
speed in the book are ratios of two such medians from the same build.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

__all__ = ["Timing", "measure", "single_thread"]


class Timing(NamedTuple):
    """Durations of one measured function, in seconds.

    Attributes
    ----------
    median, spread, best : float
        Median, interquartile range and minimum of the repeats.
    repeats : int
        Number of measured calls.
    clock : {"wall", "cpu"}
        Elapsed time, or processor time of all threads of this process.
    """

    median: float
    spread: float
    best: float
    repeats: int
    clock: str

    def per(self, count: float) -> float:
        """Return how many of ``count`` things per call were done each second, by the median."""
        return count / self.median

    def __str__(self) -> str:
        return f"{readable(self.median)} ± {readable(self.spread)}"


def measure(
    function: Callable[..., Any],
    *arguments: Any,
    repeats: int = 5,
    warmup: int = 1,
    clock: str = "wall",
    **options: Any,
) -> Timing:
    """Time ``function(*arguments, **options)``.

    Parameters
    ----------
    function : callable
        What to time. Where it returns JAX or TensorFlow arrays, each call is timed until they
        are ready.
    repeats : int
        Number of measured calls, at least 1.
    warmup : int
        Number of calls before them that do not count.
    clock : {"wall", "cpu"}
        Which time to measure; ``"cpu"`` hardly depends on what else the machine does.

    Returns
    -------
    Timing

    Raises
    ------
    ValueError
        If ``repeats`` is below 1, ``warmup`` below 0, or the clock is unknown.

    Examples
    --------
    >>> timing = measure(sum, range(1000), repeats=3)
    >>> timing.repeats, 0 < timing.best <= timing.median
    (3, True)
    """
    if repeats < 1 or warmup < 0:
        raise ValueError(
            f"measure: expected repeats >= 1 and warmup >= 0; got {repeats} and {warmup}"
        )
    clocks = {"wall": time.perf_counter, "cpu": time.process_time}
    if clock not in clocks:
        raise ValueError(f"measure: expected a clock among {sorted(clocks)}; got {clock!r}")
    now = clocks[clock]
    for _ in range(warmup):
        _wait(function(*arguments, **options))
    seconds = []
    for _ in range(repeats):
        start = now()
        _wait(function(*arguments, **options))
        seconds.append(now() - start)
    return summarize(seconds, clock)


def summarize(seconds: list[float], clock: str) -> Timing:
    """Return median, interquartile range and minimum of measured durations.

    Examples
    --------
    >>> summarize([3.0, 1.0, 2.0, 4.0, 5.0], "wall")
    Timing(median=3.0, spread=2.0, best=1.0, repeats=5, clock='wall')
    """
    ordered = sorted(seconds)
    low, median, high = (_quantile(ordered, q) for q in (0.25, 0.5, 0.75))
    return Timing(median, high - low, ordered[0], len(ordered), clock)


def _quantile(ordered: list[float], q: float) -> float:
    """Return the linearly interpolated quantile of a sorted list."""
    position = q * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def readable(seconds: float) -> str:
    """Return a duration with three significant digits and its unit.

    Examples
    --------
    >>> readable(0.01234), readable(2e-7), readable(75.0)
    ('12.3 ms', '200 ns', '75 s')
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)):
        if seconds >= size or unit == "ns":
            return f"{seconds / size:.3g} {unit}"
    raise AssertionError("unreachable")


def single_thread() -> AbstractContextManager:
    """Return a context in which BLAS and OpenMP use one thread.

    Small matrix products lose more by handing work between threads than they gain; on a shared
    machine the loss has a long tail. Every training loop of the course runs inside this context.

    Examples
    --------
    >>> with single_thread():
    ...     1 + 1
    2
    """
    from threadpoolctl import threadpool_limits

    return threadpool_limits(limits=1)


def _wait(result: Any) -> None:
    """Block until device arrays inside ``result`` exist."""
    jax = sys.modules.get("jax")
    if jax is not None:
        jax.block_until_ready(result)
    if "tensorflow" in sys.modules:
        _read_tensors(result)


def _read_tensors(result: Any) -> None:
    """Read each TensorFlow tensor in nested tuples, lists and dicts, which waits for its device."""
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, tuple | list):
        for part in result:
            _read_tensors(part)
    elif type(result).__module__.startswith("tensorflow") and hasattr(result, "numpy"):
        result.numpy()
