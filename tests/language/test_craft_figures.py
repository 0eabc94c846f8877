import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.language.craft_figures import draw_corners, draw_running_means
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
    assert {text.get_text() for text in axes.texts} == {"xy = 8", "xy = -2", "xy = -12", "xy = 3"}
    squares = [tuple(line.get_xydata()[0]) for line in axes.lines if line.get_marker() == "s"]
    assert squares == [(-2, -4), (3, 1)]
