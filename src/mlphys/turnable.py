"""Figures that the reader turns: a choice of bodies, a canvas, buttons, mouse, finger and keys.

The script that listens (``turnable.js``) travels with the one that draws a kind of body.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from mlphys.widget import Widget, buttons

__all__ = ["Turnable"]

MOVES = {
    "left": ("←", "Turn left"),
    "right": ("→", "Turn right"),
    "up": ("↑", "Look from higher"),
    "down": ("↓", "Look from lower"),
    "reset": ("⟲", "First view"),
}


class Turnable(Widget):
    """One figure that turns; a subclass draws one kind of body and lists them as data.

    Its script calls ``startAll`` of ``turnable.js`` and may use the other functions there.

    Attributes
    ----------
    noun : str
        What one body is called, on the buttons.
    names : sequence of str
        The bodies' names, in the order of the data.
    status : str
        Class of the paragraph in which the script says what it shows.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from mlphys.physics.sphere_view import SphereView
    >>> from mlphys.physics.icosadeltahedral import icosadeltahedral_points
    >>> spheres = {"12": icosadeltahedral_points(1, 0)}
    >>> view = SphereView(spheres, still=Figure(figsize=(2, 1)), alt="A sphere with 12 points.")
    >>> isinstance(view, Turnable), 'aria-label="Turn left"' in view.live()
    (True, True)
    """

    noun: str
    names: Sequence[str]
    status: str

    def live(self) -> str:
        """Return the choice of bodies, the canvas, the buttons that turn, and a line of words."""
        choice = {str(index): name for index, name in enumerate(self.names)}
        moves = "".join(
            f'<button type="button" data-move="{move}" aria-label="{name}">{sign}</button>'
            for move, (sign, name) in MOVES.items()
        )
        return (
            f"{buttons(f'Which {self.noun}', choice, 'choice', chosen='0')}"
            f'<canvas role="img" tabindex="0" aria-label="{self.noun.capitalize()}"></canvas>'
            f'<div class="widget-buttons" role="group" aria-label="Turn the {self.noun}">{moves}'
            f'</div><p class="{self.status}" role="status"></p>'
        )

    def code(self) -> str:
        """Return both scripts, as one that leaves no name behind."""
        shared = files("mlphys").joinpath("turnable.js").read_text("utf-8")
        return f'(function () {{\n"use strict";\n{shared}\n{super().code()}}})();'
