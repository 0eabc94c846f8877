"""The kernel that runs the chapters: IPython's, with four differences that a page needs.

1. What compiled libraries write straight to the terminal (TensorFlow's start-up messages, with
   their times and process numbers) stays out of the page; it goes to the log of the build. What
   Python code prints or warns is shown as ever.
2. Tracebacks name files relative to the environment or the project, not by this machine's paths.
3. No history is kept.
4. Figures are drawn twice: in pixels for the site, as vectors for the PDF. A drawing with so many
   marks that its vectors would be large is left in pixels, at the resolution of a printer.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from pathlib import Path
from typing import Any

__all__ = ["draw_for_print", "main", "shorten_paths"]

HERE = Path(__file__).resolve().parent
ROOT_VARIABLE = "MLPHYS_BOOK_ROOT"
MOST_BYTES = 300_000
PRINTER = 300  # dots per inch


def prefixes(root: Path) -> list[tuple[str, str]]:
    """Return pairs of a folder of this machine and what a traceback shows for it."""
    paths = sysconfig.get_paths()
    table = [
        (paths["purelib"], "site-packages"),
        (paths["platlib"], "site-packages"),
        (paths["stdlib"], "python"),
        (paths["platstdlib"], "python"),
        (str(root / "src"), "src"),
        (str(root), "."),
    ]
    home = str(Path.home())
    shown = [
        (variant, name)
        for folder, name in table
        for variant in dict.fromkeys((folder, os.path.realpath(folder)))
    ]
    shown += [
        ("~" + folder[len(home) :], name)
        for folder, name in tuple(shown)
        if home != "/" and folder.startswith(home + os.sep)
    ]
    return sorted(set(shown), key=lambda pair: -len(pair[0]))


def shorten_paths(text: str, root: Path) -> str:
    """Return a traceback's text with this machine's folders named by what they are.

    Parameters
    ----------
    text : str
        One line of a traceback, or several.
    root : pathlib.Path
        Folder of the project.

    Examples
    --------
    >>> import sysconfig
    >>> shorten_paths(sysconfig.get_paths()["purelib"] + "/numpy/linalg.py:7", Path("book"))
    'site-packages/numpy/linalg.py:7'
    """
    for folder, name in prefixes(root):
        text = re.sub(re.escape(folder) + r"(?=[/\\])", lambda _, name=name: name, text)
    return text


def draw_for_print(figure: Any, most: int = MOST_BYTES) -> str | None:
    """Return a Matplotlib figure as PDF, in base64; with large drawings as pixels in it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Is drawn again, and not changed.
    most : int
        Bytes that vectors may take.
    """
    from IPython.core.pylabtools import print_figure

    drawn: Any = print_figure(figure, fmt="pdf", base64=True)
    if drawn is None or len(drawn) * 3 / 4 <= most:
        return drawn
    before = [(axes, axes.get_rasterized()) for axes in figure.axes]
    for axes, _ in before:
        axes.set_rasterized(True)
    drawn = print_figure(figure, fmt="pdf", base64=True, dpi=PRINTER)
    for axes, was in before:
        axes.set_rasterized(was)
    return drawn


def main() -> None:
    """Run the kernel until it is told to stop."""
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != HERE]
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.IPKernelApp.capture_fd_output = False
    app: Any = IPKernelApp.instance(config=config)
    app.initialize(sys.argv[1:])
    root = Path(os.environ.get(ROOT_VARIABLE, HERE.parent))
    show = app.shell._showtraceback
    app.shell._showtraceback = lambda kind, value, lines: show(
        kind, value, [shorten_paths(line, root) for line in lines]
    )
    # by name, as Matplotlib is not loaded yet; for the base, as it drops what is there for `Figure`
    app.shell.display_formatter.formatters["application/pdf"].for_type_by_name(
        "matplotlib.figure", "FigureBase", draw_for_print
    )
    app.start()


if __name__ == "__main__":
    main()
