r"""An exact arithmetic coder: any message, any model, to within a byte of the model's surprise.

A message of probability P under a model is a number in an interval of width P, and naming a number
there takes :math:`-\log_2 P` bits. The coder narrows the interval symbol by symbol in whole
numbers: ``low`` and ``width`` are Python integers of 88 bits, so that sender and receiver never
round differently. Bytes at the top of ``low`` that are settled leave at once; a carry may still run
into those that left.

Every string of bytes is the code of some message: a good code has no redundancy left in which an
error could show. So a frame carries its own: the number of symbols and of payload bytes, each seven
bits a byte, and a CRC-32 of these, of the payload and of the model. A damaged frame, or one of
another model, is refused before any decoding.

Symbols are integers 0 ... k-1. Lengths are in bits unless they are called bytes.

Chapter: ``book/learning/coding.md``. Models: :mod:`mlphys.learning.coding_models`.

References
----------
Witten, Neal and Cleary, "Arithmetic coding for data compression", Communications of the ACM 30
(1987) 520; Martin, "Range encoding", Video and Data Recording Conference (1979).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from math import log2
from typing import Any, NamedTuple, Protocol, no_type_check, runtime_checkable

__all__ = [
    "CodeError",
    "Decoder",
    "Encoder",
    "Frame",
    "Model",
    "decode",
    "encode",
    "message_bits",
    "read_frame",
]

BITS = 88  # of low and width: three digits of a Python integer hold them
TOP = 1 << BITS
BOTTOM = TOP >> 8
LARGEST_TOTAL = 1 << 40  # so that cutting the width into equal parts loses below 2**-40 of it


class CodeError(ValueError):
    """A code stream that is truncated, damaged, or made with another model."""


@runtime_checkable
class Model(Protocol):
    """Whole-number probabilities of the next symbol: ``size`` of ``total``, from ``below`` on."""

    def fresh(self) -> Model:
        """Return a model in the state before the first symbol."""
        ...

    def fingerprint(self) -> bytes:
        """Return bytes that differ when the model differs."""
        ...

    def interval(self, symbol: int) -> tuple[int, int, int]:
        """Return (below, size, total) of a symbol; ValueError if it cannot occur."""
        ...

    def total(self) -> int:
        """Return the number of parts into which the width is cut next."""
        ...

    def locate(self, part: int) -> tuple[int, int, int]:
        """Return (symbol, below, size) of the symbol that owns a part, 0 ... total-1."""
        ...

    def learn(self, symbol: int) -> None:
        """Take note of a symbol, as sender and receiver do after each."""
        ...


# called for every symbol: type checks of the tests would cost 25 times the work
@no_type_check
class Encoder:
    """Narrows the interval; gives bytes.

    Examples
    --------
    >>> encoder = Encoder()
    >>> encoder.push(below=3, size=1, total=4)  # the last quarter: binary 11
    >>> encoder.finish().hex()
    'c0'
    """

    def __init__(self) -> None:
        self.low, self.width, self.out = 0, TOP, bytearray()

    def push(self, below: int, size: int, total: int) -> None:
        """Narrow the interval to the parts ``below ... below + size - 1`` of ``total``."""
        part = self.width // total
        self.low += part * below
        # what the division leaves over goes to the last symbol, so that nothing is lost
        self.width = part * size if below + size < total else self.width - part * below
        if self.low >= TOP:
            self.low -= TOP
            _carry(self.out)
        while self.width < BOTTOM:
            self.out.append(self.low >> BITS - 8)
            self.low = (self.low << 8) & (TOP - 1)
            self.width <<= 8

    def finish(self) -> bytes:
        """Return the shortest bytes that, followed by zeros for ever, lie in the interval."""
        value, digits = 0, 0
        for digits in range(BITS // 8 + 1):
            step = TOP >> 8 * digits
            value = -(-self.low // step) * step
            if value < self.low + self.width:
                break
        if value >= TOP:
            value -= TOP
            _carry(self.out)
        self.out += value.to_bytes(BITS // 8, "big")[:digits]
        return bytes(self.out).rstrip(b"\0")


def _carry(out: bytearray) -> None:
    """Add one to the last byte that left. A run of 255 turns to 0, so that it is paid once."""
    place = len(out) - 1
    while out[place] == 255:
        out[place] = 0
        place -= 1
    out[place] += 1


# called for every symbol: type checks of the tests would cost 25 times the work
@no_type_check
class Decoder:
    """Follows the encoder from the bytes alone.

    It cannot fail and cannot notice a fault: any bytes are the code of something.

    Examples
    --------
    >>> decoder = Decoder(bytes.fromhex("c0"))
    >>> decoder.part(total=4)
    3
    >>> decoder.drop(below=3, size=1, total=4)
    """

    def __init__(self, payload: bytes) -> None:
        first = BITS // 8
        self.code = int.from_bytes(payload[:first].ljust(first, b"\0"), "big")  # code - low
        self.width, self.payload, self.place = TOP, payload, first

    def part(self, total: int) -> int:
        """Return in which of ``total`` parts the code lies."""
        return min(self.code // (self.width // total), total - 1)

    def drop(self, below: int, size: int, total: int) -> None:
        """Narrow the interval as the encoder did."""
        part = self.width // total
        self.code -= part * below
        self.width = part * size if below + size < total else self.width - part * below
        while self.width < BOTTOM:
            byte = self.payload[self.place] if self.place < len(self.payload) else 0
            self.code = self.code << 8 | byte
            self.width <<= 8
            self.place += 1


class Frame(NamedTuple):
    """What a code stream holds.

    Attributes
    ----------
    count : int
        Number of symbols.
    payload : bytes
        The arithmetic code proper.
    checksum : int
        CRC-32 of counts, payload and model.
    """

    count: int
    payload: bytes
    checksum: int


def encode(message: Iterable[int], model: Model) -> bytes:
    """Return the frame of a message.

    Parameters
    ----------
    message : iterable of int
        Symbols that the model can produce.
    model : Model
        Not changed: the coder works on a fresh copy.

    Returns
    -------
    bytes
        Payload within 1 byte of the model's :func:`message_bits`, and a header of 6 bytes and
        more: 4 of checksum, the rest for the two lengths (10 in all below 2 million symbols).

    Raises
    ------
    ValueError
        If a symbol is none of the model's or has the probability 0.

    Examples
    --------
    >>> from mlphys.learning.coding_models import StaticModel
    >>> model = StaticModel([0.9, 0.1])
    >>> frame = encode([0] * 95 + [1] * 5, model)
    >>> len(read_frame(frame).payload), round(message_bits([0] * 95 + [1] * 5, model) / 8, 2)
    (4, 3.88)
    >>> decode(frame, model).count(1)
    5
    """
    state, encoder, count = model.fresh(), Encoder(), 0
    push, interval, learn = encoder.push, state.interval, state.learn
    for symbol in message:
        push(*interval(symbol))
        learn(symbol)
        count += 1
    payload = encoder.finish()
    lengths = _varint(count) + _varint(len(payload))
    return lengths + _checksum(lengths + payload, model).to_bytes(4, "big") + payload


def decode(frame: bytes, model: Model) -> list[int]:
    """Return the message of a frame.

    Parameters
    ----------
    frame : bytes
        From :func:`encode`.
    model : Model
        Equal to the sender's.

    Returns
    -------
    list of int

    Raises
    ------
    CodeError
        If the frame is truncated, has bytes too many, is damaged, or was made with another model.
        Damage of up to 32 neighboring bits is always noticed, other damage but for one case in
        four billion.

    Examples
    --------
    >>> from mlphys.learning.coding_models import AdaptiveModel
    >>> bytes(decode(encode(b"abracadabra", AdaptiveModel(256)), AdaptiveModel(256)))
    b'abracadabra'
    """
    count, payload, checksum = read_frame(frame)
    lengths = _varint(count) + _varint(len(payload))
    if _checksum(lengths + payload, model) != checksum:
        raise CodeError(
            "decode: expected a frame that was made with this model; its checksum differs. Either "
            "bytes were damaged on the way, or the sender's model was another"
        )
    state, decoder, message = model.fresh(), Decoder(payload), []
    for _ in range(count):
        total = state.total()
        symbol, below, size = state.locate(decoder.part(total))
        decoder.drop(below, size, total)
        state.learn(symbol)
        message.append(symbol)
    return message


def read_frame(frame: bytes) -> Frame:
    """Return the parts of a frame, its lengths checked and its checksum not.

    Raises
    ------
    CodeError
        If bytes are missing or left over.
    """
    frame = bytes(frame)
    count, start = _read_varint(frame, 0)
    length, start = _read_varint(frame, start)
    expected = start + 4 + length
    if len(frame) != expected:
        raise CodeError(
            f"decode: expected a frame of {expected} bytes, as its header says; got {len(frame)}. "
            "The stream was cut, or something was appended"
        )
    checksum = int.from_bytes(frame[start : start + 4], "big")
    return Frame(count, frame[start + 4 :], checksum)


def message_bits(message: Sequence[int] | bytes, model: Model) -> float:
    r"""Return the surprise of a message, :math:`-\sum \log_2 p`, in bits.

    Parameters
    ----------
    message : sequence of int
    model : Model

    Examples
    --------
    >>> from mlphys.learning.coding_models import StaticModel
    >>> message_bits([1, 1], StaticModel([0.75, 0.25]))
    4.0
    """
    state, bits = model.fresh(), 0.0
    for symbol in message:
        _, size, total = state.interval(symbol)
        bits += log2(total) - log2(size)
        state.learn(symbol)
    return bits


def _checksum(body: bytes, model: Any) -> int:
    return zlib.crc32(body, zlib.crc32(model.fingerprint()))


def _varint(number: int) -> bytes:
    """Return a whole number, seven bits a byte, low bits first; the last byte is below 128."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _read_varint(frame: bytes, start: int) -> tuple[int, int]:
    number = 0
    for place, byte in enumerate(frame[start : start + 9]):
        number |= (byte & 127) << 7 * place
        if byte < 128:
            return number, start + place + 1
    raise CodeError(
        f"decode: expected two lengths at the head of the frame; got {len(frame)} bytes without "
        "an end of the lengths. The stream was cut or damaged"
    )
