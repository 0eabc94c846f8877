"""Pictures as SVG text: one class, one frame, one rule for letters that cannot be seen.

Lengths are in pixels. Text is set in a monospaced font and told how wide to be, so that a layout
may reckon with :func:`text_width` in every browser. Pictures keep a white ground, so that they
read the same in dark mode. Chapters: ``book/language/machine.md``, ``grammars.md``, ``values.md``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

__all__ = ["INK", "WIDEST", "Picture", "draw_text", "frame", "printable", "text_width"]

INK = "#1a1a1a"
FONTS = "DejaVu Sans Mono, Menlo, Consolas, monospace"
ADVANCE = 0.6  # width of a letter of a monospaced font, in units of its size
WIDEST = 640.0  # of a picture that shrinks with its page; a wider one scrolls instead


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing that a notebook shows as the value of a cell.

    Attributes
    ----------
    svg : str
        The whole drawing, with title and role for readers who do not see it.
    title : str
        What it shows, every letter visible.
    width, height : float
        Size in pixels at which its letters have the size that they were given.
    """

    svg: str
    title: str
    width: float
    height: float

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"Picture({self.title!r})"


def frame(parts: Iterable[str], width: float, height: float, *, title: str) -> Picture:
    """Return the elements of a drawing as a picture on white.

    Parameters
    ----------
    parts : iterable of str
        SVG elements, escaped; :func:`draw_text` makes safe ones.
    width, height : float
        Size in pixels, positive.
    title : str
        What the picture shows, for readers who do not see it.

    Returns
    -------
    Picture
        One of up to ``WIDEST`` pixels shrinks with its page; a wider one keeps its size, and its
        letters theirs.

    Raises
    ------
    ValueError
        If the size is not positive, or the title is empty.

    Examples
    --------
    >>> picture = frame([draw_text(5, 15, "<2>", size=14)], 40, 20, title="A number")
    >>> picture
    Picture('A number')
    >>> "&lt;2&gt;" in picture.svg
    True
    """
    if not (width > 0 and height > 0):
        raise ValueError(
            f"frame: expected a positive size; got {width:g} x {height:g}; add its margins"
        )
    if not title.strip():
        raise ValueError("frame: expected a title that says what the picture shows; got none")
    title = printable(title)
    name = escape(title)
    shrinks = ' style="max-width:100%;height:auto"' if width <= WIDEST else ""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{name}" '
        f'viewBox="0 0 {width:.1f} {height:.1f}" width="{width:.1f}" height="{height:.1f}"'
        f'{shrinks} font-family="{FONTS}" direction="ltr" unicode-bidi="isolate">'
    )
    ground = f'<rect width="{width:.1f}" height="{height:.1f}" fill="#ffffff"/>'
    svg = "\n".join([head, f"<title>{name}</title>", ground, *parts, "</svg>"])
    return Picture(svg, title, float(width), float(height))


def draw_text(
    x: float,
    y: float,
    content: str,
    *,
    size: float,
    color: str = INK,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    """Return a line of text as an SVG element, exactly :func:`text_width` wide in any font.

    Parameters
    ----------
    x, y : float
        Place of the base line's start, or of its middle or end, as ``anchor`` says.
    content : str
        Any text; letters that cannot be seen are written as escapes.
    size : float
        Size of the font in pixels.
    color : str
        Color of the letters.
    anchor : str
        ``"start"``, ``"middle"`` or ``"end"``.
    bold : bool
        Whether the letters are bold.

    Examples
    --------
    >>> draw_text(0, 14, "a", size=10)[-40:]
    'lengthAdjust="spacingAndGlyphs">a</text>'
    """
    content = printable(content)
    fit = f' textLength="{text_width(content, size):.1f}" lengthAdjust="spacingAndGlyphs"'
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{color}"'
        + (f' text-anchor="{anchor}"' if anchor != "start" else "")
        + (' font-weight="bold"' if bold else "")
        + f' xml:space="preserve"{fit if content else ""}>{escape(content)}</text>'
    )


def text_width(content: str, size: float) -> float:
    """Return the width of a line of text in pixels.

    Wide letters (Chinese ones, pictures) count twice, marks that stand on the letter before them
    not at all.

    Examples
    --------
    >>> text_width("abc", 10), text_width("漢字", 10), text_width("a\u0301", 10)
    (18.0, 24.0, 6.0)
    """
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in content)
    marks = sum(unicodedata.combining(letter) > 0 for letter in content)
    return ADVANCE * size * (len(content) + wide - marks)


def printable(content: str, longest: int | None = None) -> str:
    r"""Return a text in which every letter can be seen, on one line, cut to ``longest`` letters.

    Line ends, control characters, marks that turn the direction of writing, spaces other than the
    plain one, and lone surrogates become escapes as Python writes them: they would spoil a picture
    or its file. What is cut ends with an ellipsis.

    Parameters
    ----------
    content : str
        Any text.
    longest : int, optional
        Largest number of letters, at least 1; by default there is no limit.

    Raises
    ------
    ValueError
        If ``longest`` is less than 1.

    Examples
    --------
    >>> print(printable("a\nb\u202ec"))
    a\nb\u202ec
    >>> print(printable("a long label", 6))
    a lon…
    """
    if longest is not None and longest < 1:
        raise ValueError(
            f"printable: expected longest >= 1; got {longest}; leave room for a letter"
        )
    shown = content
    if not content.isprintable():
        shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in content)
    return shown if longest is None or len(shown) <= longest else shown[: longest - 1] + "…"
