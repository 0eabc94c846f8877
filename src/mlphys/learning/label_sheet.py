"""A figure of five hundred digits to label yourself: a sheet to type into, and the same on paper.

In a notebook or on a page the sheet listens to mouse, finger and keyboard, keeps what was typed in
the reader's browser alone, and compares it with the official labels when asked. Its labels can be
copied as one line of text, which :func:`compare_labels` reads. Without scripts and on paper a still
picture stands in its place, as for all figures that listen (:mod:`mlphys.widget`). The script is
``label_sheet.js``, beside this module.

Chapter: ``book/learning/digit_detector.md``.
"""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

import numpy as np

from mlphys.widget import Still, Widget, buttons

__all__ = ["Agreement", "LabelSheet", "compare_labels", "encode_png", "tile_images"]


class Agreement(NamedTuple):
    """How labels of a reader agree with the official ones.

    Attributes
    ----------
    labelled, agreed : int
    disagreements : ndarray of int, shape (m, 3)
        Place, the reader's label, the official one.
    """

    labelled: int
    agreed: int
    disagreements: np.ndarray


def compare_labels(text: str, labels: np.ndarray) -> Agreement:
    """Return how typed labels agree with official ones.

    Parameters
    ----------
    text : str
        One character a digit, in the order of the sheet: 0 ... 9, or a point where there is no
        label yet. White space is ignored.
    labels : ndarray of int, shape (n,)

    Raises
    ------
    ValueError
        If the length differs or another character occurs.

    Examples
    --------
    >>> compare_labels("53.7", np.array([5, 0, 4, 7])).disagreements
    array([[1, 3, 0]])
    """
    typed = "".join(text.split())
    strange = sorted(set(typed) - set("0123456789."))
    if len(typed) != len(labels) or strange:
        raise ValueError(
            f"compare_labels: expected {len(labels)} characters of 0123456789. in the order of the "
            f"sheet; got {len(typed)}, among them {strange or 'no other'}"
        )
    mine = np.array([-1 if character == "." else int(character) for character in typed])
    official = labels.astype(int)
    wrong = np.flatnonzero((mine >= 0) & (mine != official))
    done = int(np.sum(mine >= 0))
    rows = np.stack([wrong, mine[wrong], official[wrong]], axis=1)
    return Agreement(done, done - len(wrong), rows)


def tile_images(images: np.ndarray, *, columns: int = 25) -> np.ndarray:
    """Return one picture of all images in rows of ``columns``; empty places stay 0.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, height, width)
    columns : int

    Returns
    -------
    ndarray of uint8, shape (rows · height, columns · width)

    Examples
    --------
    >>> tile_images(np.arange(3, dtype=np.uint8).reshape(3, 1, 1), columns=2)
    array([[0, 1],
           [2, 0]], dtype=uint8)
    """
    if images.ndim != 3 or images.dtype != np.uint8 or len(images) == 0 or columns < 1:
        raise ValueError(
            "tile_images: expected uint8 images of shape (n, height, width) and columns > 0; got "
            f"shape {images.shape} of {images.dtype} and {columns}"
        )
    n, height, width = images.shape
    rows = -(-n // columns)
    padded = np.zeros((rows * columns, height, width), np.uint8)
    padded[:n] = images
    grid = padded.reshape(rows, columns, height, width)
    return grid.transpose(0, 2, 1, 3).reshape(rows * height, columns * width)


def encode_png(picture: np.ndarray, *, bits: int = 8) -> bytes:
    """Return a greyscale picture as a PNG file.

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width)
    bits : {4, 8}
        Of a pixel. With 4 there are 16 grays, and a sheet of digits takes half of the bytes.

    Examples
    --------
    >>> encode_png(np.zeros((2, 3), np.uint8))[:8]
    b'\\x89PNG\\r\\n\\x1a\\n'
    """
    if bits not in (4, 8):
        raise ValueError(f"encode_png: expected 4 or 8 bits; got {bits}")
    height, width = picture.shape
    if bits == 4:
        grays = np.rint(np.pad(picture, ((0, 0), (0, width % 2))) / 17).astype(np.uint8)
        picture = grays[:, ::2] << 4 | grays[:, 1::2]  # the left pixel in the high half
    lines = np.pad(picture, ((0, 0), (1, 0)))  # each line begins with "no filter"
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0),
        b"IDAT": zlib.compress(lines.tobytes(), 9),
        b"IEND": b"",
    }
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts.items()
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


class LabelSheet(Widget):
    """A sheet of digits to label by hand.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, height, width)
    labels : ndarray of int, shape (n,)
        The official labels, 0 ... 9, for the comparison at the end.
    name : str
        Under which the browser keeps what was typed.
    columns : int

    Raises
    ------
    ValueError
        If labels and images do not belong together.

    Examples
    --------
    >>> sheet = LabelSheet(np.zeros((4, 28, 28), np.uint8), np.array([1, 2, 3, 4]), name="example")
    >>> 'role="application"' in sheet._repr_html_()
    True
    """

    package, style, script = "mlphys.learning", "label_sheet.css", "label_sheet.js"

    def __init__(
        self, images: np.ndarray, labels: np.ndarray, *, name: str, columns: int = 25
    ) -> None:
        if labels.shape != (len(images),) or not np.all((labels >= 0) & (labels <= 9)):
            raise ValueError(
                f"LabelSheet: expected {len(images)} labels 0 ... 9; got shape {labels.shape}"
            )
        self.columns, self.name = min(columns, len(images)), name
        self.labels = labels.astype(int)
        picture = 255 - tile_images(images, columns=self.columns)
        six_grays = 51 * np.rint(picture / 51).astype(np.uint8)
        file = encode_png(six_grays, bits=4)  # less than half of the bytes of all grays
        self.words = f"A sheet of {len(images)} digits to label"
        alt = f"{len(images)} handwritten digits in rows of {self.columns}, without labels."
        self.still = Still(file, file, alt)

    def attributes(self) -> dict[str, str]:
        """Return what the script needs to know: columns, official labels, name."""
        truth = "".join(map(str, self.labels))
        return {
            "data-columns": str(self.columns),
            "data-truth": truth,
            "data-name": self.name,
        }

    def live(self) -> str:
        """Return the sheet, the keys, and what is done with the labels."""
        digits = "".join(f'<button type="button" data-digit="{d}">{d}</button>' for d in range(10))
        tasks = {"compare": "Compare with the official labels", "clear": "Begin anew"}
        return (
            '<canvas role="application" tabindex="0" aria-label="Sheet of digits: arrow keys '
            'choose one, number keys label it"></canvas>'
            '<div class="widget-buttons" role="group" aria-label="Label of the chosen digit">'
            f'{digits}<button type="button" data-digit="." aria-label="No label">✕</button></div>'
            f"{buttons('All labels', tasks, 'do')}"
            '<p class="sheet-status" role="status"></p><label>My labels as text'
            "<textarea readonly></textarea></label>"
        )
