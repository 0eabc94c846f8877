import numpy as np
import pytest

from mlphys.derivatives.tape import Tape
from mlphys.derivatives.tape_ends import checked_input, checked_objective, finished


@pytest.mark.parametrize("x", [2.0, 2j, np.float32(2), np.ones(3), np.ones(2, np.complex64)])
def test_floating_point_goes_in_as_it_is(x):
    assert checked_input(x, 0) is x


@pytest.mark.parametrize(("x", "kind"), [(2, "int64"), (True, "bool"), (np.arange(3), "int64")])
def test_integers_are_refused_with_their_place_and_type(x, kind):
    with pytest.raises(TypeError, match=rf"argument 4: expected floating-point.*got {kind}.*2\.0"):
        checked_input(x, 4)


def test_one_real_number_comes_out_as_it_is():
    for value in (1.0, np.float64(1), np.float32(1), np.array(1.0), Tape().variable(1.0)):
        assert checked_objective(value) is value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.ones((2, 3)), r"one number; got an array of shape \(2, 3\).*np\.sum"),
        (1j, r"real number; got a complex number: take \.real"),
        ("one", r"real number; got str"),
    ],
)
def test_other_objectives_are_refused(value, message):
    with pytest.raises(ValueError, match=message):
        checked_objective(value)


def test_gradients_share_no_memory():
    x, s, table = np.ones(3), np.arange(3.0), np.arange(6.0)
    locked = np.ones(3)
    locked.setflags(write=False)
    taken = set()
    assert finished(s, x, taken) is s
    for other in (s, table[:3], locked, np.ones(3, np.float32)):
        mine = finished(other, x, taken)
        np.testing.assert_array_equal(mine, other)
        assert (mine.dtype, mine.flags.writeable) == (x.dtype, True)
        assert not np.shares_memory(mine, other)


def test_gradients_have_the_type_of_their_argument_and_zero_for_none():
    np.testing.assert_array_equal(finished(None, np.ones(2), set()), [0.0, 0.0])
    assert finished(None, 2.0, set()) == 0.0
    assert type(finished(1.0, np.float32(2), set())) is np.float32
