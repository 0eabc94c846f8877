"""Losses against mpmath, gradients against the complex step, minima against scikit-learn."""

import mpmath
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from mlphys.datasets import load_mnist
from mlphys.derivatives.gradient_check import check_gradient
from mlphys.derivatives.minimize import minimize
from mlphys.learning.adversarial import smallest_change
from mlphys.learning.digit_detector import (
    Detector,
    average_blocks,
    detector_weights,
    fit_detector,
    log_loss,
    make_naive_objective,
    make_objective,
    naive_log_loss,
    probability,
    shuffle_pixels,
)
from mlphys.learning.inputs import split

LOGITS = np.concatenate([-np.logspace(4, -8, 60), [0.0], np.logspace(-8, 4, 60)])


@pytest.fixture(scope="module")
def halves():
    digits = load_mnist(source="sample")
    x, eight = average_blocks(digits.train_images[:4000]), digits.train_labels[:4000] == 8
    return x[::2], eight[::2], x[1::2], eight[1::2]


@pytest.fixture
def overlap():
    rng = np.random.default_rng(3)
    x = rng.standard_normal((300, 4))
    return x, x @ [1, -2, 0.5, 0] + rng.logistic(size=300) > 0.3


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("label", [0, 1])
def test_log_loss_within_four_units_of_rounding_of_mpmath_up_to_logits_of_ten_thousand(
    label, dtype
):
    z = LOGITS.astype(dtype)
    found = log_loss(z, np.full(len(z), label))
    with mpmath.workdps(60):
        sign = -1 if label else 1
        exact = [mpmath.log1p(mpmath.exp(sign * mpmath.mpf(float(value)))) for value in z]
        error = [abs(mpmath.mpf(float(a)) - b) for a, b in zip(found, exact, strict=True)]
        info = np.finfo(dtype)
        allowed = [4 * float(info.eps) * b + 4 * float(info.smallest_subnormal) + mpmath.mpf(0)
                   if b < info.tiny else 4 * float(info.eps) * b for b in exact]  # fmt: skip
        assert all(e <= a for e, a in zip(error, allowed, strict=True))
    assert found.dtype == dtype and np.isfinite(found).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_probability_has_all_digits_in_both_tails(dtype):
    z = np.linspace(-80, 80, 161).astype(dtype)
    exact = np.array([float(1 / (1 + mpmath.exp(-mpmath.mpf(float(v))))) for v in z])
    assert probability(z).dtype == dtype
    assert np.allclose(probability(z), exact, rtol=4 * np.finfo(dtype).eps, atol=0)


@pytest.mark.parametrize("dtype, last", [(np.float64, 36.7), (np.float32, 16.6)])
def test_naive_loss_is_infinite_where_the_probability_rounds_to_one(dtype, last):
    z = np.array([last, last + 0.1], dtype)
    with np.errstate(divide="ignore"):
        found = naive_log_loss(z, np.zeros(2, int), guard=0.0)
    assert np.isfinite(found[0]) and np.isinf(found[1])
    with np.errstate(over="ignore", divide="ignore"):
        assert np.isinf(naive_log_loss(np.array([-710.0]), np.ones(1, int), guard=0.0))


def test_the_guard_makes_sure_mistakes_cost_and_pull_the_same():
    far = make_naive_objective(np.array([[1.0]]), np.array([0]))
    costs, pulls = zip(*(far(np.array([z, 0.0])) for z in (40.0, 60.0, 300.0)), strict=True)
    assert np.allclose(costs, -np.log(1e-12), rtol=1e-12)
    assert np.allclose(pulls, 0, atol=1e-4)
    right = make_objective(np.array([[1.0]]), np.array([0]))
    assert right(np.array([300.0, 0.0]))[1][0] == 1


@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_gradient_by_the_complex_step(overlap, l2):
    x, yes = overlap
    sign = np.where(yes, -1, 1)

    def loss(t):  # the same by a formula that takes complex numbers; logits are small here
        return np.log1p(np.exp(sign * (x @ t[:-1] + t[-1]))).mean() + l2 / 2 * np.sum(t[:-1] ** 2)

    start = np.array([0.5, -1.0, 0.2, 0.1, -0.3])
    value, gradient = make_objective(x, yes, l2=l2)(start)
    assert value == pytest.approx(loss(start), rel=1e-14)
    report = check_gradient(loss, gradient, start, rng=np.random.default_rng(0))
    assert report.ok and report.method == "complex_step", report


def test_naive_gradient_belongs_to_the_naive_loss(overlap):
    x, yes = overlap
    objective = make_naive_objective(x, yes, guard=1e-3)
    start = np.array([0.5, -1.0, 0.2, 0.1, -0.3])
    report = check_gradient(
        lambda t: objective(t)[0], objective(start)[1], start, rng=np.random.default_rng(0)
    )
    assert report.ok, report


@pytest.mark.parametrize("method", ["bfgs", "lbfgs"])
def test_minimum_is_that_of_scikit_learn(overlap, method):
    x, yes = overlap
    l2 = 0.01
    rival = LogisticRegression(C=1 / (l2 * len(x)), tol=1e-10, max_iter=1000).fit(x, yes)
    detector, result = fit_detector(x, yes, l2=l2, method=method, gradient_tolerance=1e-10)
    assert result.status == "converged"
    assert detector.weights == pytest.approx(rival.coef_[0], abs=1e-6)
    assert detector.offset == pytest.approx(rival.intercept_[0], abs=1e-6)


def test_naive_search_stops_at_never_eight_and_the_stable_one_does_not(halves):
    x, eight, x_test, eight_test = halves
    ink, start = 255 * x, np.random.default_rng(0).standard_normal(197)
    with np.errstate(over="ignore"):
        naive = minimize(
            make_naive_objective(ink, eight), start, method="bfgs", gradient_tolerance=1e-6
        )
    says = 255 * x_test @ naive.x[:-1] + naive.x[-1] > 0
    assert naive.status == "converged" and naive.iterations < 10
    assert naive.value == pytest.approx(-np.log(1e-12) * eight.mean(), rel=1e-6)
    assert (says != eight_test).sum() == eight_test.sum()
    fit = fit_detector(ink, eight, l2=1e-3 * 255**2, start=start)
    wrong = (fit.detector.logits(255 * x_test) > 0) != eight_test
    assert fit.result.status == "converged"
    assert wrong.sum() < 0.65 * eight_test.sum()


def test_without_a_penalty_separable_data_send_the_weights_to_infinity(halves):
    x, eight = halves[0][:300], halves[1][:300]
    lengths = {}
    for l2 in (0.0, 1e-3):
        fits = [fit_detector(x, eight, l2=l2, gradient_tolerance=t) for t in (1e-3, 1e-5, 1e-7)]
        if l2 == 0:  # separable: all right, by evidence without end
            assert ((fits[-1].detector.logits(x) > 0) == eight).all()
        lengths[l2] = [np.linalg.norm(fit.detector.weights) for fit in fits]
    assert lengths[0.0][2] > 1.5 * lengths[0.0][1] > 2 * lengths[0.0][0]
    assert lengths[1e-3][2] == pytest.approx(lengths[1e-3][1], rel=0.02)


def test_shuffled_pixels_keep_every_value_and_sorted_integers_do_not(halves):
    eights = 255 * halves[0][halves[1]]  # quarters of a byte
    rng = np.random.default_rng(0)
    mixed = shuffle_pixels(eights, rng=rng)
    assert np.array_equal(np.sort(mixed, axis=1), np.sort(eights, axis=1))
    assert not np.array_equal(mixed, eights)
    # another order for each picture: pixels that were paired in all of them no longer are
    same = shuffle_pixels(np.tile(np.arange(50), (20, 1)), rng=rng)
    assert len({tuple(row) for row in same}) == 20
    # a random integer in front, the ink behind it, sorted: the ink is rounded
    packed = np.sort(rng.integers(0, 2**40, eights.shape) * 256 + eights.astype(int), axis=1) % 256
    lost = np.sort(eights, axis=1) - np.sort(packed, axis=1)
    assert lost.max() == 0.75 and lost.min() == 0


def test_detector_of_shuffled_eights_looks_like_the_average_eight(halves):
    eights = halves[0][halves[1]]
    noise = shuffle_pixels(eights, rng=np.random.default_rng(0))
    x = np.concatenate([eights, noise])
    yes = np.arange(len(x)) < len(eights)
    weights = fit_detector(x, yes, l2=1e-2).detector.weights
    assert np.corrcoef(weights, eights.mean(axis=0))[0, 1] > 0.8


# smallest flips, median: root of squares, largest pixel, largest pixel with ink kept in 0 ... 1
@pytest.mark.parametrize(
    "l2, flips",
    [(0.0, (0.20, 0.012, 0.034)), (1e-5, (0.41, 0.022, 0.053)), (1e-4, (0.73, 0.038, 0.085))],
)
@pytest.mark.full_data
@pytest.mark.slow
def test_all_pixels_and_48000_digits_reach_the_reference(l2, flips):
    digits = load_mnist()
    part = split(digits.train_images, digits.train_labels, rng=np.random.default_rng(0))
    x, yes = average_blocks(part.train_images, block=1), part.train_labels == 8
    x_test, yes_test = average_blocks(digits.test_images, block=1), digits.test_labels == 8
    fit = fit_detector(x, yes, l2=l2, method="lbfgs", gradient_tolerance=1e-5, iterations=400)
    z = fit.detector.logits(x_test)
    assert fit.result.status == ("converged" if l2 else "limit")
    assert 0.957 < np.mean((z > 0) == yes_test) < 0.963
    assert np.mean(z[yes_test] < 0) == pytest.approx(0.26, abs=0.015)
    assert 0.962 < roc_auc_score(yes_test, z) < 0.970
    found = [
        np.median(smallest_change(fit.detector, x_test, norm=norm, clip=clip))
        for norm, clip in (("l2", False), ("linf", False), ("linf", True))
    ]
    # without a penalty 400 steps end on the way to infinity, at a place that depends on the way
    assert found == pytest.approx(flips, rel=0.05 if l2 else 0.15)


def test_average_blocks_are_means():
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28)).astype(np.uint8)
    found = average_blocks(images).reshape(3, 14, 14)
    assert found[2, 13, 5] == images[2, 26:28, 10:12].mean() / 255
    assert average_blocks(images, block=28)[:, 0] == pytest.approx(images.mean(axis=(1, 2)) / 255)


def test_exported_weights_give_the_same_logits(halves):
    detector = fit_detector(halves[0][:200], halves[1][:200], l2=1e-2).detector
    arrays = detector_weights(detector)
    picture = halves[2][0].reshape(14, 14)
    logit = np.sum(arrays["weights"] * picture) + arrays["offset"]
    assert logit == pytest.approx(detector.logits(halves[2][:1])[0], rel=1e-5)
    with pytest.raises(ValueError, match="weights of a square"):
        detector_weights(Detector(np.zeros(12), 0.0))


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: average_blocks(np.zeros((1, 4, 4))), "expected uint8 images"),
        (lambda: average_blocks(np.zeros((1, 5, 4), np.uint8)), "divides 5 and 4"),
        (lambda: log_loss(np.zeros(2), np.array([0, 8])), "Compare with a digit first"),
        (lambda: log_loss(np.zeros(2), np.array([0])), "expected 2 labels"),
        (lambda: make_objective(np.zeros((0, 2)), np.zeros(0)), "n > 0"),
        (lambda: make_objective(np.ones((1, 2)), np.ones(1), l2=-1.0), "l2 of 0 or more"),
        (lambda: Detector(np.ones(3), 0.0).logits(np.ones((2, 2))), r"\(n, 3\)"),
    ],
)
def test_bad_input_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
