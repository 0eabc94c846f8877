"""Black bodies against Wien, Stefan and Boltzmann, the standard illuminants and the Planckian locus."""

import numpy as np
import pytest
from scipy import constants as si
from scipy.integrate import quad
from scipy.optimize import minimize_scalar

from mlphys.physics.blackbody import (
    BRIGHTNESS,
    HOTTEST,
    chromaticity,
    color_matching,
    into_gamut,
    linear_srgb,
    planck,
    tristimulus,
)


def locus(temperature):
    """Return the Planckian locus by the cubic fits of US patent 7024034 (Kim and others)."""
    t = temperature
    if t < 4000:
        x = -0.2661239e9 / t**3 - 0.2343589e6 / t**2 + 0.8776956e3 / t + 0.179910
    else:
        x = -3.0258469e9 / t**3 + 2.1070379e6 / t**2 + 0.2226347e3 / t + 0.240390
    if t < 2222:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif t < 4000:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    return x, y


@pytest.mark.parametrize("temperature", [300.0, 5772.0, 1e6])
def test_wien_and_stefan_boltzmann(temperature):
    peak = si.Wien / temperature
    found = minimize_scalar(
        lambda s: -float(planck(s * peak, temperature)), bounds=(0.5, 2), method="bounded"
    )
    assert found.x == pytest.approx(1, abs=1e-5)
    total = quad(lambda s: float(planck(s * peak, temperature)) * peak, 0.05, np.inf)[0]
    assert np.pi * total == pytest.approx(si.sigma * temperature**4, rel=1e-6)


def test_light_of_a_black_body_stays_that_of_a_black_body():
    # frequency ν → gν and radiance per frequency → g³ of it; B_λ = B_ν c/λ², so g⁵ for B_λ
    g, t, wavelength = 0.7, 6000.0, np.linspace(300e-9, 900e-9, 7)
    shifted = g**5 * planck(g * wavelength, t)  # emitted at λ·g, seen at λ
    np.testing.assert_allclose(shifted, planck(wavelength, g * t), rtol=1e-13)


def test_color_matching_functions_have_equal_areas():
    # the CIE normalized them to the equal-energy white, x = y = 1/3; the fit keeps it to 0.5 %
    area = color_matching(np.arange(360, 831) * 1e-9).sum(axis=0)
    np.testing.assert_allclose(area / area[1], 1, atol=6e-3)


def test_color_matching_functions_of_the_cie():
    # CIE 1931, 2°: a few rows of the standard table
    table = {450: (0.3362, 0.0380, 1.7721), 500: (0.0049, 0.3230, 0.2720)}
    table |= {550: (0.4334, 0.9950, 0.0087), 600: (1.0622, 0.6310, 0.0008)}
    table |= {650: (0.2835, 0.1070, 0.0)}
    for nanometers, values in table.items():
        np.testing.assert_allclose(color_matching(nanometers * 1e-9), values, atol=0.03)


def test_published_chromaticities():
    # CIE 15: illuminant A, 2855.5 K; the locus at 6500 K and at infinity
    np.testing.assert_allclose(chromaticity(2855.5), [0.44757, 0.40745], atol=2e-3)
    np.testing.assert_allclose(chromaticity(6500.0), [0.3135, 0.3237], atol=5e-4)
    np.testing.assert_allclose(chromaticity(1e9), [0.2399, 0.2340], atol=5e-4)


@pytest.mark.parametrize("temperature", [1700.0, 2500.0, 3500.0, 5000.0, 10000.0, 25000.0])
def test_planckian_locus(temperature):
    np.testing.assert_allclose(chromaticity(temperature), locus(temperature), atol=4e-3)


def test_table_is_the_integral():
    wavelength = np.arange(360, 831, 5) * 1e-9
    matching = color_matching(wavelength)
    white = planck(wavelength, 6500.0) @ matching[:, 1]
    temperature = np.geomspace(500, 1e8, 77)
    direct = planck(wavelength, temperature[:, None]) @ matching / white
    np.testing.assert_allclose(tristimulus(temperature), direct, rtol=1e-7)


def test_hot_and_cold_limits():
    assert tristimulus([np.nan, 0.0, 100.0]).tolist() == [[0.0] * 3] * 3
    hot = tristimulus([1e8, 2e8, HOTTEST, 10 * HOTTEST])[:, 1]
    assert hot[1] / hot[0] == pytest.approx(2, rel=1e-3)  # Rayleigh and Jeans
    assert hot[3] / hot[2] == pytest.approx(10, rel=1e-12)


def test_screen_colors():
    rgb = linear_srgb([1000.0, 1500.0, 3000.0, 6500.0, 30000.0])
    assert (rgb >= 0).all()
    assert (np.diff(rgb[1:, 2] / rgb[1:, 0]) > 0).all()  # bluer and bluer
    np.testing.assert_allclose(rgb[3], 1, atol=0.05)  # 6500 K is nearly the white of sRGB
    np.testing.assert_allclose(
        rgb @ BRIGHTNESS, tristimulus([1000.0, 1500.0, 3000.0, 6500.0, 30000.0])[:, 1], rtol=2e-4
    )


def test_colors_inside_the_gamut_are_left_alone():
    color = np.array([[0.2, 0.5, 0.0], [3.0, 1.0, 0.1]])
    np.testing.assert_allclose(into_gamut(color), color, rtol=1e-14)
