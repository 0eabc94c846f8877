import numpy as np
import pytest

from mlphys.physics.line_elements import minkowski
from mlphys.physics.starts import choose, prepare


def test_leading_axes_broadcast():
    x, v, shape = prepare(minkowski, np.zeros(4), np.ones((3, 2, 4)), ())
    assert x.shape == v.shape == (6, 4) and shape == (3, 2)
    assert x.flags.c_contiguous


def test_unknown_names_list_the_known_ones():
    choose("scheme", "a", {"a": 1})
    with pytest.raises(ValueError, match=r"scheme among \['a'\]; got 'b'"):
        choose("scheme", "b", {"a": 1})
