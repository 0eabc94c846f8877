"""Stacks against closed forms: bare interface, slab, quarter-wave stack, energy, reversal."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlphys.derivatives.thin_film import (
    Film,
    alternating,
    amplitudes,
    layer_matrices,
    log_transmittance_gradient,
    multiply_in_pairs,
    quarter_wave,
    reflectance,
    transmittance,
)

WAVES = np.linspace(400.0, 800.0, 23)


@pytest.fixture
def rng():
    return np.random.default_rng(1887)


def random_stack(rng, layers=12, absorbing=False):
    """Return a stack without any regularity, and its thickness."""
    index = rng.uniform(1.3, 3.0, layers)
    if absorbing:
        index = index + 1j * rng.uniform(0, 0.05, layers)
    return Film(index, 1.0, 1.52), rng.uniform(20, 300, layers)


def test_layers_without_thickness_leave_the_bare_interface():
    film = Film([2.0, 3.0], 1.0, 1.5)
    r, t = amplitudes(film, [0.0, 0.0], WAVES)
    assert_allclose(r, (1 - 1.5) / (1 + 1.5), rtol=1e-15)  # Fresnel
    assert_allclose(t, 2 / (1 + 1.5), rtol=1e-15)


@pytest.mark.parametrize("n", [1.5, 2.35, 4.0])
def test_slab_is_a_fabry_perot_etalon(n):
    thickness, film = 731.0, Film([n], 1.0, 1.0)
    delta = 2 * np.pi * n * thickness / WAVES
    r = (1 - n) / (1 + n)
    airy = 1 / (1 + 4 * r**2 / (1 - r**2) ** 2 * np.sin(delta) ** 2)
    assert_allclose(transmittance(film, [thickness], WAVES), airy, rtol=1e-13)
    # the amplitude by the sum over all internal reflections
    t = (1 - r**2) * np.exp(1j * delta) / (1 - r**2 * np.exp(2j * delta))
    assert_allclose(amplitudes(film, [thickness], WAVES).transmitted, t, rtol=1e-13)


def test_absorbing_slab_sums_its_internal_reflections():
    n, thickness = 2.0 + 0.1j, 400.0
    inside = np.exp(2j * np.pi * n * thickness / WAVES)
    r = (1 - n) / (1 + n)
    t = sum((1 - r**2) * inside * (r * inside) ** (2 * k) for k in range(60))
    film = Film([n], 1.0, 1.0)
    assert_allclose(amplitudes(film, [thickness], WAVES).transmitted, t, rtol=1e-12)
    passed, returned = (
        transmittance(film, [thickness], WAVES),
        reflectance(film, [thickness], WAVES),
    )
    assert ((passed + returned < 0.9) & (passed > 0)).all()


@pytest.mark.parametrize("pairs", [1, 4, 20])
def test_quarter_wave_stack_has_the_known_reflectance(pairs):
    film = alternating(2 * pairs, high=2.3, low=1.4)
    seen = 1.52 * (2.3 / 1.4) ** (2 * pairs)  # index that the stack pretends to be
    expected = ((1 - seen) / (1 + seen)) ** 2
    thickness = quarter_wave(film, 550.0)
    assert_allclose(reflectance(film, thickness, 550.0), expected, rtol=1e-13)
    assert_allclose(transmittance(film, thickness, 550.0), 4 * seen / (1 + seen) ** 2, rtol=1e-11)


def test_single_quarter_wave_of_the_geometric_mean_removes_the_reflection():
    film = Film([1.52**0.5])
    assert reflectance(film, quarter_wave(film, 550.0), 550.0) < 1e-30


def test_half_wave_layers_are_absent():
    film = alternating(6)
    bare = 4 * 1.52 / 2.52**2
    assert_allclose(transmittance(film, 2 * quarter_wave(film, 600.0), 600.0), bare, rtol=1e-13)


def test_clear_stacks_lose_nothing(rng):
    for _ in range(20):
        film, thickness = random_stack(rng)
        total = transmittance(film, thickness, WAVES) + reflectance(film, thickness, WAVES)
        assert_allclose(total, 1, rtol=1e-12)


def test_absorption_takes_what_is_missing(rng):
    # A = ∫ Im(n²) |E|² k dz / n_front, by Simpson's rule inside every layer
    film, thickness = random_stack(rng, 3, absorbing=True)
    _, t = amplitudes(film, thickness, 550.0)
    k, lost = 2 * np.pi / 550.0, 0.0
    behind = t * np.array([1.0, film.back])
    for n, d in zip(film.index[::-1], thickness[::-1], strict=True):
        z = np.linspace(0, d, 2001)  # distance from the back of the layer
        field = np.cos(k * n * z) * behind[0] - 1j / n * np.sin(k * n * z) * behind[1]
        weights = np.where(np.arange(2001) % 2, 4.0, 2.0)
        weights[[0, -1]] = 1.0
        lost += (n**2).imag * k * (weights * abs(field) ** 2).sum() * d / 6000
        behind = layer_matrices(Film([n]), [d], 550.0)[0] @ behind
    kept = transmittance(film, thickness, 550.0) + reflectance(film, thickness, 550.0)
    assert_allclose(1 - kept, lost, rtol=1e-10)


def test_light_passes_equally_from_both_sides(rng):
    film, thickness = random_stack(rng, absorbing=True)
    turned = Film(film.index[::-1], film.back, film.front)
    there = transmittance(film, thickness, WAVES)
    assert_allclose(transmittance(turned, thickness[::-1], WAVES), there, rtol=1e-11)


def test_matrices_have_determinant_one(rng):
    film, thickness = random_stack(rng, absorbing=True)
    matrices = layer_matrices(film, thickness, WAVES)
    assert matrices.shape == (23, 12, 2, 2)
    assert_allclose(np.linalg.det(matrices), 1, rtol=1e-12)


def test_a_split_layer_is_the_same_layer():
    whole = transmittance(Film([1.4, 2.0]), [90.0, 200.0], WAVES)
    split = transmittance(Film([1.4, 2.0, 2.0]), [90.0, 120.0, 80.0], WAVES)
    assert_allclose(split, whole, rtol=1e-13)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 13])
def test_products_in_pairs_equal_products_in_order(count, rng):
    matrices = rng.normal(size=(5, count, 3, 3))
    ordered = matrices[:, 0]
    for k in range(1, count):
        ordered = ordered @ matrices[:, k]
    assert_allclose(multiply_in_pairs(matrices), ordered, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("absorbing", [False, True])
def test_hand_gradient_against_central_differences(absorbing, rng):
    film, thickness = random_stack(rng, absorbing=absorbing)
    log_t, gradient = log_transmittance_gradient(film, thickness, WAVES)
    assert_allclose(np.exp(log_t), transmittance(film, thickness, WAVES), rtol=1e-12)
    step = 1e-3
    for j in range(len(thickness)):
        shift = step * np.eye(len(thickness))[j]
        up, down = (
            np.log(transmittance(film, thickness + sign * shift, WAVES)) for sign in (1, -1)
        )
        assert_allclose(gradient[:, j], (up - down) / (2 * step), rtol=1e-5, atol=1e-8)


def test_hand_gradient_of_a_slab_in_closed_form():
    n, thickness = 2.35, 77.0
    film = Film([n], 1.0, 1.0)
    k, r2 = 2 * np.pi * n / WAVES, ((1 - n) / (1 + n)) ** 2
    coefficient = 4 * r2 / (1 - r2) ** 2
    expected = -coefficient * np.sin(2 * k * thickness) * k
    expected /= 1 + coefficient * np.sin(k * thickness) ** 2
    _, gradient = log_transmittance_gradient(film, [thickness], WAVES)
    assert_allclose(gradient[:, 0], expected, rtol=1e-12)


def test_one_wavelength_and_grids_of_them_agree(rng):
    film, thickness = random_stack(rng)
    grid = WAVES[:20].reshape(4, 5)
    value, gradient = log_transmittance_gradient(film, thickness, grid)
    assert value.shape == (4, 5) and gradient.shape == (4, 5, 12)
    one, slope = log_transmittance_gradient(film, thickness, grid[2, 3])
    assert_allclose(one, value[2, 3], rtol=1e-14)
    assert_allclose(slope, gradient[2, 3], rtol=1e-12)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="one index for each layer"):
        Film([])
    with pytest.raises(ValueError, match="positive real part"):
        Film([1.5, -2.0])
    with pytest.raises(ValueError, match="clear medium in front"):
        Film([1.5], front=1.3 + 0.1j)
    with pytest.raises(ValueError, match=r"shape \(2,\); got shape \(3,\)"):
        transmittance(alternating(2), [1.0, 2.0, 3.0], 500.0)
    with pytest.raises(ValueError, match="positive numbers"):
        transmittance(alternating(2), [1.0, 2.0], [500.0, 0.0])
