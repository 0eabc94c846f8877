import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mlphys.language.matrices import levi_civita
from mlphys.language.sparse_printing import entries, format_entries

tensors = hnp.arrays(
    np.float64, hnp.array_shapes(max_dims=4, max_side=3), elements=st.sampled_from([0, 0, 1.5, -2])
)


@given(tensors)
def test_tensor_can_be_rebuilt_from_its_entries(tensor):
    rebuilt = np.zeros(tensor.shape)
    for index, value in entries(tensor):
        rebuilt[index] = value
    np.testing.assert_array_equal(rebuilt, tensor)


@given(tensors, st.integers(1, 100))
def test_text_holds_every_entry_once_and_in_order(tensor, width):
    text = format_entries(tensor, width=width)
    found = re.findall(r"\[([\d,]*)\] +(\S+)", text)
    wanted = {",".join(map(str, i)): f"{v:g}" for i, v in entries(tensor)}
    assert dict(found) == wanted
    assert len(found) == len(wanted)
    assert all(line == line.rstrip() for line in text.splitlines())


def test_epsilon_in_columns():
    text = format_entries(levi_civita(), name="ε", axes=["xyz"] * 3, width=40)
    assert text.splitlines() == [
        "ε[x,y,z]      1    ε[y,z,x]      1",
        "ε[x,z,y]     -1    ε[z,x,y]      1",
        "ε[y,x,z]     -1    ε[z,y,x]     -1",
        "6 of 27 entries, the others at most 1e-12",
    ]


def test_small_entries_go_and_nan_stays():
    assert entries([1e-13, 1e-11, np.nan])[0] == ((1,), 1e-11)
    assert len(entries([1e-13, 1e-11, np.nan])) == 2
    assert format_entries([0.0, 0]) == "0 of 2 entries, the others at most 1e-12"


@pytest.mark.parametrize(
    ("value", "text"),
    [(1j, "i"), (-1j, "-i"), (2.5j, "2.5i"), (1 + 2j, "1+2i"), (3 - 1j, "3-i"), (2 + 0j, "2"),
     (11j, "11i")],
)  # fmt: skip
def test_complex_numbers_without_their_zero_parts(value, text):
    assert format_entries([value]).split()[1] == text


def test_a_number_without_indices_has_one_entry():
    assert format_entries(7.0, name="R").splitlines()[0] == "R[]      7"


def test_errors_say_what_to_do():
    with pytest.raises(ValueError, match="expected names for the shape"):
        format_entries(np.eye(3), axes=["xy", "xyz"])
    with pytest.raises(ValueError, match="tolerance of at least 0"):
        entries([1], tolerance=-1)
