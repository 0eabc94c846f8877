"""Tell the reader how far a long run is: a live bar in a terminal, one line on a page.

A bar redraws itself with carriage returns, which a page or a log keeps as litter. So the bar
appears only where standard error is a terminal; in a notebook one line comes when the run is
over, without durations, so that two builds of the book print the same.
"""

from __future__ import annotations

import sys

from mlphys.machine import in_notebook

__all__ = ["KINDS", "Progress"]

KINDS = ("auto", "bar", "line", "none")


class Progress:
    """Report steps of a run.

    Parameters
    ----------
    total : int
        Number of steps to come.
    done : int
        Steps that an earlier run has done.
    kind : {"auto", "bar", "line", "none"}
        ``"auto"`` is a bar in a terminal, a line in a notebook, nothing elsewhere.
    unit : str
        What a step is.

    Raises
    ------
    ValueError
        If the kind is unknown.

    Examples
    --------
    >>> progress = Progress(2, kind="line")
    >>> progress.advance("loss 0.5"); progress.advance("loss 0.4")
    >>> progress.close("loss 0.4")
    2 epochs: loss 0.4
    """

    def __init__(self, total: int, *, done: int = 0, kind: str = "auto", unit: str = "epoch"):
        if kind not in KINDS:
            raise ValueError(f"progress: expected one of {', '.join(KINDS)}; got {kind!r}")
        self.kind = _choose() if kind == "auto" else kind
        self.total, self.unit, self.bar = total, unit, None
        if self.kind == "bar":
            from tqdm import tqdm

            self.bar = tqdm(total=total, initial=done, unit=unit, dynamic_ncols=True, leave=True)

    def advance(self, text: str) -> None:
        """Count one step; ``text`` says where the run stands."""
        if self.bar is not None:
            self.bar.set_postfix_str(text, refresh=False)
            self.bar.update(1)

    def close(self, text: str = "") -> None:
        """End the report, with one line where that is what the reader gets."""
        if self.bar is not None:
            self.bar.close()
        elif self.kind == "line" and text:
            plural = "" if self.total == 1 else "s"
            print(f"{self.total} {self.unit}{plural}: {text}")


def _choose() -> str:
    if sys.stderr.isatty():
        return "bar"
    return "line" if in_notebook() else "none"
