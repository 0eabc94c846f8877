import hypothesis.extra.numpy as arrays
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from mlphys.datasets import load_mnist
from mlphys.learning.duplicates import find_duplicates, find_shared

SMALL = arrays.arrays(np.uint8, (12, 2, 2), elements=st.integers(0, 1))


@given(SMALL)
def test_groups_against_all_pairs(images):
    found = {tuple(group) for group in find_duplicates(images)}
    slow = {}
    for place, image in enumerate(images):
        slow.setdefault(image.tobytes(), []).append(place)
    assert found == {tuple(group) for group in slow.values() if len(group) > 1}


@given(SMALL, SMALL)
def test_shared_against_all_pairs(first, second):
    slow = [i for i, image in enumerate(second) if any((image == other).all() for other in first)]
    assert find_shared(first, second).tolist() == slow


def test_zeros_at_the_end_count():
    images = np.zeros((3, 4), np.uint8)
    images[1, 3] = images[2, 0] = 1
    assert find_duplicates(images) == []


def test_sample_has_none_and_planted_copies_are_found():
    digits = load_mnist(source="sample")
    assert find_duplicates(digits.train_images) == []
    assert find_shared(digits.train_images, digits.test_images).size == 0
    copied = digits.train_images.copy()
    copied[[17, 5000]] = copied[4]
    assert [group.tolist() for group in find_duplicates(copied)] == [[4, 17, 5000]]


@pytest.mark.full_data
def test_mnist_has_sixty_thousand_training_images_and_no_two_alike():
    digits = load_mnist()
    assert len(digits.train_images) == 60_000
    assert find_duplicates(digits.train_images) == []
    assert find_duplicates(digits.test_images) == []
    assert find_shared(digits.train_images, digits.test_images).size == 0


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: find_duplicates(np.zeros(3)), r"shape \(n, ...\)"),
        (lambda: find_shared(np.zeros((1, 2)), np.zeros((1, 3))), "one shape and dtype"),
    ],
)
def test_bad_input_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
