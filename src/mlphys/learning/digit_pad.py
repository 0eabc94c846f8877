"""A pad to draw a digit on: the evidence map of a detector and the answer of a net, live.

The HTML fragment needs nothing else, neither a file nor another host: weights, examples and script
(``digit_pad.js``, beside this module) travel in it. It listens to mouse, finger, keys and buttons.
Without scripts, on paper and in formats other than HTML a still picture stands in its place.

What is drawn is brought into the form of MNIST's digits first, by :func:`center_drawing`. The
detector adds up an **evidence map**, weight times ink of each of 14×14 pixels, in nats. The weights
of the net are rounded to one byte each by :func:`round_weights`, with one factor for each unit.

:class:`Reader` does in NumPy what the script does, so that tests can compare the two.

Chapter: ``book/learning/digit_detector.md``.

References
----------
LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition",
Proceedings of the IEEE 86 (1998) 2278, section III A: how the digits of MNIST were centered.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from mlphys.learning.deep_net import DeepNet, Layer
from mlphys.learning.digit_detector import Detector, detector_weights
from mlphys.learning.inputs import PixelScale
from mlphys.widget import Widget, still_of, to_json

__all__ = [
    "DigitPad",
    "Reader",
    "Reading",
    "RoundedLayer",
    "center_drawing",
    "draw_strokes",
    "make_reader",
    "round_weights",
]

FIELD, BOX = 28, 20  # side of an MNIST picture, and of the box that its ink is fitted into
MIDDLE = 14.5  # where MNIST has the center of mass, from the edge: in the middle of pixel 14
TOP = 127  # largest weight of a unit after rounding; fits into one signed byte
DECIMALS = 6  # of all other numbers that travel with the page
COLORS = 32  # of the still picture
UNITS = {"arctan": np.arctan, "tanh": np.tanh}  # that the script knows, too


class RoundedLayer(NamedTuple):
    """A layer with weights of one byte.

    Attributes
    ----------
    weights : ndarray of int8, shape (fan_in, fan_out)
    factors : ndarray of float, shape (fan_out,)
        A weight is the byte times the factor of its unit.
    offsets : ndarray of float, shape (fan_out,)
    """

    weights: np.ndarray
    factors: np.ndarray
    offsets: np.ndarray


class Reading(NamedTuple):
    """What detector and net say about one picture.

    Attributes
    ----------
    evidence : ndarray, shape (14, 14)
        Weight times ink, in nats; with the offset it adds up to ``logit``.
    logit : float
        Of the detector.
    net_logits : ndarray, shape (10,)
    """

    evidence: np.ndarray
    logit: float
    net_logits: np.ndarray


class Reader(NamedTuple):
    """Detector and net as the pad has them: a map of weights, and layers of bytes.

    Attributes
    ----------
    weights : ndarray, shape (14, 14)
    offset : float
    pixels : PixelScale
    layers : tuple of RoundedLayer
    unit : {"arctan", "tanh"}
        Kind of unit between the layers.
    """

    weights: np.ndarray
    offset: float
    pixels: PixelScale
    layers: tuple[RoundedLayer, ...]
    unit: str = "arctan"

    def net_logits(self, ink: np.ndarray) -> np.ndarray:
        """Return the logits of the net in float64.

        Parameters
        ----------
        ink : ndarray of float, shape (n, 28, 28)
            In 0 ... 1.

        Returns
        -------
        ndarray, shape (n, 10)
        """
        a = (255 * ink.reshape(len(ink), -1) - self.pixels.shift) * self.pixels.factor
        unit = UNITS[self.unit]
        for depth, layer in enumerate(self.layers):
            a = (unit(a) if depth else a) @ layer.weights * layer.factors + layer.offsets
        return a

    def read(self, ink: np.ndarray) -> Reading:
        """Return what both say about one picture.

        Parameters
        ----------
        ink : ndarray of float, shape (28, 28)
            In 0 ... 1.

        Examples
        --------
        >>> net = DeepNet((784, 3, 10), rng=np.random.default_rng(0))
        >>> reader = make_reader(Detector(np.ones(196), -2.0), net, pixels=PixelScale())
        >>> reader.read(np.full((28, 28), 0.5)).logit
        96.0
        """
        half = FIELD // 2
        evidence = self.weights * ink.reshape(half, 2, half, 2).mean(axis=(1, 3))
        return Reading(
            evidence, float(evidence.sum() + self.offset), self.net_logits(ink[np.newaxis])[0]
        )


def make_reader(detector: Detector, net: DeepNet, *, pixels: PixelScale) -> Reader:
    """Return detector and net as the pad has them, the net's weights rounded to bytes.

    Parameters
    ----------
    detector : Detector
        Of 14×14 pixels.
    net : DeepNet
        Of 28×28 pixels, with arctan or tanh units and ten classes.
    pixels : PixelScale
        That the net was trained with.

    Raises
    ------
    ValueError
        If the detector or the net has another form.
    """
    unit, form = net.activation.name, (net.sizes[0], net.sizes[-1])
    fits = unit in UNITS and form == (FIELD**2, 10)
    if not fits or detector.weights.size != (FIELD // 2) ** 2:
        raise ValueError(
            "make_reader: expected a detector of 196 weights and a net of arctan or tanh units from "
            f"784 pixels to 10 classes; got {detector.weights.size} weights and {net!r}"
        )
    arrays = detector_weights(detector)
    layers = tuple(round_weights(layer) for layer in net.layers)
    weights = arrays["weights"].astype(float).round(DECIMALS)
    return Reader(weights, float(arrays["offset"]), pixels, layers, unit)


def round_weights(layer: Layer) -> RoundedLayer:
    """Return a layer whose weights are whole numbers up to 127 times one factor for each unit.

    Each weight changes by half of its unit's factor at most; offsets are rounded to 6 decimals.

    Parameters
    ----------
    layer : Layer

    Raises
    ------
    ValueError
        If a weight is not finite.

    Examples
    --------
    >>> layer = Layer(np.array([[1.27, 0.0], [-0.5, 0.0]]), np.zeros(2))
    >>> round_weights(layer).weights
    array([[127,   0],
           [-50,   0]], dtype=int8)
    """
    if not np.all(np.isfinite(layer.weights)):
        raise ValueError("round_weights: expected finite weights; the training has diverged")
    largest = np.abs(layer.weights).max(axis=0).astype(float)
    factors = (np.where(largest > 0, largest, 1.0) / TOP).round(DECIMALS + 2)
    bytes_ = np.clip(np.rint(layer.weights / factors), -TOP, TOP).astype(np.int8)
    return RoundedLayer(bytes_, factors, layer.offsets.astype(float).round(DECIMALS))


def center_drawing(ink: np.ndarray) -> np.ndarray:
    """Return a drawing in the form of MNIST's digits.

    The box around the ink is scaled so that its longer side is 20 pixels, each pixel is the mean
    of the ink that falls on it (which smooths the edges), and the center of mass comes to the
    middle of the pixel in row 14 and column 14 (counted from 0) of a field of 28×28, where it lies
    in MNIST, unless ink would leave the field. Digits of MNIST were moved by whole pixels, drawings
    are moved by fractions, too.

    Parameters
    ----------
    ink : ndarray of float, shape (height, width)
        In 0 ... 1, any size.

    Returns
    -------
    ndarray of float64, shape (28, 28)
        Zeros if there is no ink.

    Raises
    ------
    ValueError
        If there are more or fewer than two axes, or ink outside 0 ... 1.

    Examples
    --------
    >>> seen = center_drawing(np.ones((40, 22)))
    >>> float(seen.sum()), seen[13, 7:11].tolist()  # 11 pixels wide, from 9 to 20
    (220.0, [0.0, 0.0, 1.0, 1.0])
    """
    if ink.ndim != 2 or not np.all((ink >= 0) & (ink <= 1)):
        raise ValueError(
            f"center_drawing: expected ink in 0 ... 1 of shape (height, width); got {ink.shape}"
        )
    rows, columns = ink.sum(axis=1), ink.sum(axis=0)
    if not rows.any():
        return np.zeros((FIELD, FIELD))
    scale = BOX / max(_reach(rows), _reach(columns))
    return _overlaps(rows, scale) @ ink @ _overlaps(columns, scale).T


def _reach(profile: np.ndarray) -> int:
    inked = np.flatnonzero(profile)
    return int(inked[-1] - inked[0] + 1)


def _overlaps(profile: np.ndarray, scale: float) -> np.ndarray:
    """Return how much of each pixel of the field each pixel of the drawing covers, one axis."""
    inked = np.flatnonzero(profile)
    first, last = inked[0], inked[-1] + 1
    middle = profile @ (np.arange(len(profile)) + 0.5) / profile.sum()
    start = np.clip(MIDDLE - scale * middle, -scale * first, FIELD - scale * last)
    edges = start + scale * np.arange(len(profile) + 1)
    pixel = np.arange(FIELD)[:, np.newaxis]
    return np.clip(np.minimum(edges[1:], pixel + 1) - np.maximum(edges[:-1], pixel), 0, None)


def draw_strokes(
    strokes: Sequence[np.ndarray], *, side: int = 224, width: float = 20.0
) -> np.ndarray:
    """Return the ink of strokes of a round pen.

    Parameters
    ----------
    strokes : sequence of ndarray, shape (n, 2)
        Points (x, y) in pixels, y downward, joined by straight lines; one point makes a dot.
    side : int
        Of the square paper.
    width : float
        Of the pen, in pixels.

    Returns
    -------
    ndarray of float64, shape (side, side)
        In 0 ... 1, smooth at the edges.

    Examples
    --------
    >>> ink = draw_strokes([np.array([[10.0, 5.0], [10.0, 15.0]])], side=20, width=4)
    >>> ink[10, 8:12], ink[10, 13]
    (array([1., 1., 1., 1.]), np.float64(0.0))
    """
    y, x = np.mgrid[:side, :side] + 0.5
    distance = np.full((side, side), np.inf)
    for stroke in strokes:
        for (ax, ay), (bx, by) in zip(stroke, [*stroke[1:], stroke[-1]], strict=True):
            dx, dy = bx - ax, by - ay
            along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy or 1.0)
            along = np.clip(along, 0, 1)
            distance = np.minimum(distance, np.hypot(x - ax - along * dx, y - ay - along * dy))
    return np.clip(width / 2 + 0.5 - distance, 0, 1)


class DigitPad(Widget):
    """A pad to draw on, with a still picture for where nobody can.

    Parameters
    ----------
    reader : Reader
        Of :func:`make_reader`.
    examples : mapping of str to ndarray of float, shape (28, 28)
        Pictures that a button shows, by the words on the button; ink in 0 ... 1.
    still : matplotlib.figure.Figure
        The picture that stands in for the pad.
    alt : str
        What the picture shows, in words.

    Raises
    ------
    ValueError
        If there is no example, one has another shape, or the words are missing.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> net = DeepNet((784, 3, 10), rng=np.random.default_rng(0))
    >>> reader = make_reader(Detector(np.ones(196), -2.0), net, pixels=PixelScale())
    >>> pad = DigitPad(reader, {"Gray": np.full((28, 28), 0.5)}, still=plt.figure(), alt="Gray.")
    >>> 'data-do="clear"' in pad._repr_html_()
    True
    """

    package, style, script = "mlphys.learning", "digit_pad.css", "digit_pad.js"

    def __init__(
        self, reader: Reader, examples: Mapping[str, np.ndarray], *, still: Any, alt: str
    ) -> None:
        if not examples:
            raise ValueError("DigitPad: expected at least one example; got none")
        for name, ink in examples.items():
            if ink.shape != (FIELD, FIELD) or not np.all((ink >= 0) & (ink <= 1)):
                raise ValueError(
                    f"DigitPad: expected ink in 0 ... 1 of shape (28, 28) for {name!r}; got shape "
                    f"{ink.shape}. center_drawing makes it"
                )
        self.reader, self.examples = reader, dict(examples)
        self.still = still_of(still, alt, colors=COLORS)
        self.words = f"A pad to draw digits on, with examples: {', '.join(examples)}"

    def live(self) -> str:
        """Return the paper, the map, the bars and the buttons."""
        row = "".join(
            f'<button type="button" data-example="{index}">{html.escape(name)}</button>'
            for index, name in enumerate(self.examples)
        )
        body = files(self.package).joinpath("digit_pad.html").read_text("utf-8")
        return body.replace("[[examples]]", row)

    def data(self) -> str:
        """Return weights and examples as JSON; bytes stand in base64, layer after layer."""
        reader = self.reader
        content = {
            "weights": reader.weights.ravel().tolist(),
            "offset": reader.offset,
            "shift": reader.pixels.shift,
            "factor": reader.pixels.factor,
            "unit": reader.unit,
            "layers": [
                {
                    "weights": _text(layer.weights),
                    "factors": layer.factors.tolist(),
                    "offsets": layer.offsets.tolist(),
                }
                for layer in reader.layers
            ],
            "examples": [
                _text(np.rint(255 * ink).astype(np.uint8)) for ink in self.examples.values()
            ],
        }
        return to_json(content)


def _text(array: np.ndarray) -> str:
    return base64.b64encode(array.tobytes()).decode("ascii")
