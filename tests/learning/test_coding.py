"""The arithmetic coder: round trips, lengths against exact surprise, damage, and time."""

import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.learning.coding import (
    CodeError,
    Decoder,
    Encoder,
    decode,
    encode,
    message_bits,
    read_frame,
)
from mlphys.learning.coding_models import AdaptiveModel, StaticModel, TableModel

BYTES = AdaptiveModel(256)


def within_bound(frame, bits):
    """Is the payload at most 2 bytes + 0.1 % above the surprise, and not below what is possible?"""
    length = len(read_frame(frame).payload)
    return length <= 2 + 1.001 * bits / 8


def random_bytes(rng, size):
    """Return bytes of a random kind: uniform, skewed, two values, long runs, or one value."""
    kind = rng.integers(5)
    if kind == 0:
        return rng.bytes(size)
    if kind == 1:
        return np.minimum(rng.geometric(0.3, size), 255).astype(np.uint8).tobytes()
    if kind == 2:
        return rng.choice([0, 255], size=size, p=[0.999, 0.001]).astype(np.uint8).tobytes()
    if kind == 3:
        return np.repeat(rng.integers(0, 256, size // 50 + 1), 50)[:size].astype("u1").tobytes()
    return bytes([rng.integers(256)]) * size


def sizes(rng, count, largest):
    return np.exp(rng.uniform(0, np.log(largest), count)).astype(int)


def test_thousand_random_byte_strings_come_back():
    rng = np.random.default_rng(5)
    lengths = [*sizes(rng, 990, 3000), *sizes(rng, 8, 100_000), 1_000_000, 0]
    for length in lengths:
        message = random_bytes(rng, length)
        frame = encode(message, BYTES)
        assert bytes(decode(frame, BYTES)) == message
        assert within_bound(frame, message_bits(message, BYTES)) or length > 100_000


@pytest.mark.slow
def test_long_random_byte_strings_come_back():
    rng = np.random.default_rng(6)
    for length in [*sizes(rng, 30, 1_000_000), 1_000_000]:
        message = random_bytes(rng, length)
        frame = encode(message, BYTES)
        assert bytes(decode(frame, BYTES)) == message


@pytest.mark.parametrize("kind", ["adaptive", "static"])
def test_megabyte_takes_less_than_thirty_seconds_and_keeps_the_bound(kind):
    rng = np.random.default_rng(7)
    message = np.minimum(rng.geometric(0.1, 1_000_000), 255).astype(np.uint8).tobytes()
    shares = np.bincount(np.frombuffer(message, np.uint8), minlength=256) / len(message)
    model = BYTES if kind == "adaptive" else StaticModel(shares)
    start = time.process_time()
    frame = encode(message, model)
    assert bytes(decode(frame, model)) == message
    assert time.process_time() - start < 30
    assert within_bound(frame, message_bits(message, model))
    if kind == "static":  # the surprise, by NumPy alone
        surprise = -1e6 * np.sum(shares[shares > 0] * np.log2(shares[shares > 0]))
        assert message_bits(message, model) == pytest.approx(surprise, rel=1e-8)


@given(st.binary(max_size=300))
def test_any_bytes_come_back_within_the_bound(message):
    frame = encode(message, BYTES)
    assert bytes(decode(frame, BYTES)) == message
    assert within_bound(frame, message_bits(message, BYTES))


@given(st.data())
def test_any_model_and_message_agree_with_exact_fractions(data):
    weights = data.draw(st.lists(st.integers(1, 10**9), min_size=1, max_size=6))
    p = np.array(weights) / sum(weights)
    message = data.draw(st.lists(st.integers(0, len(p) - 1), max_size=60))
    model = StaticModel(p)
    frame = encode(message, model)
    assert decode(frame, model) == message
    low, width = Fraction(0), Fraction(1)
    for symbol in message:  # the interval as the definition gives it
        below, size, total = model.interval(symbol)
        low, width = low + width * Fraction(below, total), width * Fraction(size, total)
    payload = read_frame(frame).payload
    point = Fraction(int.from_bytes(payload, "big"), 256 ** len(payload))
    slack = Fraction(len(message) + 1, 2**38)  # cutting by whole numbers moves an end a little
    assert low - slack <= point < low + width + slack
    exact = -float(np.sum(np.log2(p[message]))) if message else 0.0
    assert len(payload) <= 2 + 1.001 * exact / 8
    assert len(payload) * 8 >= exact - 9 or payload.endswith(b"\0") or len(payload) < 12


@pytest.mark.parametrize(
    "message",
    [b"", b"\0", b"\xff", b"\0" * 5000, b"\xff" * 5000, bytes(range(256)) * 4, b"\xff\0" * 999],
    ids=["empty", "0", "255", "zeros", "ones", "all", "turns"],
)
def test_extreme_bytes_come_back(message):
    for model in (BYTES, StaticModel(np.full(256, 1 / 256))):
        frame = encode(message, model)
        assert bytes(decode(frame, model)) == message
        assert within_bound(frame, message_bits(message, model))


def test_one_symbol_alone_costs_no_payload():
    model = StaticModel([1.0])
    frame = encode([0] * 10_000, model)
    assert read_frame(frame).payload == b""
    assert decode(frame, model) == [0] * 10_000


@pytest.mark.parametrize("rare", [0, 1, 2])
def test_probabilities_of_a_billionth(rare):
    p = np.array([0.3, 0.3, 0.3]) + 0.05
    p[rare] = 1e-9
    p /= p.sum()
    model = StaticModel(p)
    rng = np.random.default_rng(rare)
    always = [rare] * 500
    typical = rng.choice(3, 5000, p=p).tolist()
    for message in (always, typical, typical + always + typical):
        frame = encode(message, model)
        assert decode(frame, model) == message
        exact = -np.log2(p[message]).sum()
        assert within_bound(frame, exact)
        payload = read_frame(frame).payload  # a message of zeros is the point 0: no digits at all
        assert len(payload) >= (exact * 0.999 - 8) / 8 or message == [0] * 500


def test_near_certainty_costs_next_to_nothing_for_a_long_message():
    model = StaticModel([1 - 1e-9, 1e-9])
    message = [0] * 300_000
    frame = encode(message, model)
    assert len(read_frame(frame).payload) <= 1  # 0.0004 bits
    assert decode(frame, model) == message
    message[150_000] = 1
    frame = encode(message, model)
    assert len(read_frame(frame).payload) <= 5  # 29.9 bits
    assert decode(frame, model) == message


def test_carry_runs_through_bytes_that_have_left():
    """A point just below a half, which a last step pushes above it: 7f ff ff ... turns to 80."""
    encoder = Encoder()
    for _ in range(24):
        encoder.push(below=1, size=254, total=256)
    model = StaticModel([1 / 256, 254 / 256, 1 / 256])
    rng = np.random.default_rng(3)
    for _ in range(300):
        message = rng.choice([0, 2], size=40, p=[0.02, 0.98]).tolist()
        assert decode(encode(message, model), model) == message
    pushed = Encoder()
    pushed.push(below=1, size=2, total=4)  # from a quarter to three quarters
    for _ in range(200):
        pushed.push(below=1, size=2, total=4)  # always around a half, from below and above
    pushed.push(below=2, size=2, total=4)  # the upper half: from a half on
    assert pushed.finish() == b"\x80"


@pytest.mark.parametrize("model", [BYTES, StaticModel(np.full(256, 1 / 256))])
def test_every_truncation_raises(model):
    frame = encode(b"the edge of the world is near", model)
    for length in range(len(frame)):
        with pytest.raises(CodeError, match=r"decode: expected"):
            decode(frame[:length], model)
    with pytest.raises(CodeError, match="appended"):
        decode(frame + b"\0", model)


def test_every_flipped_bit_raises():
    frame = encode(b"the edge of the world is near", BYTES)
    for place in range(8 * len(frame)):
        damaged = bytearray(frame)
        damaged[place // 8] ^= 1 << place % 8
        with pytest.raises(CodeError):
            decode(bytes(damaged), BYTES)


@given(st.binary(max_size=60))
def test_noise_raises_or_is_short_and_never_loops(noise):
    try:
        message = decode(noise, BYTES)
    except CodeError:
        return
    assert encode(message, BYTES) == noise  # a frame by chance: the empty message


def test_huge_count_is_refused_before_any_decoding():
    frame = bytes([0xFF] * 8 + [0x7F]) + encode(b"abc", BYTES)[1:]
    start = time.process_time()
    with pytest.raises(CodeError):
        decode(frame, BYTES)
    assert time.process_time() - start < 1


def test_other_model_raises():
    frame = encode([0, 1, 1], StaticModel([0.5, 0.5]))
    for other in (StaticModel([0.5 + 1e-9, 0.5 - 1e-9]), AdaptiveModel(2), BYTES):
        with pytest.raises(CodeError, match="this model"):
            decode(frame, other)


def test_without_its_checksum_a_damaged_payload_decodes_to_something_else():
    model = StaticModel(np.full(256, 1 / 256))
    payload = bytearray(read_frame(encode(b"warm", model)).payload)
    payload[0] ^= 1
    decoder, found = Decoder(bytes(payload)), []
    for _ in range(4):
        symbol, below, size = model.locate(decoder.part(model.total()))
        decoder.drop(below, size, model.total())
        found.append(symbol)
    assert bytes(found) == b"varm"


def test_frame_overhead_is_what_the_docstring_states():
    message = bytes(1_000_000)
    frame = encode(message, StaticModel([1 / 2, 1 / 2]))
    assert len(frame) - len(read_frame(frame).payload) <= 10
    assert len(encode(b"", BYTES)) == 6


def test_impossible_symbols_raise():
    with pytest.raises(ValueError, match="probability above 0"):
        encode([0, 1], StaticModel([1.0, 0.0]))
    with pytest.raises(ValueError, match="probability above 0"):
        encode([2], StaticModel([0.5, 0.5]))
    with pytest.raises(ValueError, match="one a row"):
        encode([0, 0], TableModel([[0.5, 0.5]]))
