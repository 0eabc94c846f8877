"""The frame of figures that turn: what it holds, whatever it turns."""

from __future__ import annotations

from matplotlib.figure import Figure

from mlphys.turnable import MOVES, Turnable
from mlphys.widget import still_of


class Bodies(Turnable):
    """Two bodies whose script is that of the films."""

    package, style, script = "mlphys.derivatives", "film_view.css", "film_view.js"
    noun, status = "body", "body-status"
    still, words = still_of(Figure(figsize=(2, 1)), "Two bodies."), "Bodies to turn"
    names = ("one", "<two>")


def test_each_body_and_each_move_has_a_button() -> None:
    page = Bodies().live()
    assert page.count("data-choice=") == 2
    assert "&lt;two&gt;" in page and "<two>" not in page
    assert page.count("data-move=") == len(MOVES) == 5
    assert 'aria-label="Turn the body"' in page


def test_both_scripts_travel_in_one_scope() -> None:
    code = Bodies().code()
    assert code.startswith("(function () {") and code.rstrip().endswith("})();")
    assert code.count("function startAll(") == 1
    assert code.index("function startAll(") < code.index("startAll({")
