"""Models of the coder: whole numbers that add up, and Laplace's rule in closed form."""

from math import lgamma, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.learning.coding import decode, encode, message_bits
from mlphys.learning.coding_models import AdaptiveModel, StaticModel, TableModel, whole_numbers


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20).filter(lambda w: sum(w) > 1e-3))
def test_whole_numbers_add_up_and_keep_what_is_possible(weights):
    p = np.array(weights) / sum(weights)
    counts = whole_numbers(p)
    assert counts.sum() == 2**40
    assert ((counts > 0) == (p > 0)).all()
    assert np.allclose(counts / 2**40, p, rtol=0, atol=2**-35)


@pytest.mark.parametrize("symbols", [1, 2, 3, 7, 8, 255, 256, 300])
def test_tree_of_counts_equals_plain_sums(symbols):
    rng = np.random.default_rng(symbols)
    model, counts = AdaptiveModel(symbols), np.ones(symbols, int)
    for symbol in rng.integers(0, symbols, 200).tolist():
        below, size, total = model.interval(symbol)
        assert (below, size, total) == (counts[:symbol].sum(), counts[symbol], counts.sum())
        for part in (below, below + size - 1):
            assert model.locate(part) == (symbol, below, size)
        model.learn(symbol)
        counts[symbol] += 1


@given(st.lists(st.integers(0, 3), max_size=50))
def test_adaptive_message_costs_what_laplace_says(message):
    """The product of (c + 1)/(n + k) is (k-1)! ∏ c_i! / (n + k - 1)!, in any order."""
    counts = np.bincount(np.array(message, int), minlength=4)
    nats = lgamma(len(message) + 4) - lgamma(4) - sum(lgamma(c + 1) for c in counts)
    assert message_bits(message, AdaptiveModel(4)) == pytest.approx(nats / log(2), abs=1e-9)


def test_table_uses_one_row_for_each_place():
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(5) * 0.3, 400)
    message = [int(rng.choice(5, p=row)) for row in p]
    model = TableModel(p)
    assert decode(encode(message, model), model) == message
    assert model.place == 0  # the coder works on a copy
    exact = -np.log2(p[np.arange(400), message]).sum()
    assert message_bits(message, model) == pytest.approx(exact, rel=1e-6)


def test_static_model_skips_impossible_symbols():
    model = StaticModel([0.0, 0.5, 0.0, 0.5, 0.0])
    message = [1, 3, 3, 1] * 20
    assert decode(encode(message, model), model) == message
    assert model.locate(0)[0] == 1
    assert model.locate(2**40 - 1)[0] == 3


@pytest.mark.parametrize("wrong", [[], [0.5, 0.6], [-0.5, 1.5], [np.nan, 1.0], 1.0])
def test_no_probabilities_raise(wrong):
    with pytest.raises(ValueError, match="expected probabilities"):
        StaticModel(np.array(wrong))


def test_wrong_shapes_raise():
    with pytest.raises(ValueError, match="one row"):
        StaticModel(np.full((2, 2), 0.5))
    with pytest.raises(ValueError, match=r"\(n, k\)"):
        TableModel([0.5, 0.5])
    with pytest.raises(ValueError, match="symbols"):
        AdaptiveModel(0)
    with pytest.raises(ValueError, match="got 5"):
        AdaptiveModel(5).interval(5)
