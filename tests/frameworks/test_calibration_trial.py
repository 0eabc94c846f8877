"""The trial: pairs that start alike, labels spoiled as told, scores against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss

from mlphys.datasets import load_images
from mlphys.frameworks.calibration_trial import (
    KINDS,
    at_loss,
    score,
    split,
    tiny_net,
    train_seeds,
)
from mlphys.frameworks.custom_layer import keras
from mlphys.frameworks.effects import paired_effect
from mlphys.learning.calibration import fit_temperature
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
        tiny_net((28, 28, 1), "tanh")


def test_all_kinds_of_a_seed_start_alike_and_repeat(digits):
    part = split(digits, learn=128, hold=20, judge=20)
    found = {kind: train_seeds(part, kind, seeds=[0, 1], epochs=1) for kind in KINDS}
    starts = []
    for kind in KINDS:
        keras.utils.set_random_seed(1)
        starts.append(tiny_net((28, 28, 1), kind).get_weights()[:8])
    for start in starts[1:]:
        for one, other in zip(starts[0], start, strict=True):
            np.testing.assert_array_equal(one, other)
    again = train_seeds(part, "asinh", seeds=[1], epochs=1)[0]
    still = train_seeds(part, "asinh", seeds=[1], epochs=1, frozen=True)[0]
    assert (still.a, still.b) == (4.0, 0.25) != (again.a, again.b)
    # the second of two seeds gives what it gives alone: nothing is left of the first
    np.testing.assert_array_equal(again.test, found["asinh"][1].test)
    np.testing.assert_allclose(
        again.test, again.a * np.arcsinh(again.b * again.raw), rtol=1e-5, atol=1e-6
    )
    assert again.path.shape == (2, 3)
    assert again.path[-1, 1] == pytest.approx(score(again.test, part.test_labels).loss)
    assert np.isnan(found["plain"][0].a)


def test_paths_are_read_between_epochs():
    path = np.array([[2.0, 2.0, 0.1], [1.2, 1.5, 0.5], [1.6, 1.4, 0.6], [0.8, 1.3, 0.7]])
    assert at_loss(path, 3.0, 1) == 2.0
    assert at_loss(path, 1.6, 2) == pytest.approx(0.3)
    assert at_loss(path, 1.2, 1) == 1.5
    assert at_loss(path, 1.0, 2) == pytest.approx(0.675)  # the last crossing that counts
    with pytest.raises(ValueError, match=r"falls to 0.5; its least is 0.8"):
        at_loss(path, 0.5, 1)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The shipped digits, also where the full set is prepared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLPHYS_DATA", str(tmp_path_factory.mktemp("none")))
        return load_images(source="mnist")


@pytest.mark.slow
def test_stated_effects_keep_their_signs(sample):
    # the chapter's claims on digits, with fewer pictures: five seeds, intervals of Student's t
    parts = {"learn": 512, "hold": 500, "judge": 600}
    seeds = {"seeds": range(5), "epochs": 9}
    right, wrong = split(sample, **parts), split(sample, wrong=0.3, **parts)
    labels = right.test_labels
    plain = train_seeds(right, "plain", **seeds)
    alone = np.array([score(o.test, labels) for o in plain])
    cured = np.array(
        [score(o.test / fit_temperature(o.held, right.held_labels), labels) for o in plain]
    )
    np.testing.assert_array_equal(cured[:, 0], alone[:, 0])
    assert paired_effect(cured[:, 1], alone[:, 1]).sign == -1
    ends = {
        kind: np.array([o.path[-1] for o in train_seeds(wrong, kind, **seeds)])
        for kind in ("plain", "asinh")
    }
    train, test, accuracy = (
        paired_effect(ends["asinh"][:, i], ends["plain"][:, i]) for i in range(3)
    )
    assert train.sign == -1  # the layer hurries
    assert test.sign >= 0  # and is no better for it
    assert accuracy.sign <= 0
