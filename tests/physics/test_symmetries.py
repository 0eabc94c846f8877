"""Killing's equation: ds² does not change along a declared symmetry."""

import numpy as np
import pytest

from mlphys.physics.line_elements import (
    lectures_diagonal,
    schwarzschild,
    schwarzschild_ingoing,
    schwarzschild_isotropic,
)
from mlphys.physics.symmetries import AXIAL, SPHERICAL


def lie_derivative(ds2, field):
    """Rate of ds² when event and displacement are carried along the field, by differences."""
    x, dx, h = np.array([0.4, 3.0, -1.5, 2.0]), np.array([0.7, 0.2, 0.5, -0.3]), 1e-5

    def moved(sign):
        shift = sign * h * np.array(field(tuple(x)), dtype=float)
        jacobian = np.stack(
            [
                (np.array(field(tuple(x + h * e)), float) - np.array(field(tuple(x)), float)) / h
                for e in np.eye(4)
            ],
            axis=-1,
        )
        return ds2(x + shift, dx + sign * h * jacobian @ dx)

    return (moved(1) - moved(-1)) / (2 * h)


@pytest.mark.parametrize("ds2", [schwarzschild, schwarzschild_isotropic, schwarzschild_ingoing])
@pytest.mark.parametrize("symmetry", SPHERICAL, ids=lambda symmetry: symmetry.name)
def test_a_round_hole_has_four(ds2, symmetry):
    assert lie_derivative(ds2, symmetry.field) == pytest.approx(0, abs=1e-9)


def test_the_lectures_metric_is_not_round():
    assert abs(lie_derivative(lectures_diagonal, AXIAL[1].field)) > 1e-3
