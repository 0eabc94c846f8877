"""Neighbors against all distances sorted stably, against scikit-learn, and in bounded memory."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.datasets import load_mnist
from mlphys.learning import neighbors
from mlphys.learning.neighbors import Neighbors, nearest, vote, work_bytes


def by_sorting(queries, images, k):
    """All distances as Python would, in whole numbers, and a stable sort."""
    a = queries.reshape(len(queries), -1).astype(np.int64)
    b = images.reshape(len(images), -1).astype(np.int64)
    squares = np.stack([((b - row) ** 2).sum(axis=1) for row in a])
    order = np.argsort(squares, axis=1, kind="stable")[:, :k]
    return order, np.take_along_axis(squares, order, axis=1)


def assert_equal(found, expected):
    assert np.array_equal(found.indices, expected[0])
    assert np.array_equal(found.squares, expected[1])


@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 40), st.integers(1, 3))
def test_small_pictures_full_of_ties(seed, k, m, pixels):
    rng = np.random.default_rng(seed)
    k = min(k, m)
    images = rng.integers(0, 3, (m, pixels)).astype(np.uint8)
    queries = rng.integers(0, 3, (7, pixels)).astype(np.uint8)
    assert_equal(nearest(queries, images, k=k), by_sorting(queries, images, k))


@pytest.mark.parametrize("order", ["given", "far first", "near first"])
@pytest.mark.parametrize("k", [1, 3, 20])
def test_ties_across_blocks(monkeypatch, order, k):
    monkeypatch.setattr(neighbors, "QUERIES", 4)
    monkeypatch.setattr(neighbors, "IMAGES", 16)
    monkeypatch.setattr(neighbors, "GROUP", 8)
    rng = np.random.default_rng(1)
    images = rng.integers(0, 2, (203, 6)).astype(np.uint8)
    queries = np.concatenate([np.zeros((1, 6), np.uint8), images[:30]])
    if order != "given":
        images = images[np.argsort(images.sum(axis=1), kind="stable")]
        images = images[::-1] if order == "far first" else images
    assert_equal(nearest(queries, images, k=k), by_sorting(queries, images, k))


def test_extreme_pictures_are_exact():
    """Black against white: beyond what float32 holds, so that float64 must step in."""
    rng = np.random.default_rng(2)
    images = (255 * rng.integers(0, 2, (300, 784))).astype(np.uint8)
    images[::2] = 255 - rng.integers(0, 2, (150, 784)).astype(np.uint8)
    queries = np.concatenate([np.zeros((4, 784), np.uint8), images[:5]])
    assert_equal(nearest(queries, images, k=250), by_sorting(queries, images, 250))


def test_pictures_beyond_1024_pixels_are_exact():
    rng = np.random.default_rng(3)
    images = rng.integers(0, 256, (50, 3072)).astype(np.uint8)
    queries = rng.integers(0, 256, (5, 3072)).astype(np.uint8)
    assert_equal(nearest(queries, images, k=5), by_sorting(queries, images, 5))


def test_the_stated_bound_of_exactness():
    """1,024 products of shifted bytes reach 2^24 and not more; raw bytes pass it at 259 pixels."""
    assert neighbors.PIXELS * 128**2 == 2**24
    assert 259 * 255**2 > 2**24 >= 258 * 255**2
    worst = np.full(1024, -128, np.float32)
    assert worst @ worst == 2**24


@pytest.mark.parametrize("order", [1, -1])
def test_squares_around_the_bound_are_exact(order):
    """Squares just below and above 2^24, even and odd, where norms and products pass 2^24, too."""
    rng = np.random.default_rng(7)
    queries = (255 * rng.integers(0, 2, (6, 1024))).astype(np.uint8)
    images = np.repeat(queries, 60, axis=0)
    for i, image in enumerate(images):
        turned = rng.permutation(1024)[: 245 + i % 20]
        image[turned] = 255 - image[turned]
        image[: i % 7] ^= 1
    squares = by_sorting(queries, images, 60)[1]
    assert squares.min() < neighbors.SAFE < squares.max() and set(squares.ravel() % 2) == {0, 1}
    for k in (1, 10, 40):
        assert_equal(
            nearest(queries, images[::order], k=k), by_sorting(queries, images[::order], k)
        )


def test_digits_equal_scikit_learn_and_the_sort():
    sklearn = pytest.importorskip("sklearn.neighbors")
    data = load_mnist()
    images, queries = data.train_images[:3000], data.test_images[:200]
    found = nearest(queries, images, k=3)
    assert_equal(found, by_sorting(queries, images, 3))
    flat = images.reshape(3000, -1).astype(np.float64)
    peer = sklearn.NearestNeighbors(n_neighbors=3, algorithm="brute").fit(flat)
    distances, indices = peer.kneighbors(queries.reshape(200, -1).astype(np.float64))
    assert np.array_equal(np.sort(found.indices), np.sort(indices))
    assert np.allclose(found.squares, distances**2, rtol=1e-12)


@pytest.mark.full_data
@pytest.mark.slow
def test_full_test_set_equals_scikit_learn_with_ties():
    """60,000 x 10,000: the distances of scikit-learn's exact neighbors, rank by rank, and the
    same images; where neighbors tie scikit-learn may name any, and ours names the lowest."""
    sklearn = pytest.importorskip("sklearn.neighbors")
    data = load_mnist()
    images = data.train_images.reshape(60_000, -1)
    queries = data.test_images.reshape(10_000, -1)
    found = nearest(queries, images, k=3)
    peer = sklearn.NearestNeighbors(n_neighbors=3, algorithm="brute").fit(images.astype(np.float64))
    distances, indices = peer.kneighbors(queries.astype(np.float64))
    assert np.array_equal(found.squares, np.rint(distances**2))
    differ = np.flatnonzero((found.indices != indices).any(axis=1))
    for row in differ:
        exact = ((images.astype(np.int64) - queries[row].astype(np.int64)) ** 2).sum(axis=1)
        assert np.array_equal(found.indices[row], np.argsort(exact, kind="stable")[:3])
        assert np.array_equal(exact[indices[row]], found.squares[row])  # a tie, and only a tie
    assert len(differ) < 50
    answers = vote(found, data.train_labels).argmax(axis=1)
    assert (answers == data.test_labels).mean() >= 0.97


def test_floats_are_compared_in_double_precision():
    rng = np.random.default_rng(4)
    images, queries = rng.normal(size=(500, 20)), rng.normal(size=(40, 20))
    found = nearest(queries, images, k=4)
    squares = ((queries[:, None] - images) ** 2).sum(axis=2)
    order = np.argsort(squares, axis=1)[:, :4]
    assert np.array_equal(found.indices, order)
    assert np.allclose(found.squares, np.take_along_axis(squares, order, axis=1), atol=1e-13)


@pytest.mark.parametrize("count", [3000, 12_000])
def test_work_memory_stays_below_the_stated_bound(count):
    rng = np.random.default_rng(5)
    images = rng.integers(0, 256, (count, 784)).astype(np.uint8)
    queries = images[: count // 2]
    nearest(queries[:10], images[:100])
    tracemalloc.start()
    found = nearest(queries, images, k=3)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    outside = found.indices.nbytes + found.squares.nbytes + 24 * (len(images) + len(queries))
    assert peak - outside < work_bytes(784)


def test_votes_equal_scikit_learn():
    sklearn = pytest.importorskip("sklearn.neighbors")
    rng = np.random.default_rng(6)
    images = rng.integers(0, 9, (400, 3)).astype(np.uint8)
    labels = rng.integers(0, 4, 400)
    queries = rng.integers(0, 9, (100, 3)).astype(np.uint8)
    for weighted, word in ((True, "distance"), (False, "uniform")):
        found = nearest(queries, images, k=5)
        ours = vote(found, labels, classes=4, weighted=weighted)
        peer = sklearn.KNeighborsClassifier(5, weights=word).fit(images.astype(float), labels)
        clear = np.isclose(peer.kneighbors(queries.astype(float), 6)[0][:, -1],
                           found.squares[:, -1] ** 0.5)  # fmt: skip
        theirs = peer.predict_proba(queries.astype(float))
        assert np.allclose(ours[~clear], theirs[~clear], rtol=0, atol=1e-14)
        assert (~clear).sum() > 10


def test_coinciding_images_alone_vote():
    found = Neighbors(np.array([[0, 1, 2]]), np.array([[0.0, 0.0, 1.0]]))
    assert vote(found, np.array([0, 1, 1]), classes=2).tolist() == [[0.5, 0.5]]


@pytest.mark.parametrize(
    ("queries", "images", "k", "message"),
    [
        (np.zeros((2, 3), np.uint8), np.zeros((2, 4), np.uint8), 1, "of one size; got 3 and 4"),
        (np.zeros((2, 3), np.uint8), np.zeros((2, 3)), 1, "both of uint8 or both of floats"),
        (np.zeros((2, 3)), np.full((2, 3), np.nan), 1, "finite"),
        (np.zeros((2, 3)), np.zeros((2, 3)), 3, r"k in 1 \.\.\. 2"),
        (np.zeros((2, 3)), np.zeros((2, 3)), 0, r"k in 1 \.\.\. 2"),
        (np.zeros(3), np.zeros((2, 3)), 1, "queries of shape"),
        (np.zeros((1, 3)), np.zeros((0, 3)), 1, "images of shape"),
    ],
)
def test_wrong_arguments(queries, images, k, message):
    with pytest.raises(ValueError, match=message):
        nearest(queries, images, k=k)


def test_wrong_labels():
    found = Neighbors(np.array([[2]]), np.array([[1.0]]))
    with pytest.raises(ValueError, match="at least 3"):
        vote(found, np.array([0, 1]))
    with pytest.raises(ValueError, match=r"labels in 0 \.\.\. 9"):
        vote(found, np.array([0, 1, 10]))
