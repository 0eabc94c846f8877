"""The loss against differences and its known minimum; sampling against the expectation."""

import numpy as np
import pytest

from mlphys.frameworks.skip_gram import (
    Vectors,
    count_pairs,
    loss_and_gradients,
    pair_shares,
    sampled_gradients,
    train_vectors,
)


def some_pairs(words=6, seed=0, **options):
    counts = np.random.default_rng(seed).integers(1, 9, size=(words, words)).astype(float)
    return pair_shares(counts + counts.T, **options)


def some_vectors(words=6, k=3, seed=1):
    return Vectors(*np.random.default_rng(seed).normal(size=(2, words, k)))


def test_counts_equal_a_loop():
    rng = np.random.default_rng(0)
    streams = [rng.integers(-1, 5, size=size) for size in (0, 1, 30, 7)]
    expected = np.zeros((5, 5))
    for stream in streams:
        for i, one in enumerate(stream):
            for j, two in enumerate(stream):
                if i != j and abs(i - j) <= 3 and one >= 0 and two >= 0:
                    expected[one, two] += 1
    assert np.array_equal(count_pairs(streams, words=5, window=3), expected)


def test_shares_sum_to_one_and_to_the_negatives():
    pairs = some_pairs(negatives=5)
    assert pairs.true.sum() == pytest.approx(1)
    assert pairs.false.sum() == pytest.approx(5)


def test_frequent_words_are_thinned():
    counts = np.full((3, 3), 1.0)
    counts[0] = counts[:, 0] = 100.0
    thinned = pair_shares(counts, often=0.01).true.sum(axis=1)
    assert thinned[0] < pair_shares(counts, often=np.inf).true.sum(axis=1)[0]


def test_gradient_equals_differences():
    pairs, vectors = some_pairs(), some_vectors()
    _, gradient = loss_and_gradients(pairs, vectors)
    flat = np.stack(vectors)
    for at in [(0, 2, 1), (0, 5, 0), (1, 0, 2), (1, 3, 1)]:
        step = np.zeros_like(flat)
        step[at] = 1e-6
        up, down = (loss_and_gradients(pairs, Vectors(*(flat + s * step)))[0] for s in (1, -1))
        assert np.stack(gradient)[at] == pytest.approx((up - down) / 2e-6, abs=1e-8)


def test_sampled_gradient_is_unbiased():
    pairs, vectors = some_pairs(), some_vectors()
    exact = np.stack(loss_and_gradients(pairs, vectors)[1])
    rng = np.random.default_rng(3)
    draws = np.array(
        [np.stack(sampled_gradients(pairs, vectors, batch=50, rng=rng)) for _ in range(2000)]
    )
    bar = draws.std(axis=0) / np.sqrt(len(draws))
    assert (np.abs(draws.mean(axis=0) - exact) / bar).max() < 4.5


def test_minimum_is_the_shifted_mutual_information():
    """Levy and Goldberg (2014), equation 7."""
    pairs = some_pairs(negatives=3, power=1, often=np.inf)
    found = train_vectors(pairs, k=6, rng=np.random.default_rng(0), steps=4000, learning_rate=0.02)
    p = pairs.true
    information = np.log(p / np.outer(p.sum(axis=1), p.sum(axis=0)))
    assert found.words @ found.contexts.T == pytest.approx(information - np.log(3), abs=0.02)


def test_training_lowers_the_loss_and_is_seeded():
    pairs = some_pairs(20)
    one, two = (train_vectors(pairs, k=4, rng=np.random.default_rng(5)) for _ in "ab")
    assert np.array_equal(one.words, two.words)
    zero = Vectors(np.zeros((20, 4)), np.zeros((20, 4)))
    assert loss_and_gradients(pairs, one)[0] < loss_and_gradients(pairs, zero)[0]


def test_wrong_arguments():
    with pytest.raises(ValueError, match="window"):
        count_pairs([np.array([0])], words=1, window=0)
    with pytest.raises(ValueError, match="below words"):
        count_pairs([np.array([7])], words=3)
    with pytest.raises(ValueError, match="at least one pair"):
        pair_shares(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="positive learning_rate"):
        train_vectors(some_pairs(), k=2, rng=np.random.default_rng(0), learning_rate=-1.0)
