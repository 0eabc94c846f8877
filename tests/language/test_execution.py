"""Closures, calls that are described, settings that are restored."""

import contextvars
import sys
import threading

import pytest

from mlphys.language import execution
from mlphys.language.execution import (
    Call,
    changed,
    closure_boxes,
    frame_depths,
    make_counter,
    run_calls,
    shown_digits,
)

FIXED = [
    execution.multipliers_by_default,
    execution.multipliers_by_factory,
    execution.multipliers_by_partial,
]


def test_late_binding():
    assert [f(10) for f in execution.late_multipliers(range(5, 10))] == [90] * 5
    cells = {id(f.__closure__[0]) for f in execution.late_multipliers(range(5, 10))}  # type: ignore
    assert len(cells) == 1


@pytest.mark.parametrize("make", FIXED)
def test_fixed_multipliers(make):
    assert [f(10) for f in make(range(5, 10))] == [50, 60, 70, 80, 90]
    assert [f(10) for f in make(k for k in (0.5, -1))] == [5.0, -10]
    assert make([]) == []


def test_counters_are_independent():
    a, b = make_counter(), make_counter(100)
    assert [a(), a(), b(), a(), b()] == [1, 2, 101, 3, 102]


def test_trampoline_goes_beyond_the_recursion_limit():
    def total(n, so_far=0):
        return so_far if n == 0 else Call(total, (n - 1, so_far + n))

    n = 20 * sys.getrecursionlimit()
    assert run_calls(total(n)) == n * (n + 1) // 2
    assert run_calls("no call") == "no call"


def test_trampoline_passes_errors_on():
    with pytest.raises(ZeroDivisionError):
        run_calls(Call(lambda: 1 / 0))


def test_settings_are_restored_after_an_error():
    settings = {"step": 0.1, "order": 4}
    with pytest.raises(ZeroDivisionError), changed(settings, step=1):
        assert settings == {"step": 1, "order": 4}
        raise ZeroDivisionError
    assert settings == {"step": 0.1, "order": 4}


def test_misspelled_setting_changes_nothing():
    settings = {"step": 0.1}
    with pytest.raises(KeyError, match=r"expected one of \['step'\]; got \['stpe'\]"):
        with changed(settings, step=1, stpe=2):
            pass
    assert settings == {"step": 0.1}


def test_digits_nest_and_are_restored():
    with execution.using_digits(3):
        with execution.using_digits(9):
            assert shown_digits.get() == 9
        assert shown_digits.get() == 3
        assert contextvars.copy_context()[shown_digits] == 3
    assert shown_digits.get() == 6


def test_another_thread_has_its_own_digits():
    seen = []
    with execution.using_digits(3):
        thread = threading.Thread(target=lambda: seen.append(shown_digits.get()))
        thread.start()
        thread.join()
    assert seen == [6]


@pytest.mark.parametrize("digits", [0, 18])
def test_digits_out_of_range(digits):
    with pytest.raises(ValueError, match="expected 1 to 17"), execution.using_digits(digits):
        pass


def test_functions_of_one_loop_share_one_cell():
    late = closure_boxes(execution.late_multipliers(range(5, 8)))
    own = closure_boxes(execution.multipliers_by_factory(range(5, 8)))
    assert late == [[[7]]] * 3 and own == [[[5]], [[6]], [[7]]]
    assert len({id(box[0]) for box in late}) == 1 and len({id(box[0]) for box in own}) == 3
    assert type(own[0]).__name__ == "function" and type(own[0][0]).__name__ == "cell"


def test_closures_of_other_things_are_refused():
    with pytest.raises(TypeError, match="expected functions made by def or lambda; got <built-in"):
        closure_boxes([len])


def test_depth_is_one_frame_a_call():
    def factorial(n):
        return 1 if n == 0 else n * factorial(n - 1)

    n = 6
    up = list(range(n + 2))
    assert frame_depths(factorial, n) == up + up[-2::-1]


def test_depth_after_an_error_puts_the_hook_back():
    def watch(frame, event, value):
        return None

    def fail():
        raise KeyError

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        with pytest.raises(KeyError):
            frame_depths(fail)
        assert sys.getprofile() is watch
    finally:
        sys.setprofile(before)


def test_trampoline_never_needs_more_than_three_frames():
    """Its own, that of the function, and for a moment the one that makes the named tuple."""

    def total(n, so_far=0):
        return so_far if n == 0 else Call(total, (n - 1, so_far + n))

    def bounce(result):  # the library's is wrapped by the type checker of the tests
        while isinstance(result, Call):
            result = result.function(*result.arguments)

    assert max(frame_depths(bounce, total(500))) == 3
