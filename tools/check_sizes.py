"""Refuse files that do not belong in a repository of text: ``python tools/check_sizes.py FILES``."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["LARGEST", "too_large"]

LARGEST = 1_500_000  # bytes; the sample of digits that ships with the package is just below


def too_large(names: list[str]) -> list[str]:
    """Return those of the files that have more than 1.5 MB, and notebooks of any size."""
    return [name for name in names if _is_too_large(Path(name))]


def _is_too_large(path: Path) -> bool:
    return path.is_file() and (path.suffix == ".ipynb" or path.stat().st_size > LARGEST)


if __name__ == "__main__":
    for name in (found := too_large(sys.argv[1:])):
        print(f"{name}: notebooks and files above {LARGEST} bytes stay out; the build makes them")
    sys.exit(int(bool(found)))
