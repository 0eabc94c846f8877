"""Objectives by four routes; the law of rays by a Monte Carlo run, that of waves by integration."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlphys.derivatives.thin_film import (
    Film,
    alternating,
    layer_matrices,
    log_transmittance_gradient,
    quarter_wave,
    transmittance,
)
from mlphys.derivatives.thin_film_design import (
    analytic_log_transmittance,
    band_objective,
    interface_transmittance,
    log_transmittance,
    mean_log_transmittance,
    ray_transmittance,
    stopped_share,
    vacuum_wavelength,
)

BAND = vacuum_wavelength(np.linspace(500.0, 600.0, 9))


@pytest.fixture
def rng():
    return np.random.default_rng(1958)


def design(rng, layers=40):
    film = alternating(layers)
    return film, quarter_wave(film, 550.0) * rng.uniform(0.5, 1.5, layers)


def test_green_light_of_a_laser():
    assert vacuum_wavelength(563.5) == pytest.approx(532.0, abs=0.1)  # doubled Nd:YAG, 532 nm


def test_logarithm_agrees_with_the_library(rng):
    film, thickness = design(rng)
    expected = np.log(transmittance(film, thickness, BAND))
    assert_allclose(log_transmittance(film, thickness, BAND), expected, rtol=1e-12)
    assert_allclose(analytic_log_transmittance(film, thickness, BAND), expected, rtol=1e-12)


def test_hand_gradient_against_the_complex_step(rng):
    film, thickness = design(rng)
    _, gradient = log_transmittance_gradient(film, thickness, BAND)
    step = 1e-200
    for j in range(len(thickness)):
        nudged = thickness + 1j * step * np.eye(len(thickness))[j]
        measured = analytic_log_transmittance(film, nudged, BAND).imag / step
        assert_allclose(gradient[:, j], measured, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("measure", ["mean", "log"])
def test_objective_and_gradient_against_the_tape(measure, rng):
    from mlphys.derivatives.tape import value_and_gradient

    film, thickness = design(rng)
    unit = quarter_wave(film, 550.0)

    def taped(x):
        log_t = log_transmittance(film, x * unit, BAND)
        return -np.mean(log_t if measure == "log" else np.exp(log_t))

    value, gradient = band_objective(film, BAND, unit=unit, measure=measure)(thickness / unit)
    by_tape, slope = value_and_gradient(taped)(thickness / unit)
    assert_allclose(value, by_tape, rtol=1e-12)
    assert_allclose(gradient, slope, rtol=1e-10, atol=1e-12 * abs(slope).max())


def sensitivities_of_matrices(matrices, row, column, q, conj=np.conj):
    """Return the sensitivity of −2 ln|q| on each matrix of a chain, by prefixes and suffixes."""
    seed = -2 * q / abs(q) ** 2
    found = []
    for j in range(len(matrices)):
        left, right = row, column
        for matrix in matrices[:j]:
            left = left @ matrix
        for matrix in matrices[:j:-1]:
            right = matrix @ right
        found.append(seed * conj(np.outer(left, right)))
    return np.array(found)


def test_a_missing_conjugate_gives_another_gradient(rng):
    film, thickness = design(rng, 5)
    wavelength, h = 550.0, 1e-6
    row, column = np.array([film.front, 1.0]), np.array([1.0, film.back])
    matrices = layer_matrices(film, thickness, wavelength)
    q = row @ np.linalg.multi_dot(list(matrices)) @ column
    slopes = layer_matrices(film, thickness + h, wavelength)
    slopes = (slopes - layer_matrices(film, thickness - h, wavelength)) / (2 * h)
    _, expected = log_transmittance_gradient(film, thickness, wavelength)
    right = sensitivities_of_matrices(matrices, row, column, q)
    found = np.einsum("jab,jab->j", right.conj(), slopes).real
    assert_allclose(found, expected, rtol=1e-7)
    wrong = sensitivities_of_matrices(matrices, row, column, q, conj=np.positive)
    found = np.einsum("jab,jab->j", wrong.conj(), slopes).real
    assert abs(found - expected).max() > 0.1 * abs(expected).max()


def test_interfaces_follow_fresnel():
    film = Film([2.0, 3.0], 1.0, 1.5)
    reflected = [(1 / 3) ** 2, (1 / 5) ** 2, (1.5 / 4.5) ** 2]
    assert_allclose(interface_transmittance(film), 1 - np.array(reflected), rtol=1e-15)


def test_rays_by_following_photons(rng):
    film = alternating(6)
    passing = interface_transmittance(film)
    photons = 200_000
    place, heading = np.zeros(photons, int), np.ones(photons, int)  # before interface `place`
    inside = np.ones(photons, bool)
    while inside.any():
        ahead = np.where(heading > 0, place, place - 1)[inside]
        through = rng.random(inside.sum()) < passing[ahead]
        heading[inside] = np.where(through, heading[inside], -heading[inside])
        place[inside] += np.where(through, heading[inside], 0)
        inside &= (place < len(passing)) & ~((place == 0) & (heading < 0))
    share = np.mean(place == len(passing))
    assert share == pytest.approx(ray_transmittance(film), abs=5 * 0.5 / photons**0.5)


def test_mean_over_one_period_of_frequencies_is_the_sum_over_interfaces(rng):
    # layers of 1, 2, … 5 units of optical thickness: T has a period in the frequency
    film = alternating(30)
    thickness = rng.integers(1, 6, 30) / film.index
    phase = 2 * np.pi * (np.arange(4096) + 0.5) / 4096  # of one unit, forth and back
    log_t = np.log(transmittance(film, thickness, 4 * np.pi / phase))
    assert np.mean(log_t) == pytest.approx(mean_log_transmittance(film), rel=1e-10)


def test_mean_over_random_phases_is_the_same_sum(rng):
    film = alternating(10)
    draws = [
        np.log(transmittance(film, 2 * quarter_wave(film, 550.0) * rng.random(10), 550.0))
        for _ in range(4000)
    ]
    error = np.std(draws) / len(draws) ** 0.5
    assert abs(np.mean(draws) - mean_log_transmittance(film)) < 4 * error < 0.1


def test_gap_of_a_quarter_wave_pair_has_the_known_width():
    # relative half width (2/π) arcsin((n − m)/(n + m)) around the frequency of the quarter waves
    film = alternating(2)
    width = 2 / np.pi * np.arcsin((2.35 - 1.45) / (2.35 + 1.45))
    for ratio, expected in ((1 - 1.001 * width, 0), (1 - 0.999 * width, 1), (1 + 0.999 * width, 1)):
        share = stopped_share(film, quarter_wave(film, 550.0), np.array([550.0 / ratio]))
        assert share == expected


def test_share_in_gaps_by_blochs_condition(rng):
    film, thickness = design(rng, 30)
    phase = 2 * np.pi * film.index * thickness / BAND[:, None]
    a, b = phase[:, :-1], phase[:, 1:]
    bloch = np.cos(a) * np.cos(b) - (2.35 / 1.45 + 1.45 / 2.35) / 2 * np.sin(a) * np.sin(b)
    assert stopped_share(film, thickness, BAND) == pytest.approx(np.mean(abs(bloch) > 1))


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="measure among"):
        band_objective(alternating(2), BAND, measure="median")
    absorbing = Film([1.5 + 0.1j])
    with pytest.raises(ValueError, match="expected real indices"):
        interface_transmittance(absorbing)
    with pytest.raises(ValueError, match="expected real indices"):
        analytic_log_transmittance(absorbing, np.array([1.0]), BAND)
