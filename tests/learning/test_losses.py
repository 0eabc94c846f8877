"""Losses against fifty-digit arithmetic, out to logits of ten thousand."""

import mpmath
import numpy as np
import pytest

from mlphys.learning.losses import (
    accuracy,
    check_labels,
    cross_entropy,
    one_against_all_loss,
    softmax,
)

DTYPES = (np.float32, np.float64)


def exact_losses(logits, labels):
    with mpmath.workdps(60):
        result = []
        for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
            z = [mpmath.mpf(value) for value in row]
            gap = [mpmath.exp(value - z[label]) for j, value in enumerate(z) if j != label]
            result.append(mpmath.log1p(mpmath.fsum(gap)))
    return result


def hard_logits(dtype):
    rng = np.random.default_rng(0)
    rows = [scale * rng.standard_normal((40, 10)) for scale in (1e-4, 1, 10, 30, 100, 3000)]
    edge = np.zeros((4, 10))
    edge[0, 3] = 1e4
    edge[1, 3] = -1e4
    edge[2] = np.linspace(-1e4, 1e4, 10)
    edge[3] = 1e4
    return np.clip(np.concatenate([*rows, edge]), -1e4, 1e4).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("label", [0, 3, 9])
def test_relative_error_against_mpmath(dtype, label):
    logits = hard_logits(dtype)
    labels = np.full(len(logits), label)
    ours = cross_entropy(logits, labels)
    assert ours.dtype == dtype
    assert np.isfinite(ours).all()
    info = np.finfo(dtype)
    for mine, exact in zip(ours.tolist(), exact_losses(logits, labels), strict=True):
        if exact > info.tiny:  # below, the type itself has fewer digits
            assert abs(mine - exact) <= 4 * info.eps * exact
        else:
            assert 0 <= mine <= info.tiny


@pytest.mark.parametrize("dtype", DTYPES)
def test_softmax_is_finite_and_sums_to_one(dtype):
    p = softmax(hard_logits(dtype))
    assert p.dtype == dtype
    assert np.isfinite(p).all()
    assert np.allclose(p.sum(axis=1), 1, atol=10 * np.finfo(dtype).eps)


def test_the_naive_form_fails_where_ours_does_not():
    logits, labels = np.array([[0.0, 800.0]]), np.array([0])
    with np.errstate(all="ignore"):
        naive = -np.log(np.exp(logits) / np.exp(logits).sum())[0, 0]
    assert not np.isfinite(naive)
    assert cross_entropy(logits, labels)[0] == 800.0


def test_constant_added_to_all_logits_changes_nothing():
    rng = np.random.default_rng(1)
    logits, labels = rng.standard_normal((20, 5)), rng.integers(0, 5, 20)
    assert np.allclose(cross_entropy(logits + 512, labels), cross_entropy(logits, labels))


@pytest.mark.parametrize("spread", [1.0, 20.0, 400.0])
def test_one_against_all_loss_against_mpmath(spread):
    rng = np.random.default_rng(2)
    logits, labels = spread * rng.standard_normal((30, 4)), rng.integers(0, 4, 30)
    with mpmath.workdps(400):
        for row, label, ours in zip(
            logits.tolist(), labels.tolist(), one_against_all_loss(logits, labels), strict=True
        ):
            weights = [mpmath.exp(value) for value in row]
            p = [w / mpmath.fsum(weights) for w in weights]
            wrong = mpmath.fsum(mpmath.log(1 - p[j]) for j in range(4) if j != label)
            assert float(-mpmath.log(p[label]) - wrong) == pytest.approx(ours, rel=1e-10)


def test_one_against_all_loss_of_two_classes_is_twice_the_cross_entropy():
    rng = np.random.default_rng(3)
    logits, labels = rng.standard_normal((50, 2)), rng.integers(0, 2, 50)
    assert np.allclose(one_against_all_loss(logits, labels), 2 * cross_entropy(logits, labels))


def test_accuracy_counts():
    logits = np.eye(4)[[0, 1, 2, 3, 0]]
    assert accuracy(logits, np.array([0, 1, 2, 0, 0])) == 0.8


def test_messages():
    with pytest.raises(ValueError, match=r"logits: expected floats of shape"):
        softmax(np.zeros(3))
    with pytest.raises(ValueError, match=r"expected 2 integers, shape \(2,\)"):
        check_labels(np.zeros(2), examples=2, classes=3)
    with pytest.raises(ValueError, match=r"0 ... 2; got -1 at position 0"):
        check_labels(np.array([-1, 0]), examples=2, classes=3)
