import numpy as np
import pytest

from mlphys.physics import schwarzschild as exact
from mlphys.physics.line_elements import (
    minkowski,
    schwarzschild,
    schwarzschild_ingoing,
    schwarzschild_isotropic,
)
from mlphys.physics.shadow import expected_edge


@pytest.mark.parametrize("radius", [2.0, 6.0, 20.0, 1000.0])
@pytest.mark.parametrize("ds2", [schwarzschild, schwarzschild_ingoing, schwarzschild_isotropic])
def test_edge_is_the_known_one_in_every_chart(ds2, radius):
    place, least = radius, 1.001
    if ds2 is schwarzschild_isotropic:  # r = ρ (1 + 1/4ρ)²
        place, least = (radius - 0.5 + np.sqrt(radius * (radius - 1))) / 2, 0.2501
    edge = expected_edge(ds2, radius=place, least=least)
    assert edge == pytest.approx(float(exact.critical_slope(radius)), rel=1e-9)


def test_inside_the_photon_sphere_no_light_that_comes_in_turns():
    assert expected_edge(schwarzschild, radius=1.4, least=1.001) is None


def test_without_a_hole_the_innermost_point_is_the_edge():
    edge = expected_edge(minkowski, radius=20.0, least=1.0)
    assert edge == pytest.approx(np.tan(np.arcsin(1 / 20)), rel=1e-12)
