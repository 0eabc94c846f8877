"""Compare two builds of the book: ``python tools/compare_builds.py _build/html other/_build/html``.

Two builds from the same sources must tell the reader the same: the text of every output, and every
figure to the byte or to a hair's breadth. Cells with the tag ``timing`` may differ. Differences are
named by notebook and cell.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["compare_builds", "compare_notebooks", "figure_difference", "main"]

TIMING = "timing"
TEXT = ("text/plain", "text/html", "text/markdown", "text/latex")
FIGURES = ("image/png", "image/jpeg")
PIXELS = 0.001  # the share of pixels that may differ between two drawings of a figure


def compare_builds(first: Path, second: Path) -> list[str]:
    """Return one sentence for each difference between the notebooks of two sites.

    Parameters
    ----------
    first, second : pathlib.Path
        Folders of the two sites (``_build/html``).

    Raises
    ------
    FileNotFoundError
        If a folder holds no built site.
    """
    notebooks = [_notebooks(folder) for folder in (first, second)]
    differences = [
        f"{name}: only in one build" for name in sorted(set(notebooks[0]) ^ set(notebooks[1]))
    ]
    for name in sorted(set(notebooks[0]) & set(notebooks[1])):
        pair = (json.loads((folder / name).read_text("utf-8")) for folder in (first, second))
        differences += [f"{name}: {text}" for text in compare_notebooks(*pair)]
    return differences


def _notebooks(site: Path) -> list[str]:
    index = site / "_sources" / "notebooks.json"
    if not index.exists():
        raise FileNotFoundError(f"compare_builds: expected a built site at {site}; run `make book`")
    return [entry["notebook"] for entry in json.loads(index.read_text("utf-8"))]


def compare_notebooks(first: dict[str, Any], second: dict[str, Any]) -> Iterator[str]:
    """Yield one sentence for each cell in which two notebooks differ.

    Text cells count as well: they hold the numbers of the prose.
    """
    if len(first["cells"]) != len(second["cells"]):
        yield f"{len(first['cells'])} cells in one, {len(second['cells'])} in the other"
        return
    for number, (one, two) in enumerate(zip(first["cells"], second["cells"], strict=True), start=1):
        if TIMING in one["metadata"].get("tags", []):
            continue
        where = f"cell {number}"
        if one["source"] != two["source"]:
            yield f"{where}: {_first_difference(_join(one['source']), _join(two['source']))}"
        yield from (f"{where}: {text}" for text in _compare_outputs(one, two))


def _compare_outputs(one: dict[str, Any], two: dict[str, Any]) -> Iterator[str]:
    texts = [_texts(cell) for cell in (one, two)]
    if texts[0] != texts[1]:
        yield f"printed {_first_difference(*texts)}"
    figures = [_figures(cell) for cell in (one, two)]
    if len(figures[0]) != len(figures[1]):
        yield f"{len(figures[0])} figures in one, {len(figures[1])} in the other"
        return
    for number, pair in enumerate(zip(*figures, strict=True), start=1):
        share = figure_difference(*pair)
        if share > PIXELS:
            yield f"figure {number} differs in {share:.1%} of its pixels"


def _texts(cell: dict[str, Any]) -> str:
    parts = []
    for output in cell.get("outputs", []):
        parts += [_join(output.get(part, "")) for part in ("text", "ename", "evalue")]
        parts += [_join(data) for kind, data in output.get("data", {}).items() if kind in TEXT]
    return "\n".join(filter(None, parts))


def _figures(cell: dict[str, Any]) -> list[bytes]:
    found = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        found += [base64.b64decode(_join(data[kind])) for kind in FIGURES if kind in data]
        if "image/svg+xml" in data:
            found.append(_join(data["image/svg+xml"]).encode())
    return found


def _join(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _first_difference(one: str, two: str) -> str:
    """Return the first lines in which two texts differ."""
    lines = [[*text.splitlines(), ""] for text in (one, two)]
    length = max(map(len, lines))
    padded = [part + [""] * (length - len(part)) for part in lines]
    old, new = next(pair for pair in zip(*padded, strict=True) if pair[0] != pair[1])
    return f"{old[:120]!r} in one, {new[:120]!r} in the other"


def figure_difference(one: bytes, two: bytes) -> float:
    """Return the share of pixels in which two pictures differ visibly, in [0, 1].

    A pixel counts if any of its channels differs by more than 2 of 255. Pictures of different size
    or kind differ wholly.

    Examples
    --------
    >>> figure_difference(b"the same bytes", b"the same bytes")
    0.0
    """
    if one == two:
        return 0.0
    from PIL import Image, UnidentifiedImageError

    try:
        pixels = [
            np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"), float) for data in (one, two)
        ]
    except UnidentifiedImageError:  # drawings (SVG) are compared by their bytes
        return 1.0
    if pixels[0].shape != pixels[1].shape:
        return 1.0
    return float(np.mean(np.abs(pixels[0] - pixels[1]).max(axis=-1) > 2))


def main() -> int:
    """Read the command line, print the differences, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "sites", type=Path, nargs=2, help="two folders of built pages (_build/html)"
    )
    differences = compare_builds(*parser.parse_args().sites)
    for text in differences:
        print(f"compare: {text}")
    print(
        f"compare: {len(differences)} differences" if differences else "compare: the builds agree"
    )
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
