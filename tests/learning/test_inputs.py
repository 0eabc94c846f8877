"""Scaling, splitting and shifting, against the plain NumPy expressions."""

import numpy as np
import pytest

from mlphys.learning.inputs import PixelScale, shift_images, split


def images(n=50, side=6, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, side, side)).astype(np.uint8)


def test_fit_standardizes():
    u = images()
    x = PixelScale.fit(u).apply(u, dtype=np.float64)
    assert x.shape == (50, 36)
    assert x.mean() == pytest.approx(0, abs=1e-12)
    assert x.std() == pytest.approx(1, rel=1e-12)


def test_default_is_the_unit_interval():
    u = images()
    expected = u.reshape(50, 36) / 255
    assert np.allclose(PixelScale().apply(u, dtype=np.float64), expected, rtol=1e-15)
    assert PixelScale().apply(u).dtype == np.float32


def test_apply_writes_into_out():
    u = images(3)
    out = np.empty((3, 36), np.float32)
    assert PixelScale().apply(u, out) is out


def test_flat_image_has_no_scale():
    with pytest.raises(ValueError, match="all pixels are 7"):
        PixelScale.fit(np.full((2, 3, 3), 7, np.uint8))


def test_split_of_sixty_thousand():
    order = np.arange(60_000)
    parts = split(order, order % 10, rng=np.random.default_rng(1))
    assert len(parts.train_images) == 48_000
    assert len(parts.validation_images) == 12_000
    assert np.array_equal(np.sort(np.concatenate([parts[0], parts[2]])), order)
    assert np.array_equal(parts.train_labels, parts.train_images % 10)
    assert np.array_equal(parts.validation_labels, parts.validation_images % 10)


@pytest.mark.parametrize("held_out", [0.0, 1.0, 1e-9])
def test_split_with_an_empty_part(held_out):
    with pytest.raises(ValueError, match="leaves examples in both parts"):
        split(np.arange(9), np.arange(9), rng=np.random.default_rng(0), held_out=held_out)


def test_split_lengths():
    with pytest.raises(ValueError, match="as many labels as images; got 8 and 9"):
        split(np.arange(9), np.arange(8), rng=np.random.default_rng(0))


@pytest.mark.parametrize("reach", [1, 2])
def test_each_image_is_one_of_the_allowed_shifts(reach):
    u = images(40)
    moved = shift_images(u, rng=np.random.default_rng(3), out=np.empty_like(u), reach=reach)
    padded = np.pad(u, ((0, 0), (reach, reach), (reach, reach)))
    seen = set()
    for i, image in enumerate(moved):
        fits = [
            (r, c)
            for r in range(2 * reach + 1)
            for c in range(2 * reach + 1)
            if np.array_equal(image, padded[i, r : r + 6, c : c + 6])
        ]
        assert len(fits) == 1
        seen.add(fits[0])
    assert len(seen) == (2 * reach + 1) ** 2


def test_reach_zero_copies():
    u = images(4)
    assert np.array_equal(
        shift_images(u, rng=np.random.default_rng(0), out=np.empty_like(u), reach=0), u
    )
