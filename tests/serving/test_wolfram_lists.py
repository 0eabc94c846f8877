"""The reader of Wolfram lists: what it reads, what it refuses, and how long a hostile text takes."""

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from mlphys.serving.wolfram_lists import WolframSyntaxError, read_list, write_list

finite = some.floats(allow_nan=False, allow_infinity=False)


# values by the rules of "Input Syntax"; 16^^ff, 1.5e3 and names are other things there
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{}", []),
        (" { { } , { } } ", [[], []]),
        ("{0., 1.}", [0.0, 1.0]),
        ("{.5,-.5,+5.}", [0.5, -0.5, 5.0]),
        ("{1.5*^-7}", [1.5e-7]),
        ("{12*^3}", [12000.0]),
        ("{0.1`, 0.1`16.5, 0.1``3}", [0.1, 0.1, 0.1]),
        ("{0.1`16.*^2}", [10.0]),
        ("{1/2, -3 / 4}", [0.5, -0.75]),
        ("{\n1,\t2\r\n}", [1.0, 2.0]),
        ("{1*^999}", [math.inf]),
        ("{" + "9" * 398 + "/1}", [math.inf]),
    ],
)
def test_reads(text, value):
    assert read_list(text) == value


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("  ", 2),
        ("1", 0),
        ("{1", 2),
        ("{1,", 3),
        ("{,1}", 1),
        ("{1,,2}", 3),
        ("{1,}", 3),
        ("}", 0),
        ("{1}}", 3),
        ("{1} 2", 4),
        ("{1 2}", 3),
        ("{1.5e3}", 4),
        ("{1/0}", 1),
        ("{1/2/3}", 1),
        ("{1.5/2}", 1),
        ("{16^^ff}", 1),
        ("{x}", 1),
        ("{Exit[]}", 1),
        ('{Run["ls"]}', 1),
        ("{- 1}", 1),
        ("{(* 1 *) 2}", 1),
        ("{1, 2", 5),
        ("{" + "1" * 401 + "}", 1),
        ("{１}x", 3),
    ],
)
def test_refuses_and_says_where(text, position):
    with pytest.raises(WolframSyntaxError, match=r"^expected .* at character") as caught:
        read_list(text)
    assert caught.value.position == position


def test_depth():
    assert read_list("{{{1}}}", depth=3) == [[[1.0]]]
    with pytest.raises(WolframSyntaxError, match="at most 3 lists inside each other"):
        read_list("{{{{1}}}}", depth=3)
    with pytest.raises(WolframSyntaxError, match="at most 8 lists"):
        read_list("{" * 1_000_000)


@pytest.mark.parametrize(
    "text",
    [
        "{" + "1" * 200_000 + "/",
        "{" + " " * 200_000 + "x",
        "{1" + " " * 200_000,
        "{1." + "0" * 200_000 + "^",
    ],
)
def test_a_hostile_text_takes_linear_time(text):
    started = time.process_time()
    with pytest.raises(WolframSyntaxError):
        read_list(text)
    assert time.process_time() - started < 0.5


@given(some.lists(some.lists(finite, min_size=3, max_size=3), min_size=1, max_size=4))
def test_what_is_written_is_read_back_to_the_last_bit(rows):
    array = np.array(rows)
    back = np.array(read_list(write_list(array)))
    assert back.tobytes() == array.tobytes()


def test_writes_no_names():
    with pytest.raises(ValueError, match="finite"):
        write_list(np.array([np.inf]))
