"""The flux of the disc against its conservation laws, which hold only for the right formula."""

import numpy as np
import pytest
from scipy.integrate import quad

from mlphys.physics.disc_profile import (
    disc_flux,
    disc_temperature,
    efficiency,
    hottest,
    inner_edge,
)
from mlphys.physics.redshift import kepler_constants, kepler_frequency

SPINS = (0.0, 1e-6, 0.5, 0.9, 0.998, -0.9)


@pytest.mark.parametrize("spin", SPINS)
def test_all_radiated_energy_is_the_binding_energy(spin):
    def share(r):
        return 4 * np.pi * r * float(disc_flux(r, spin)) * float(kepler_constants(r, spin)[0])

    edge = inner_edge(spin)
    near = quad(share, edge, 20 * edge, limit=200)[0]
    far = quad(lambda u: share(1 / u) / u**2, 1e-12, 1 / (20 * edge), limit=200)[0]
    assert near + far == pytest.approx(efficiency(spin), rel=1e-9)


@pytest.mark.parametrize("spin", SPINS)
def test_flux_is_the_integral_of_page_and_thorne(spin):
    # equation 12: −Ω′ (E − ΩL)^−2 ∫ (E − ΩL) L′ dr, with derivatives by differences
    def below(r):
        energy, momentum = kepler_constants(r, spin)
        return float(energy - kepler_frequency(r, spin) * momentum)

    def slope(function, r, h=1e-5):
        return (function(r + h) - function(r - h)) / (2 * h)

    radius = 3 * inner_edge(spin)
    integral = quad(
        lambda r: below(r) * slope(lambda q: float(kepler_constants(q, spin)[1]), r),
        inner_edge(spin),
        radius,
    )[0]
    turning = -slope(lambda r: float(kepler_frequency(r, spin)), radius)
    flux = turning * integral / below(radius) ** 2 / (4 * np.pi * radius)
    assert disc_flux(radius, spin) == pytest.approx(flux, rel=1e-6)


def test_published_efficiencies():
    # Thorne 1974 and Bardeen 1972: 5.72 % without spin, 32 % at 0.998
    assert efficiency(0.0) == pytest.approx(1 - np.sqrt(8 / 9), rel=1e-13)
    assert efficiency(0.998) == pytest.approx(0.321, abs=5e-4)


def test_far_out_the_disc_is_newtons():
    # 3 G M Ṁ/(8π r³), (1 − √(r₀/r)) with the correction of the edge
    assert disc_flux(1e8) == pytest.approx(3 * 0.5 / (8 * np.pi * 1e24), rel=1e-3)
    assert disc_temperature(1e6, peak=1.0) / disc_temperature(16e6, peak=1.0) == pytest.approx(
        8, rel=2e-3
    )


def test_hottest_ring_is_the_largest_value():
    for spin in SPINS:
        r, flux = hottest(spin)
        grid = np.linspace(inner_edge(spin), 4 * r, 20_001)
        assert disc_flux(grid, spin).max() <= flux * (1 + 1e-12)
        assert disc_flux(grid, spin).max() == pytest.approx(flux, rel=1e-6)
        assert disc_temperature(r, spin, peak=5000.0) == pytest.approx(5000, rel=1e-9)


def test_nothing_shines_inside_the_edge_and_the_largest_spin_is_refused():
    assert disc_flux(np.array([1.0, 2.9, 3.0])).tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="between −1 and 1"):
        disc_flux(3.0, 1.0)
