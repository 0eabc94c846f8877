"""Compare the numbers of two builds of the book: ``python tools/compare_results.py OLD NEW``.

Each build leaves ``_build/results.json``: for each chapter the numbers that its prose quotes, and
what its run cost. A number that is computed twice should come out twice the same, up to what
another device and another library version do to floating point. What depends on the machine's
speed may vary more, and is reported as such. The exit code is 1 if anything moved further.

Builds of different scales are not comparable; the tool says so and stops with exit code 2.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import NamedTuple

__all__ = ["Difference", "compare", "read_results"]

# The first word of a number's name that stands here decides how far it may move, relative to the
# larger of the two: 0.5 admits a factor of two, 0.9 a factor of ten.
TOLERANCES = {
    "seconds": 0.5,
    "ms": 0.5,
    "speed": 0.5,
    "speedup": 0.5,
    "rate": 0.5,
    "ratio": 0.5,
    "bytes": 0.5,
    "accuracy": 0.01,
    "error": 0.9,  # an error of rounding or truncation: its size counts, not its digits
    "drift": 0.9,
    "residual": 0.9,
}
DEFAULT = 0.02


class Difference(NamedTuple):
    """One number that moved: where, from what, to what, and how far it might have."""

    chapter: str
    name: str
    old: object
    new: object
    tolerance: float

    def __str__(self) -> str:
        """Return the difference as one line."""
        return f"{self.chapter}: {self.name}: {self.old!r} -> {self.new!r} (allowed {self.tolerance:.0%})"


def read_results(path: Path) -> dict:
    """Return the results of one build.

    Raises
    ------
    ValueError
        If the file is no such thing.
    """
    try:
        results = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: expected the results.json of a build; {error}") from error
    if not isinstance(results, dict) or not {"scale", "chapters"} <= set(results):
        raise ValueError(f"{path}: expected the keys 'scale' and 'chapters'")
    return results


def tolerance(name: str) -> float:
    """Return how far a number may move, relative to its size.

    Examples
    --------
    >>> tolerance("deep_net_accuracy"), tolerance("black_hole_picture_seconds")
    (0.01, 0.5)
    """
    words = name.split("_")
    return next((TOLERANCES[word] for word in words if word in TOLERANCES), DEFAULT)


def close(old: object, new: object, allowed: float) -> bool:
    """Return whether two values agree: numbers within ``allowed``, anything else exactly."""
    if isinstance(old, bool) or isinstance(new, bool):
        return old == new
    if isinstance(old, int | float) and isinstance(new, int | float):
        if math.isnan(old) or math.isnan(new):
            return math.isnan(old) and math.isnan(new)
        if math.isinf(old) or math.isinf(new):
            return old == new
        return abs(new - old) <= allowed * max(abs(old), abs(new))
    return old == new


def compare(old: dict, new: dict) -> tuple[list[Difference], list[str]]:
    """Return the numbers that moved too far, and notes on what only one build has.

    Parameters
    ----------
    old, new : dict
        ``{"scale": str, "chapters": {chapter: {"seconds": float, "values": {name: value}}}}``.

    Raises
    ------
    ValueError
        If the two were built at different scales.
    """
    if old["scale"] != new["scale"]:
        raise ValueError(f"expected two builds of one scale; got {old['scale']} and {new['scale']}")
    moved, notes = [], []
    for chapter in sorted({*old["chapters"], *new["chapters"]}):
        before, after = (build["chapters"].get(chapter) for build in (old, new))
        if before is None or after is None:
            notes.append(f"{chapter}: only in the {'new' if before is None else 'old'} build")
            continue
        first, second = (values_of(entry) for entry in (before, after))
        for name in sorted({*first, *second}):
            if name not in first or name not in second:
                which = "new" if name not in first else "old"
                notes.append(f"{chapter}: {name}: only in the {which} build")
            elif not close(first[name], second[name], tolerance(name)):
                moved.append(Difference(chapter, name, first[name], second[name], tolerance(name)))
    return moved, notes


def values_of(entry: dict) -> dict:
    """Return all comparable numbers of one chapter: those in its prose, and what its run cost."""
    costs = {name: entry[name] for name in ("seconds", "peak_bytes") if entry.get(name) is not None}
    return {**costs, **entry.get("values", {})}


def main(arguments: list[str]) -> int:
    """Run from the command line; return the exit code."""
    if len(arguments) != 2:
        print("usage: python tools/compare_results.py OLD NEW", file=sys.stderr)
        return 2
    try:
        old, new = (read_results(Path(name)) for name in arguments)
        moved, notes = compare(old, new)
    except ValueError as error:
        print(f"compare: {error}", file=sys.stderr)
        return 2
    for line in (*notes, *moved):
        print(f"compare: {line}")
    chapters = len(new["chapters"])
    print(f"compare: {chapters} chapters, {len(moved)} numbers moved too far, {len(notes)} notes")
    return int(bool(moved))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
