"""Finish the pages after Sphinx has written them: faults cured, math typeset, one style sheet.

One step at the end of the build edits those HTML files that were written since the last one (a
finished page is marked on its first element), so a build in which nothing changed costs nothing
here. The cures are in `repairs`, the math in `typeset`, pictures in `pictures`, the style sheet in
`styles`.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

from lxml import html
from sphinx.util import logging

from . import pictures, repairs, special_pages, styles, typeset

MARK = "data-finished"
logger = logging.getLogger(__name__)


def site_pages(root: Path) -> list[Path]:
    """Return the pages of a built site, without templates and sources in ``_...`` folders."""
    return sorted(
        path
        for path in root.rglob("*.html")
        if not any(part.startswith("_") for part in path.relative_to(root).parts)
    )


def is_finished(path: Path) -> bool:
    """Whether a page has already been through this module."""
    with path.open(encoding="utf-8") as file:
        return re.search(f"<html[^>]* {MARK}=", file.read(400)) is not None


def finish_pages(
    root: Path, pages: list[Path], base_url: str, macros: typeset.Macros, picture: str = ""
) -> tuple[list[str], str]:
    """Repair pages and typeset their math, in place.

    Returns
    -------
    tuple
        The style sheets that the pages linked before, and MathJax's style sheet.

    Raises
    ------
    TexError
        If a formula is not valid TeX; then no page has been changed.
    """
    options_script = (root / "_static" / "documentation_options.js").read_text("utf-8")
    tokens: dict[typeset.Formula, str] = {}

    def token(formula: typeset.Formula) -> str:
        return tokens.setdefault(formula, f"\ue000{len(tokens)}\ue001")

    documents, formulas, sheets = {}, {}, []
    for path in pages:
        name = path.relative_to(root).as_posix().removesuffix(".html")
        document = html.document_fromstring(path.read_text("utf-8"))
        page = repairs.Page(name, base_url, options_script, picture)
        repairs.repair(document, page)
        pictures.lighten_pictures(document, path.parent)
        formulas[name] = typeset.replace_formulas(document, token)
        sheets += styles.take_style_sheets(document, name)
        documents[path] = document
    result = typeset.typeset(formulas, macros)
    by_token = {tokens[formula]: markup for formula, markup in result.html.items()}
    for path, document in documents.items():
        text = html.tostring(document, encoding="unicode", doctype="<!DOCTYPE html>")
        text = re.sub("\ue000[0-9]+\ue001", lambda match: by_token[match[0]], text)
        text = text.replace("<html ", f'<html {MARK}="" ', 1)
        path.write_text(text, "utf-8")
    return list(dict.fromkeys(sheets)), result.css


def finish_site(app: Any, exception: Exception | None) -> None:
    """Finish the pages of this build (the handler of Sphinx's event ``build-finished``)."""
    if exception is not None or app.builder.name not in ("html", "dirhtml"):
        return
    started = time.perf_counter()
    root = Path(app.outdir)
    special_pages.write_front_redirect(root, app.config)
    every = site_pages(root)
    new = [path for path in every if not is_finished(path)]
    if not new:
        return
    macros = tex_macros(app.config)
    sheets, math_css = finish_pages(root, new, app.config.html_baseurl or "", macros)
    special_pages.anchor_missing_page(root, app.config.html_baseurl or "")
    special_pages.write_plain_titles(root)
    known = styles.remember_sheets(Path(app.doctreedir) / "site-styles.json", sheets)
    size = styles.write_sheet(root, known, math_css, every)
    seconds = time.perf_counter() - started
    logger.info(f"finished {len(new)} pages in {seconds:.1f} s (style sheet {size / 1000:.0f} kB)")


def tex_macros(config: Any) -> typeset.Macros:
    """Return the TeX macros of the book, as ``mathjax3_config`` in ``_config.yml`` gives them."""
    return ((config.mathjax3_config or {}).get("tex") or {}).get("macros") or {}


def share_macros_with_latex(app: Any, config: Any) -> None:
    """Define the same macros for the PDF."""
    definitions = typeset.latex_macros(tex_macros(config))
    preamble = config.latex_elements.get("preamble", "")
    if definitions not in preamble:
        config.latex_elements["preamble"] = f"{preamble}\n{definitions}\n"


def setup(app: Any) -> dict[str, Any]:
    """Register the module's handlers with Sphinx."""
    app.add_css_file("mlphys.css", priority=900)
    app.add_js_file("mlphys.js", priority=900)
    app.connect("config-inited", share_macros_with_latex)
    app.connect("html-collect-pages", special_pages.missing_page)
    app.connect("build-finished", finish_site, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
