"""Huffman's code: optimal among all codes of few letters, prefix-free, full, and reversible."""

from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.learning.coding import CodeError
from mlphys.learning.huffman import average_length, build, decode, encode, kraft_sum, words

WEIGHTS = st.lists(st.integers(0, 1000), min_size=2, max_size=40)


def alphabet(weights):
    return dict(enumerate(weights))


@given(WEIGHTS)
def test_no_code_word_begins_another(weights):
    code = sorted(build(alphabet(weights)).values())
    assert not any(b.startswith(a) for a, b in pairwise(code))


@given(WEIGHTS)
def test_kraft_sum_is_one(weights):
    assert kraft_sum(build(alphabet(weights))) == 1


@given(st.lists(st.integers(1, 50), min_size=2, max_size=5))
def test_no_full_tree_is_shorter(weights):
    """All lengths that Kraft's inequality allows, tried one by one."""
    n = len(weights)
    trees = (
        lengths
        for lengths in product(range(1, n + 1), repeat=n)
        if sum(Fraction(1, 2**k) for k in lengths) <= 1
    )
    best = min(sum(w * k for w, k in zip(weights, tree, strict=True)) for tree in trees)
    letters = alphabet(weights)
    assert average_length(letters, build(letters)) * sum(weights) == pytest.approx(best)


@given(WEIGHTS.filter(lambda w: min(w) > 0))
def test_average_lies_within_a_bit_of_the_entropy(weights):
    p = np.array(weights) / sum(weights)
    h = -(p * np.log2(p)).sum()
    average = average_length(alphabet(weights), build(alphabet(weights)))
    assert h - 1e-9 <= average < h + 1


@given(st.data())
def test_messages_come_back(data):
    weights = alphabet(data.draw(WEIGHTS))
    message = data.draw(st.lists(st.sampled_from(sorted(weights)), max_size=50))
    code = build(weights)
    assert decode(encode(message, code), code) == message


def test_dyadic_letters_cost_their_entropy():
    weights = {k: Fraction(1, 2 ** min(k, 9)) for k in range(1, 11)}
    code = build(weights)
    assert {k: len(word) for k, word in code.items()} == {k: min(k, 9) for k in range(1, 11)}


def test_words_of_several_letters_approach_the_entropy_of_three_equal_letters():
    """For N equal words: m + 2 - 2**(m+1)/N bits a word, m = floor(log2 N)."""
    third = dict.fromkeys("abc", Fraction(1, 3))
    for length in range(1, 8):
        weights = words(third, length)
        n = 3**length
        m = n.bit_length() - 1
        assert average_length(weights, build(weights)) == m + 2 - Fraction(2 ** (m + 1), n)


def test_five_letters_need_eight_bits_and_forty_one_need_sixty_five():
    assert 2**7 < 3**5 <= 2**8
    assert 2**64 < 3**41 <= 2**65
    assert 8 / 5 == 1.6
    assert round(65 / 41, 4) == 1.5854


def test_truncated_and_foreign_bits_raise():
    code = build({"a": 0.5, "b": 0.25, "c": 0.25})
    with pytest.raises(CodeError, match="within"):
        decode(encode("ac", code)[:-1], code)
    with pytest.raises(CodeError, match="begins no"):
        decode("2222", code)
    with pytest.raises(CodeError, match="begins no"):
        decode("11", {"a": "0", "b": "10"})
    with pytest.raises(ValueError, match="letters of the code"):
        encode("ad", code)


def test_one_letter_has_a_word():
    code = build({"a": 1.0})
    assert decode(encode("aaa", code), code) == ["a"] * 3


@pytest.mark.parametrize("wrong", [{}, {"a": -1.0}, {"a": float("nan"), "b": 1.0}])
def test_wrong_weights_raise(wrong):
    with pytest.raises(ValueError, match="build: expected"):
        build(wrong)


def test_too_many_words_raise():
    with pytest.raises(ValueError, match="million"):
        words(dict.fromkeys(range(10), 0.1), 7)
