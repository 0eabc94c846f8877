"""Finish the pages after Sphinx has written them: faults cured, math typeset, one style sheet.

One step at the end of the build edits those HTML files that were written since the last one (a
finished page is marked on its first element), so a build in which nothing changed costs nothing
here. The cures are in `repairs`, the math in `typeset`, pictures in `pictures`, the style sheet in
`styles`.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any, cast

from lxml import html
from sphinx.util import logging

from . import (
    cards,
    changes,
    later,
    node,
    pictures,
    repairs,
    search_index,
    sitemap,
    special_pages,
    structured,
    styles,
    theme_script,
    typeset,
)

MARK = "data-finished"
GENERATED = ("index", "search", "404", "genindex")
"""Pages that have no document of their own."""
logger = logging.getLogger(__name__)


def site_pages(root: Path) -> list[Path]:
    """Return the pages of a built site, without templates and sources in ``_...`` folders."""
    return sorted(
        path
        for path in root.rglob("*.html")
        if not any(part.startswith("_") for part in path.relative_to(root).parts)
    )


def mark_of(path: Path) -> str | None:
    """Return the mark that this module left on a page (see `code_digest`), None if it left none."""
    with path.open(encoding="utf-8") as file:
        match = re.search(rf'<html[^>]* {MARK}="(\w*)"', file.read(400))
    return match[1] if match else None


def is_finished(path: Path) -> bool:
    """Whether a page has already been through this module."""
    return mark_of(path) is not None


@cache
def code_digest(static: Path | None = None) -> str:
    """Return a digest of all that shapes a finished page beside its text.

    That is this package, the node side, and the style and script files of the book itself.
    """
    own = [*Path(__file__).parent.glob("*.py"), *node.HOME.glob("*.mjs")]
    looks = [*static.glob("*.css"), *static.glob("*.js")] if static else []
    digest = hashlib.sha256()
    for path in sorted([*own, node.HOME / "package-lock.json", *looks]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def digest_for(app: Any) -> str:
    """Return the digest for this book."""
    return code_digest(Path(app.srcdir) / "book" / "_static")


def forget_old_pages(app: Any) -> None:
    """Delete pages that another version of this code finished, so that Sphinx writes them again."""
    root = Path(app.outdir)
    if app.builder.name != "html" or not root.is_dir():
        return
    for path in site_pages(root):
        if mark_of(path) not in (None, digest_for(app)):
            path.unlink()


def drop_stale_pages(root: Path, documents: Collection[str]) -> None:
    """Delete pages of chapters that the book no longer has."""
    for path in site_pages(root):
        name = path.relative_to(root).as_posix().removesuffix(".html")
        if name not in documents and name not in GENERATED:
            path.unlink()


def finish_pages(
    root: Path, pages: list[Path], base_url: str, macros: typeset.Macros, mark: str = ""
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
        card = cards.card_path(name)
        page = repairs.Page(name, base_url, options_script, card, cards.SIZE)
        repairs.repair(document, page)
        words = cards.write_card(root, document, name)
        structured.add_structured_data(document, words, name, base_url, card)
        pictures.lighten_pictures(document, path.parent)
        later.let_figures_wait(document)
        later.state_heights(document)
        formulas[name] = typeset.replace_formulas(document, token)
        sheets += styles.take_style_sheets(document, name)
        documents[path] = document
    result = typeset.typeset(formulas, macros)
    by_token = {tokens[formula]: markup for formula, markup in result.html.items()}
    for path, document in documents.items():
        page_text = html.tostring(document, encoding="unicode", doctype="<!DOCTYPE html>")
        text = cast("str", page_text)  # "unicode" gives text, not bytes
        text = re.sub("\ue000[0-9]+\ue001", lambda match: by_token[match[0]], text)
        text = text.replace("<html ", f'<html {MARK}="{mark}" ', 1)
        path.write_text(text, "utf-8")
    return list(dict.fromkeys(sheets)), result.css


def finish_site(app: Any, exception: Exception | None) -> None:
    """Finish the pages of this build (the handler of Sphinx's event ``build-finished``)."""
    if exception is not None or app.builder.name not in ("html", "dirhtml"):
        return
    started = time.perf_counter()
    root = Path(app.outdir)
    drop_stale_pages(root, app.env.found_docs)
    cards.drop_stale_cards(root, [*app.env.found_docs, *GENERATED])
    theme_script.lighten_theme_script(root)
    sitemap.write_sitemap(root, app.env.found_docs, app.config.html_baseurl or "")
    changes.write_feed(app, root)
    mark = digest_for(app)
    special_pages.write_front_redirect(root, app.config, mark)
    every = site_pages(root)
    new = [path for path in every if not is_finished(path)]
    if not new:
        return
    macros = tex_macros(app.config)
    base_url = app.config.html_baseurl or ""
    sheets, math_css = finish_pages(root, new, base_url, macros, mark)
    special_pages.anchor_missing_page(root, base_url)
    search_index.finish_index(root)
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
    app.connect("builder-inited", forget_old_pages)
    app.connect("html-collect-pages", special_pages.missing_page)
    app.connect("build-finished", finish_site, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
