"""The figure of verdicts in the chapter ``book/language/grammars.md``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from mlphys.plotting import COLORS, new_axes

__all__ = ["draw_shares"]

LOOKS = (("fail", "s", ":"), ("rival", "^", "-."), ("ours", "o", "-"))


def draw_shares(operations: Sequence[int], shares: Mapping[str, Sequence[float]]) -> Figure:
    """Return a plot of the share of terms that go wrong, against the length of the term.

    Parameters
    ----------
    operations : sequence of int
        Number of signs between two numbers, at least 1.
    shares : mapping of str to sequence of float
        For each way to read terms, by name, the shares in percent.

    Raises
    ------
    ValueError
        If there are more than three ways.
    """
    if len(shares) > len(LOOKS):
        raise ValueError(
            f"draw_shares: expected at most {len(LOOKS)} ways; got {len(shares)}; draw fewer"
        )
    axes = new_axes("operations in the term", "terms / %", size=(5.4, 3.4), xscale="log")
    for (name, share), (color, marker, line) in zip(shares.items(), LOOKS, strict=False):
        axes.plot(operations, share, color=COLORS[color], marker=marker, linestyle=line, label=name)
    axes.set_xticks(operations, [str(n) for n in operations])
    axes.minorticks_off()
    axes.set_ylim(-5, 105)
    axes.legend(loc="center left")
    return axes.figure
