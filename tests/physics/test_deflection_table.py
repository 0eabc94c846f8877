import json

import numpy as np
import pytest

from mlphys.physics import schwarzschild as exact
from mlphys.physics.deflection_table import deflection_table, to_json


def test_table_equals_the_elliptic_integrals():
    table = deflection_table([4.0, 20.0], angles=64)
    np.testing.assert_allclose(table.critical, exact.shadow_angle(table.radius), rtol=1e-8)
    for row, radius in enumerate(table.radius):
        angle = table.critical[row] + table.share * (np.pi - table.critical[row])
        inward = (angle < np.pi / 2) & (table.share > 1e-4)
        impact = exact.impact_parameter(np.tan(angle[inward]), radius)
        expected = exact.swept_angle(impact, radius, 50.0)
        np.testing.assert_allclose(table.swept[row, inward], expected, atol=1e-6)
        assert (np.diff(table.swept[row]) < 0).all() and table.swept[row, -1] == 0
    parts = json.loads(to_json(table))
    np.testing.assert_allclose(parts["swept"], table.swept, atol=1e-6)


def test_observers_are_between_photon_sphere_and_sky():
    with pytest.raises(ValueError, match=r"between 1.5 and 50"):
        deflection_table([1.2])


def test_shares_may_be_chosen_and_observers_may_be_close():
    share = np.linspace(0.01, 1.0, 12)
    table = deflection_table([1.6, 2.0], share=share)
    np.testing.assert_allclose(table.critical, exact.shadow_angle(table.radius), rtol=1e-12)
    angle = table.critical[1] + share * (np.pi - table.critical[1])
    inward = angle < np.pi / 2
    impact = exact.impact_parameter(np.tan(angle[inward]), 2.0)
    expected = exact.swept_angle(impact, 2.0, 50.0)
    np.testing.assert_allclose(table.swept[1, inward], expected, atol=1e-7)


@pytest.mark.parametrize("share", [[0.0, 1.0], [0.5, 0.2, 1.0], [0.1, 0.9]])
def test_shares_increase_to_one(share):
    with pytest.raises(ValueError, match="increase from above 0 to 1"):
        deflection_table([5.0], share=share)
