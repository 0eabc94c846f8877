import base64

import numpy as np
import pytest

from mlphys.physics import schwarzschild as exact
from mlphys.physics.deflection_table import deflection_table
from mlphys.physics.flight_table import flight_table, row_at, swept_at, to_text


@pytest.fixture(scope="module")
def table():
    return flight_table()


@pytest.mark.parametrize("radius", [1.6, 1.61, 1.9, 3.1, 6.2, 11.0, 19.0, 29.0, 30.0])
def test_angles_are_those_of_the_elliptic_integral(table, radius):
    row = row_at(table, radius)
    edge = float(exact.shadow_angle(radius))
    assert abs(row.critical - edge) < 5e-7
    gap = np.geomspace(1e-4, np.pi / 2 - edge - 1e-6, 300)
    impact = exact.impact_parameter(np.tan(edge + gap), radius)
    error = abs(swept_at(row, edge + gap) - exact.swept_angle(impact, radius, 50.0))
    assert (error < 1e-4 + 3e-7 / gap).all()  # an error of the edge, seen through −ln(gap)
    assert np.isnan(swept_at(row, edge - 1e-5))


@pytest.mark.parametrize("radius", [1.7, 7.0, 25.0])
def test_angles_behind_the_observer_are_those_of_traced_light(table, radius):
    traced = deflection_table([radius], share=np.linspace(0.55, 1.0, 40))
    angle = traced.critical[0] + traced.share * (np.pi - traced.critical[0])
    found = swept_at(row_at(table, radius), angle)
    np.testing.assert_allclose(found, traced.swept[0], atol=1e-4)
    assert found[-1] == pytest.approx(0, abs=1e-6)


def test_rows_are_interpolated_without_a_jump(table):
    radii = np.linspace(1.6, 30.0, 400)
    far = np.array([swept_at(row_at(table, r), 2.0) for r in radii])
    assert (np.diff(far) < 0).all()
    bend = np.diff(far, 2)
    assert (bend > 0).all() or (abs(np.diff(bend)) < 0.01).all()


def test_text_holds_the_numbers(table):
    numbers = np.frombuffer(base64.b64decode(to_text(table)), "<f4").reshape(
        len(table.critical), -1
    )
    assert np.array_equal(numbers[:, 0], table.critical)
    assert np.array_equal(numbers[:, 1:], table.smooth)
    assert len(to_text(table)) < 25_000


def test_bad_tables_and_radii_are_refused(table):
    with pytest.raises(ValueError, match="at least 4 radii, 6 nodes"):
        flight_table(radii=3)
    with pytest.raises(ValueError, match=r"1\.5 < nearest"):
        flight_table(nearest=1.5)
    for radius in (1.5, 31.0, float("nan")):
        with pytest.raises(ValueError, match=r"from 1\.6 to 30"):
            row_at(table, radius)
