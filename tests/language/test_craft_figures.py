from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.language.craft_figures import (
    draw_constant_columns,
    draw_corners,
    draw_running_means,
    draw_search,
    draw_sum_of_floats,
)
from mlphys.language.intervals import Interval


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_running_means_end_at_the_mean_of_all_runs():
    before, after = np.array([3.0, 3.4, 3.4, 3.4]), np.array([3.0, 3.2, 3.1, 3.3])
    axes = draw_running_means(before, after, np.pi).axes[0]
    fail, ours, exact = axes.lines
    assert fail.get_ydata()[-1] == pytest.approx(before.mean())
    assert ours.get_ydata()[-1] == pytest.approx(after.mean())
    assert list(ours.get_xdata()) == [2, 3, 4]
    assert set(exact.get_ydata()) == {np.pi}
    band = axes.collections[1].get_paths()[0].vertices
    last = band[band[:, 0] == 4][:, 1]
    assert np.ptp(last) == pytest.approx(2 * after.std(ddof=1) / 2)


def test_the_corners_carry_their_products():
    axes = draw_corners(Interval(-2, 3), Interval(-4, 1)).axes[0]
    assert {text.get_text() for text in axes.texts} == {"xy = 8", "xy = −2", "xy = −12", "xy = 3"}
    squares = [tuple(line.get_xydata()[0]) for line in axes.lines if line.get_marker() == "s"]
    assert squares == [(-2, -4), (3, 1)]


def test_results_that_are_no_number_have_a_row_of_their_own():
    numbers, nothing = draw_constant_columns({2: np.nan, 3: -1.0, 6: 1.0}).axes[0].lines
    assert [tuple(point) for point in numbers.get_xydata()] == [(3, -1), (6, 1)]
    assert [tuple(point) for point in nothing.get_xydata()] == [(2, 2)]


def test_the_line_holds_the_smallest_example_that_broke_the_law():
    holds, broken, smallest = (
        draw_search([4, 9, 1, 6, 7], [False, True, False, True, True]).axes[0].lines
    )
    assert list(holds.get_xdata()) == [1, 3]
    assert list(broken.get_xdata()) == [2, 4, 5]
    np.testing.assert_array_equal(smallest.get_ydata(), [np.nan, 9, 9, 6, 6])


def test_floats_are_one_spacing_apart_and_the_outward_interval_contains_the_exact_sum():
    total, exact = Interval(0.1, 0.1) + Interval(0.2, 0.2), Fraction(0.1) + Fraction(0.2)
    *floats, _, point, outward = draw_sum_of_floats(total, exact).axes[0].lines
    assert [line.get_xdata()[0] for line in floats] == [-0.5, 0.5, 1.5]
    assert list(point.get_xdata()) == [0.5]
    assert list(outward.get_xdata()) == [-0.5, 1.5]
