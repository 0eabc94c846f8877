import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.derivatives import soap_film_figures as figures
from mlphys.derivatives.soap_film import make_film, points, start


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def tube(**options):
    film = make_film(4, 12, **options)
    return points(film, start(film))


def test_films_are_centered_and_share_one_scale():
    aside = ((30.0, 0.0), (30.0, 0.0))
    films = {"a": tube(), "b": tube(radius=3.0, center=aside), "c": (tube(), tube(radius=2.0))}
    axes = figures.draw_films(films).axes
    assert [panel.get_title() for panel in axes] == ["a", "b", "c"]
    widths = [np.ptp(panel.get_xlim()) for panel in axes]
    assert np.ptp(widths) < 1e-9 and np.mean(axes[1].get_xlim()) == pytest.approx(30, abs=0.1)


def test_needles_draw_lost_digits_at_one():
    figure = figures.draw_needles(np.array([1e-9, 1.0]), {"a": np.array([np.nan, 0.0])})
    assert figure.axes[0].lines[0].get_ydata().tolist() == [1.0, figures.TINY]


def test_descent_is_measured_from_the_minimum():
    history = np.array([[1, 3.0], [4, 1.0]])
    line = figures.draw_descent({"a": history}, minimum=1.0).axes[0].lines[0]
    assert line.get_xdata().tolist() == [1, 4]
    assert line.get_ydata().tolist() == [2.0, 1e-12]


def test_guides_of_the_convergence_have_their_slopes():
    n = np.array([10.0, 20.0, 40.0])
    lines = figures.draw_convergence(n, 1 / n**2, (n[1:], 1 / n[1:] ** 4)).axes[0].lines
    for guide, power in zip(lines[2:], (2, 4), strict=True):
        x, y = (np.log(values) for values in guide.get_data())
        assert np.polyfit(x, y, 1)[0] == pytest.approx(-power)


def test_branches_mark_what_broke_at_zero():
    d = np.array([1.0, 2.0])
    axes = figures.draw_branches({"s": (d, d)}, (d, d), [3.0], {"end": 2.5}).axes[0]
    broken = next(line for line in axes.lines if "breaks" in line.get_label())
    assert broken.get_xydata().tolist() == [[3.0, 0.0]]


def test_ridge_shows_both_films_and_the_discs():
    r = np.linspace(1, 10, 50)
    figure = figures.draw_ridge(r, r, {"film": (9.0, 9.0), "pass": (6.0, 6.0)}, discs=2.0)
    assert len(figure.axes) == 2
    low, high = figure.axes[1].get_ylim()
    assert low < 6 < 9 < high


def test_turnable_films_leave_no_figure_open():
    view = figures.draw_to_turn({"tube": tube()})
    assert plt.get_fignums() == [] and view.films.keys() == {"tube"}
