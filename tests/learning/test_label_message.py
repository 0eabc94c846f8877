"""Labels as a message: the walk-through in exact fractions, and files against the loss."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.learning.coding import CodeError, read_frame
from mlphys.learning.label_message import (
    Interval,
    interval_steps,
    label_bits,
    receive_labels,
    send_labels,
    shortest_point,
    shortest_range,
)
from mlphys.learning.losses import cross_entropy, softmax

LABELS = [True, False, False, True, False]
P_YES = ["0.8", "0.5", "0.001", "0.1", "0.75"]


def test_walk_through_ends_where_the_product_says():
    *_, last = interval_steps(LABELS, P_YES)
    assert last == Interval(Fraction("0.43037"), Fraction("0.44036"))
    exact = Fraction("0.8") * Fraction("0.5") * Fraction("0.999") * Fraction("0.1") * Fraction(1, 4)
    assert last.width == exact == Fraction("0.00999")


def test_seven_bits_suffice_for_the_walk_through():
    """Width 1/100.1 holds a multiple of 1/128 wherever it lies, but not always one of 1/64."""
    steps = interval_steps(LABELS, P_YES)
    low, high = steps[-1]
    assert low <= Fraction(56, 128) < high
    assert f"{56:07b}" == "0111000"
    assert Fraction(1, 128) < high - low < Fraction(1, 64)
    wrong = Fraction("0.428372")
    assert all(abs(end - wrong) > Fraction(1, 1000) for step in steps for end in step)
    assert not low <= wrong < high
    assert shortest_point(low, high) == "0111"  # zeros follow
    assert shortest_range(low, high) == "01101111"  # anything may follow


@given(st.fractions(0, 1), st.fractions(0, 1))
def test_shortest_digits_lie_inside_and_fewer_do_not(a, b):
    low, high = min(a, b), max(a, b)
    if low == high:
        return
    for digits, own in ((shortest_point(low, high), 0), (shortest_range(low, high), 1)):
        n = len(digits)
        value = Fraction(int(digits or "0", 2), 2**n)
        assert low <= value
        assert value + Fraction(own, 2**n) <= high
        if n and n < 12:
            shorter = range(2 ** (n - 1))
            ends = ((Fraction(k, 2 ** (n - 1)), Fraction(k + own, 2 ** (n - 1))) for k in shorter)
            assert not any(low <= x and (y <= high if own else y < high) for x, y in ends)


@pytest.mark.parametrize("low, high", [(0.5, 0.5), (0.6, 0.4), (-0.1, 0.5), (0.5, 1.1)])
def test_no_interval_raises(low, high):
    with pytest.raises(ValueError, match="low < high"):
        shortest_point(Fraction(low), Fraction(high))


def example(n=600, k=10, seed=0):
    rng = np.random.default_rng(seed)
    logits = 3 * rng.standard_normal((n, k))
    labels = np.array([rng.choice(k, p=row) for row in softmax(logits)])
    return logits, labels


def test_file_is_as_long_as_the_loss_says():
    logits, labels = example()
    p = softmax(logits)
    frame = send_labels(labels, p)
    bits = cross_entropy(logits, labels).sum() / np.log(2)
    assert label_bits(labels, p).sum() == pytest.approx(bits, rel=1e-12)
    assert -1 <= len(read_frame(frame).payload) - bits / 8 <= 2 + 0.001 * bits / 8
    assert np.array_equal(receive_labels(frame, p), labels)


def test_other_probabilities_and_damage_raise():
    logits, labels = example(50)
    p = softmax(logits)
    frame = send_labels(labels, p)
    with pytest.raises(CodeError, match="this model"):
        receive_labels(frame, softmax(logits * (1 + 1e-9)))
    with pytest.raises(CodeError):
        receive_labels(frame[:-1], p)
    with pytest.raises(CodeError, match="50 labels"):
        receive_labels(send_labels(labels, p)[:0] + _short_frame(labels, p), p)


def _short_frame(labels, p):
    from mlphys.learning.coding import encode
    from mlphys.learning.coding_models import TableModel

    return encode(labels[:-1].tolist(), TableModel(p))


def test_what_is_called_impossible_costs_infinitely_many_bits():
    p = np.array([[1.0, 0.0]])
    assert label_bits([1], p)[0] == np.inf
    with pytest.raises(ValueError, match="cannot send"):
        send_labels([1], p)


def test_wrong_arguments_raise():
    with pytest.raises(ValueError, match="shape"):
        label_bits([0, 1], [[0.5, 0.5]])
    with pytest.raises(ValueError, match="values in"):
        label_bits([2], [[0.5, 0.5]])
    with pytest.raises(ValueError, match="one probability a label"):
        interval_steps([True], [])
    with pytest.raises(ValueError, match=r"0 \.\.\. 1"):
        interval_steps([True], ["1.5"])
