"""The five computations against sources that share no code with them."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.spatial.distance import pdist
from scipy.special import log_softmax

from mlphys.derivatives.soap_film import area_and_gradient, make_film
from mlphys.derivatives.tape import value_and_gradient
from mlphys.frameworks import five_numpy as five
from mlphys.frameworks.five_computations import make_inputs


@pytest.fixture(scope="module")
def inputs():
    return make_inputs(rng=np.random.default_rng(5))


def test_box_by_hand(inputs):
    value, slopes = value_and_gradient(five.box)(*inputs["box"])
    assert value == 1438
    np.testing.assert_array_equal(slopes, [334, 226, 174, 118])


def test_film_against_the_gradient_by_hand(inputs):
    value, slopes = value_and_gradient(five.film)(*inputs["film"])
    radii = inputs["film"][0]
    area, by_hand = area_and_gradient(make_film(*radii.shape), radii)
    assert value == pytest.approx(area, rel=1e-13)
    np.testing.assert_allclose(slopes, by_hand, rtol=0, atol=1e-12)


def test_pendulum_against_an_integrator_of_order_eight(inputs):
    start, steps = inputs["pendulum"]

    def motion(_, s):  # with the deviation of a neighbor for each of the two initial values
        return np.concatenate([[s[1], -np.sin(s[0])], s[4:], -np.cos(s[0]) * s[2:4]])

    begin = np.concatenate([start, [1, 0], [0, 1]])
    end = solve_ivp(motion, (0, steps.sum()), begin, "DOP853", rtol=1e-12, atol=1e-12).y[:, -1]
    value, slopes = value_and_gradient(five.pendulum)(start, steps)
    fine, fine_slopes = value_and_gradient(five.pendulum)(start, np.repeat(steps / 2, 2))
    assert value == pytest.approx(end[0], abs=1e-3)
    assert (value - end[0]) / (fine - end[0]) == pytest.approx(4, abs=0.05)  # order two
    np.testing.assert_allclose((slopes - end[2:4]) / (fine_slopes - end[2:4]), 4, atol=0.1)


def test_charges_against_scipy(inputs):
    (places,) = inputs["charges"]
    points = places / np.linalg.norm(places, axis=1, keepdims=True)
    value, slopes = value_and_gradient(five.charges)(places)
    assert value == pytest.approx(np.sum(1 / pdist(points)), rel=1e-12)
    # a longer vector points to the same place, and turning all changes nothing
    np.testing.assert_allclose(np.sum(slopes * places, axis=1), 0, atol=1e-8)
    np.testing.assert_allclose(np.cross(places, slopes).sum(axis=0), 0, atol=1e-7)


def test_net_against_scipy(inputs):
    weights, images, labels = inputs["net"]
    logits = np.tanh(images @ weights[:, :784].T) @ weights[:, 784:]
    expected = -np.mean(log_softmax(logits, axis=1)[labels == 1])
    assert five.net(weights, images, labels) == pytest.approx(expected, rel=1e-12)
