import numpy as np
import pytest

from mlphys.physics.line_elements import minkowski
from mlphys.physics.starts import check_tolerance, choose, prepare


def test_leading_axes_broadcast():
    x, v, shape = prepare(minkowski, np.zeros(4), np.ones((3, 2, 4)), ())
    assert x.shape == v.shape == (6, 4) and shape == (3, 2)
    assert x.flags.c_contiguous


def test_unknown_names_list_the_known_ones():
    choose("scheme", "a", {"a": 1})
    with pytest.raises(ValueError, match=r"scheme among \['a'\]; got 'b'"):
        choose("scheme", "b", {"a": 1})


@pytest.mark.parametrize("tolerance", [1.0, 0.1, 1e-15, 0.0, -1e-8, np.nan, np.inf])
def test_senseless_tolerances_are_refused(tolerance):
    check_tolerance(1e-14)
    check_tolerance(1e-2)
    with pytest.raises(ValueError, match=r"tolerance from 1e-14 to 0\.01; got"):
        check_tolerance(tolerance)
