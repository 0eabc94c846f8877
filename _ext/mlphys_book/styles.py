"""One style sheet for the whole site, with the rules that some page uses and no others.

The theme and its extensions bring a dozen style sheets, most of whose rules no page needs, and icon
fonts of two thousand signs for the thirty that are shown. Here they become ``_static/site.css``
and, in ``_static/site-fonts/``, fonts cut down to the characters in use. The original files stay
where they are: each build starts from them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urljoin

from fontTools import subset
from fontTools.ttLib import TTFont
from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]  # compiled: no stubs

from . import node

SHEET = "_static/site.css"
FONTS = "_static/site-fonts"
MATH_FONTS = node.MODULES / "mathjax" / "es5" / "output" / "chtml" / "fonts" / "woff-v2"

# a rule of one sign; the sign itself can be a brace, within quotes
SIGN_RULE = re.compile(r"""[^{}"]*mjx-c[^{}"]*::?before\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\}""")
KEEP = (
    r"^:(root|target|focus-visible)$",  # may stand alone, without a name that a page could hold
)
"""Selectors that stay whatever the pages hold (regular expressions)."""


def take_style_sheets(document: html.HtmlElement, page: str) -> list[str]:
    """Replace a page's local style sheets by a link to the one sheet.

    Returns
    -------
    list of str
        The addresses of the sheets that were linked, from the site's root, in order.
    """
    taken, last = [], None
    for link in document.xpath("//link[@rel='stylesheet']"):
        address = urljoin(page, link.get("href").split("?")[0])
        if address != SHEET and address not in taken:
            taken.append(address)
        last = link
    if last is None:
        return []
    up = "../" * page.count("/")
    one = etree.Element("link", rel="stylesheet", href=up + SHEET)
    one.tail = "\n"
    last.addnext(one)
    for link in document.xpath("//link[@rel='stylesheet']"):
        if link is not one:
            link.drop_tree()
    return taken


def read_sheets(root: Path, addresses: Iterable[str]) -> str:
    """Return the sheets joined, with every ``url()`` rewritten to hold from ``_static/``."""
    parts = []
    for address in addresses:
        text = (root / unquote(address)).read_text("utf-8")
        text = re.sub(r'@charset "[^"]*";', "", text)

        def absolute(match: re.Match[str], address: str = address) -> str:
            target = match[1].strip("\"' ")
            if re.match(r"(data:|https?:|//|#)", target):
                return match[0]
            resolved = urljoin(address, target.split("?")[0])
            return f'url("{resolved.removeprefix("_static/")}")'

        parts.append(re.sub(r"url\(([^)]*)\)", absolute, text))
    return "\n".join(parts)


def purge(css: str, content: Iterable[Path]) -> str:
    """Return the CSS without the rules that no page or script in ``content`` can use."""
    request = {"css": css, "content": [str(path) for path in content], "keep": list(KEEP)}
    return node.run("purge.mjs", request)


def write_fonts(root: Path, css: str) -> str:
    """Write the fonts that a purged sheet names, cut to its characters; return the sheet.

    ``css`` names fonts relative to ``_static/`` (icons) or as ``mathjax-fonts/...`` (math).
    """
    math = _characters("".join(SIGN_RULE.findall(css))) | {" "}
    icons = {c for c in _characters(css) if "\ue000" <= c <= "\uf8ff"}

    def face(match: re.Match[str]) -> str:
        sources = re.findall(r'url\("?([^")]*)"?\)', match[0])
        if not sources:
            return match[0]
        is_math = sources[0].startswith("mathjax-fonts/")
        source = MATH_FONTS / Path(sources[0]).name if is_math else root / "_static" / sources[0]
        name = _write_font(source, math if is_math else icons, root / FONTS)
        if name is None:
            return ""
        body = re.sub(r"src:[^;}]*", f'src:url("site-fonts/{name}") format("woff2")', match[0])
        swap = "block"
        return re.sub(r"font-display:[^;}]*;?", "", body)[:-1] + f";font-display:{swap}}}"

    return re.sub(r"@font-face\{[^}]*\}", face, css)


def _characters(css: str) -> set[str]:
    """Return the characters that the strings of a sheet stand for."""
    found = set()
    for string in re.findall(r"(?:content|--fa(?:--fa)?):\s*\"((?:[^\"\\]|\\.)*)\"", css):
        string = re.sub(r"\\([0-9a-fA-F]{1,6}) ?", lambda match: chr(int(match[1], 16)), string)
        found |= set(re.sub(r"\\(.)", r"\1", string))
    return found | {c for c in css if "\ue000" <= c <= "\uf8ff"}


def _code_points(font: TTFont, source: Path) -> Iterable[int]:
    table = font.getBestCmap()
    if table is None:
        raise ValueError(f"{source.name}: expected a font with a Unicode table, found none")
    return table


def _write_font(source: Path, characters: set[str], folder: Path) -> str | None:
    """Write one font with the given characters; return its file name, or None if it has none."""
    wanted = "".join(sorted(characters))
    digest = hashlib.sha256(source.read_bytes() + wanted.encode()).hexdigest()[:8]
    target = folder / f"{source.stem}.{digest}.woff2"
    if target.exists():
        return target.name
    with TTFont(source, lazy=True) as font:
        # Not MathJax's blank font either, which measures missing signs for its script: while a font is
        # on its way, the browser shows nothing in its place, and this one comes first in every list.
        signs = (characters - {" "}) & set(map(chr, _code_points(font, source)))
        if not signs:
            return None
        options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
        options.drop_tables += ["FFTM"]  # a time stamp, of no use to browsers
        cutter = subset.Subsetter(options)
        cutter.populate(text=wanted)
        cutter.subset(font)
        folder.mkdir(parents=True, exist_ok=True)
        font.flavor = "woff2"
        font.save(target)
    return target.name


def remember_sheets(memory: Path, new: Iterable[str]) -> list[str]:
    """Return all sheets that pages of this and earlier builds link, in order, and note them."""
    known = json.loads(memory.read_text("utf-8")) if memory.exists() else []
    for address in new:
        if address not in known:
            known.append(address)
    memory.write_text(json.dumps(known), "utf-8")
    return known


def write_sheet(root: Path, sheets: Iterable[str], math_css: str, pages: Iterable[Path]) -> int:
    """Write the site's one style sheet and its fonts; return the sheet's size in bytes."""
    present = [address for address in sheets if (root / unquote(address)).exists()]
    scripts = [*root.glob("_static/*.js"), *root.glob("_static/scripts/*.js")]
    content = [*pages, *(path for path in scripts if path.name != "fontawesome.js")]
    css = purge(math_css + read_sheets(root, present), content)
    css = write_fonts(root, css)
    path = root / SHEET
    path.write_text(css, "utf-8")
    named = set(re.findall(r"site-fonts/([^\")]*)", css))
    for font in (root / FONTS).glob("*.woff2"):
        if font.name not in named:
            font.unlink()
    return len(css.encode())
