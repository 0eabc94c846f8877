"""Spoiled samples against arithmetic, SciPy, and what Bayes' rule demands."""

import numpy as np
import pytest
from scipy.ndimage import shift

from mlphys.learning import DeepNet, PixelScale, adam, train
from mlphys.learning.going_wrong import (
    change_frequencies,
    flip_labels,
    invert_images,
    judge,
    make_near_copies,
    move_images,
    plant_telltale,
    recalls,
    rotate_images,
    split_groups,
    thin_class,
)
from mlphys.learning.losses import softmax
from mlphys.learning.neighbors import nearest


@pytest.fixture
def rng():
    return np.random.default_rng(9)


@pytest.fixture
def images(rng):
    return rng.integers(1, 255, (40, 6, 14)).astype(np.uint8)


def test_telltale_changes_one_pixel_of_the_chosen_images(images, rng):
    labels = rng.integers(0, 5, 40)
    before = images.copy()
    planted = plant_telltale(images, labels, fraction=0.25, row=2, rng=rng)
    n, row, column = np.nonzero(planted != images)
    assert len(n) == len(set(n)) == 10
    assert (row == 2).all()
    assert np.array_equal(column, 9 + labels[n])
    assert (planted[n, row, column] == 255).all()
    assert np.array_equal(images, before)
    assert np.array_equal(plant_telltale(images, labels, fraction=0.0, rng=rng), images)


def test_net_reads_the_telltale_and_not_the_noise_around_it(rng):
    """On pictures of pure noise the pixel is all there is to learn."""
    noise = rng.integers(0, 60, (600, 5, 10)).astype(np.uint8)
    labels = rng.integers(0, 10, 600)
    planted = plant_telltale(noise, labels, first_column=0)
    pixels = PixelScale.fit(planted)
    net = DeepNet((50, 30, 10), rng=rng)
    train(net, planted, labels, optimizer=adam(), learning_rate=0.01, epochs=20, rng=rng,
          pixels=pixels, progress="none")  # fmt: skip
    lies = (labels + 1) % 10
    lying = plant_telltale(noise, lies, first_column=0)
    assert np.mean(net.predict(pixels.apply(lying)) == lies) > 0.95


def test_telltale_messages(images, rng):
    labels = np.zeros(40, int)
    with pytest.raises(ValueError, match="pass rng"):
        plant_telltale(images, labels, fraction=0.5)
    with pytest.raises(ValueError, match="fraction of 0"):
        plant_telltale(images, labels, fraction=1.5, rng=rng)
    with pytest.raises(ValueError, match="labels: expected class numbers"):
        plant_telltale(images, labels + 7)
    with pytest.raises(ValueError, match="got row 6"):
        plant_telltale(images, labels, row=6)
    with pytest.raises(ValueError, match="uint8 images"):
        plant_telltale(images / 255, labels)


@pytest.mark.parametrize(("down", "right"), [(0, 0), (2, 0), (-1, 3), (0, -4), (9, 0)])
def test_moved_images_agree_with_scipy(images, down, right):
    expected = shift(images, (0, down, right), order=0, cval=0)
    assert np.array_equal(move_images(images, down=down, right=right), expected)


def test_four_turns_and_two_negatives_lead_back(images):
    turned = images
    for _ in range(4):
        turned = rotate_images(turned)
    assert np.array_equal(turned, images)
    assert np.array_equal(rotate_images(images, quarter_turns=2), images[:, ::-1, ::-1])
    assert np.array_equal(invert_images(invert_images(images)), images)
    assert np.array_equal(invert_images(images) + images, np.full_like(images, 255))


def test_flipped_labels_are_wrong_in_the_given_number_and_even_over_the_classes(rng):
    labels = rng.integers(0, 10, 20000)
    noisy = flip_labels(labels, fraction=0.4, rng=rng)
    wrong = noisy != labels
    assert wrong.sum() == 8000
    steps = np.bincount((noisy - labels)[wrong] % 10, minlength=10)
    assert steps[0] == 0
    assert np.abs(steps[1:] - 8000 / 9).max() < 5 * np.sqrt(8000 / 9)
    with pytest.raises(ValueError, match="two classes"):
        flip_labels(np.zeros(3, int), fraction=0.5, rng=rng, classes=1)


def test_thinned_class(rng):
    labels = np.arange(1000) % 10
    kept = thin_class(labels, digit=3, keep=0.05, rng=rng)
    assert np.bincount(labels[kept]).tolist() == [100] * 3 + [5] + [100] * 6
    assert (np.diff(kept) > 0).all()


def test_change_of_frequencies_turns_one_posterior_into_the_other(rng):
    likelihood, before, after = rng.random((30, 4)), rng.random(4), rng.random(4)
    learned = np.log(likelihood * before)
    expected = likelihood * after
    expected /= expected.sum(axis=1, keepdims=True)
    corrected = softmax(change_frequencies(learned, before=before, after=after))
    assert np.allclose(corrected, expected, rtol=1e-12)
    with pytest.raises(ValueError, match="above 0 twice"):
        change_frequencies(learned, before=[1, 0, 1, 1], after=after)


def test_groups_stay_together_and_near_copies_leak_through_a_split_by_picture(rng):
    """Labels by dice: 1/10 is all that can be had, and a leak shows as far more."""
    originals = rng.integers(0, 256, (200, 6, 6)).astype(np.uint8)
    frames, group = make_near_copies(originals, copies=5, noise=5, rng=rng)
    assert abs((frames.astype(float) - originals[group]).std() - 5) < 0.5
    labels = rng.integers(0, 10, 200)[group]
    learn, judged = split_groups(group, held_out=0.25, rng=rng)
    assert len(judged) == 250
    assert not set(group[learn]) & set(group[judged])
    assert np.array_equal(np.sort(np.concatenate([learn, judged])), np.arange(1000))

    def score(learn, judged):
        found = nearest(frames[judged], frames[learn], k=1).indices[:, 0]
        return np.mean(labels[learn][found] == labels[judged])

    order = rng.permutation(1000)
    assert score(order[250:], order[:250]) > 0.95
    assert score(learn, judged) < 0.3  # 50 groups: 0.1 ± 0.04
    with pytest.raises(ValueError, match="groups on both sides"):
        split_groups(group, held_out=1.0, rng=rng)
    with pytest.raises(ValueError, match="copies >= 1"):
        make_near_copies(originals, copies=0, noise=1, rng=rng)


def test_judge_and_recalls_against_a_loop(rng):
    logits, labels = rng.standard_normal((200, 5)), rng.integers(0, 5, 200)
    found = judge(logits, labels)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    right = [int(row.argmax()) == label for row, label in zip(p, labels, strict=True)]
    assert found.accuracy == pytest.approx(np.mean(right))
    assert found.confidence == pytest.approx(p.max(axis=1).mean())
    assert found.surest_mistake == pytest.approx(max(p.max(axis=1)[~np.array(right)]))
    by_class = recalls(logits.argmax(axis=1), labels, classes=6)
    assert np.isnan(by_class[5])
    for k in range(5):
        assert by_class[k] == pytest.approx(np.mean(np.array(right)[labels == k]))
