import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlphys.language.craft import bootstrap_error, read_column, standardize

NUMBERS = st.floats(-1e6, 1e6)


def test_bootstrap_against_scipy_and_the_closed_form():
    sample = np.random.default_rng(7).exponential(size=300)
    ours = bootstrap_error(sample, rng=np.random.default_rng(1), repeats=4000)
    theirs = stats.bootstrap(
        (sample,), np.mean, n_resamples=4000, rng=np.random.default_rng(2), method="basic"
    ).standard_error
    assert ours == pytest.approx(theirs, rel=0.05)
    assert ours == pytest.approx(sample.std() / np.sqrt(300), rel=0.05)


def test_bootstrap_leaves_the_global_generator_and_the_sample_alone():
    sample = np.arange(10.0)
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - the state that must not change
    one = bootstrap_error(sample, rng=np.random.default_rng(3))
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002
    assert np.array_equal(sample, np.arange(10.0))
    assert one == bootstrap_error(sample, rng=np.random.default_rng(3))
    assert one != bootstrap_error(sample, rng=np.random.default_rng(4))


def test_too_few_repeats_are_refused():
    with pytest.raises(ValueError, match="expected repeats >= 2; got 1"):
        bootstrap_error(np.ones(3), rng=np.random.default_rng(), repeats=1)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_a_column_comes_back_as_it_was_written(numbers):
    assert read_column([f" {number!r}\n" for number in numbers]) == numbers
    assert read_column(["# head", "", *map(repr, numbers)]) == numbers


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9,79", r"line 2: expected one number such as 9.81; got '9,79': write a decimal point"),
        ("n/a", "got 'n/a': correct the line or mark it with #"),
        ("nan", "got 'nan'"),
        ("inf", "got 'inf'"),
        ("1 2", "got '1 2'"),
    ],
)
def test_a_bad_line_is_named(text, message):
    with pytest.raises(ValueError, match=message):
        read_column(["1.0", text, "2.0"])


@given(st.lists(NUMBERS, min_size=2, max_size=20).filter(lambda row: np.ptp(row) > 1e-3))
def test_standardized_values_against_scipy(values):
    row = np.array(values)
    result = standardize(row)
    assert np.array_equal(row, values)
    assert not np.shares_memory(row, result)
    assert np.allclose(result, stats.zscore(row), atol=1e-9)
    assert abs(result.mean()) < 1e-6
    assert abs(result.std() - 1) < 1e-6


@given(st.floats(0.1, 10), st.integers(-100, 100))
def test_standardizing_ignores_shift_and_scale(scale, shift):
    row = np.array([1.0, 2.0, 4.0, 8.0])
    assert np.allclose(standardize(scale * row + shift), standardize(row), atol=1e-9)


def test_large_numbers_do_not_overflow():
    assert np.allclose(standardize(np.array([1e300, 3e300])), [-1, 1])


@pytest.mark.parametrize("value", [0.0, 0.1, 1e300])
def test_equal_values_have_no_scale(value):
    with pytest.raises(
        ValueError, match="expected values that differ by more than rounding; all are"
    ):
        standardize(np.full(7, value))


@pytest.mark.parametrize("values", [np.ones((2, 2)), np.ones(1), np.ones(())])
def test_what_is_no_row_is_refused(values):
    with pytest.raises(ValueError, match="expected a row of at least two numbers; got an array of"):
        standardize(values)
    with pytest.raises(ValueError, match="bootstrap_error: expected a row"):
        bootstrap_error(values, rng=np.random.default_rng())


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_the_first_value_that_is_not_finite_is_named(bad):
    with pytest.raises(ValueError, match=rf"expected finite numbers; got {bad} at index 2"):
        standardize(np.array([1.0, 2.0, bad, bad]))
