"""The trial: pairs that start alike, labels spoiled as told, scores against scikit-learn."""

import keras
import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss

from mlphys.datasets import load_images
from mlphys.frameworks.calibration_trial import KINDS, score, small_cnn, split, train_seeds
from mlphys.learning.losses import softmax

# Keras 3.15 turns its variables into arrays in a way that NumPy 2 will not accept for ever
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def digits():
    return load_images(source="mnist")


def test_scores_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(0, 2, (300, 5)), rng.integers(0, 5, 300)
    found = score(logits, labels)
    assert found.accuracy == accuracy_score(labels, logits.argmax(1))
    assert found.loss == pytest.approx(log_loss(labels, softmax(logits)), rel=1e-12)


def test_wrong_labels_are_as_many_as_told_and_only_where_learned(digits):
    right = split(digits, learn=500, hold=100, judge=50)
    wrong = split(digits, learn=500, hold=100, judge=50, wrong=0.3)
    assert np.count_nonzero(right.train_labels != wrong.train_labels) == 150
    assert wrong.train_labels.max() <= 9
    for one, other in zip(right[2:], wrong[2:], strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(right.train, wrong.train)
    assert right.train.max() <= 1


def test_pictures_do_not_overlap(digits):
    part = split(digits, learn=500, hold=100, judge=50)
    seen = {image.tobytes() for image in part.train}
    assert not any(image.tobytes() in seen for image in (*part.held, *part.test))


def test_bad_splits_and_kinds_say_what_is_legal(digits):
    with pytest.raises(ValueError, match=r"at most .* to learn and hold"):
        split(digits, learn=10**6, hold=1, judge=1)
    with pytest.raises(ValueError, match=r"in 0 ... 1; got 2"):
        split(digits, learn=1, hold=1, judge=1, wrong=2.0)
    with pytest.raises(ValueError, match="one of plain, arctan, asinh; got 'tanh'"):
        small_cnn((28, 28, 1), "tanh")


def test_all_kinds_of_a_seed_start_alike_and_repeat(digits):
    part = split(digits, learn=128, hold=20, judge=20)
    found = {kind: train_seeds(part, kind, seeds=[0, 1], epochs=1) for kind in KINDS}
    starts = []
    for kind in KINDS:
        keras.utils.set_random_seed(1)
        starts.append(small_cnn((28, 28, 1), kind).get_weights()[:8])
    for start in starts[1:]:
        for one, other in zip(starts[0], start, strict=True):
            np.testing.assert_array_equal(one, other)
    again = train_seeds(part, "asinh", seeds=[1], epochs=1)[0]
    # the second of two seeds gives what it gives alone: nothing is left of the first
    np.testing.assert_array_equal(again.test, found["asinh"][1].test)
    np.testing.assert_allclose(
        again.test, again.a * np.arcsinh(again.b * again.raw), rtol=1e-5, atol=1e-6
    )
    assert again.path.shape == (2, 3)
    assert again.path[-1, 1] == pytest.approx(score(again.test, part.test_labels).loss)
    assert np.isnan(found["plain"][0].a)
