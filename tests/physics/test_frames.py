import numpy as np
import pytest

from mlphys.physics.frames import (
    ETA,
    boost,
    eigen_frame,
    gram_schmidt,
    light,
    local_components,
    matter,
    static_frame,
)
from mlphys.physics.line_elements import schwarzschild, schwarzschild_ingoing
from mlphys.physics.spacetime import metric

EVENT = np.array([0.3, 2.0, -1.0, 1.5])


def is_frame(frame, g):
    np.testing.assert_allclose(frame @ g @ frame.T, ETA, atol=1e-12)


@pytest.mark.parametrize("ds2", [schwarzschild, schwarzschild_ingoing])
def test_both_constructions_give_frames(ds2):
    g = metric(ds2, EVENT)
    rng = np.random.default_rng(3)
    vectors = np.eye(4) + 0.2 * rng.normal(size=(4, 4))
    for frame in (eigen_frame(g), gram_schmidt(g, vectors), static_frame(ds2, EVENT)):
        is_frame(frame, g)
        assert frame[0, 0] > 0


def test_frames_are_batched():
    g = metric(schwarzschild, np.stack([EVENT, 2 * EVENT]))
    for index, frame in enumerate(eigen_frame(g)):
        is_frame(frame, g[index])


def test_static_observer_at_twenty():
    # u = ∂_t/√(1 − 1/20); the clock's rate is the redshift to infinity
    frame = static_frame(schwarzschild, [0.0, 20.0, 0.0, 0.0])
    np.testing.assert_allclose(frame[0], [1.0259783520851540955, 0, 0, 0], rtol=1e-14)
    np.testing.assert_allclose(frame[1], [0, -np.sqrt(0.95), 0, 0], rtol=1e-14)
    np.testing.assert_allclose(frame[2:], [[0, 0, -1, 0], [0, 0, 0, 1]], atol=1e-15)


def test_light_is_null_and_matter_is_normalized():
    frame = static_frame(schwarzschild_ingoing, EVENT)
    g = metric(schwarzschild_ingoing, EVENT)
    ray = light(frame, [[0.6, 0.8, 0.0], [0.0, 0.0, 1.0]])
    np.testing.assert_allclose(np.einsum("im,mn,in->i", ray, g, ray), 0, atol=1e-13)
    body = matter(frame, [0.3, -0.5, 0.2])
    np.testing.assert_allclose(body @ g @ body, -1, rtol=1e-13)
    np.testing.assert_allclose(local_components(g, frame, ray[0]), [1, 0.6, 0.8, 0], atol=1e-13)


def test_boosted_observer_sees_aberration():
    # cos α' = (cos α + β)/(1 + β cos α) for light met head-on
    beta, cosine = 0.6, 0.3
    moving = boost(np.eye(4), [beta, 0.0, 0.0])
    is_frame(moving, ETA)
    ray = light(np.eye(4), [cosine, np.sqrt(1 - cosine**2), 0.0], time=-1)
    seen = local_components(ETA, moving, ray)
    assert -seen[1] / seen[0] == pytest.approx((cosine + beta) / (1 + beta * cosine), rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: eigen_frame(np.eye(4)), "one negative and three positive"),
        (lambda: gram_schmidt(ETA, np.eye(4)[::-1]), "vector #0 .* to be timelike"),
        (lambda: static_frame(schwarzschild_ingoing, [0, 0.9, 0, 0]), "no observer rests inside"),
        (lambda: static_frame(schwarzschild, [0, 0, 0, 9.0]), "Pass another `up`"),
        (lambda: boost(np.eye(4), [1.0, 0.0, 0.0]), "below 1"),
        (lambda: matter(np.eye(4), [0.8, 0.8, 0.0]), "below 1"),
        (lambda: light(np.eye(4), [1.0, 0.0, 0.0], time=0), "time 1"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
