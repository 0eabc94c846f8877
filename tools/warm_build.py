"""One build of the book that is prepared in advance; ``tools/serve_book.py`` starts it.

Half of the time of a small build goes into starting Python, Sphinx and its extensions, and into
loading what the last build left. This program does that, and some of the work that does not depend
on what will be edited, and waits. The line that it then reads from its standard input starts the
build: a JSON list of the pages to read even if Sphinx takes them for current. If the input ends
instead, so does the program. A process makes one build and ends, so nothing can pile up in it.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterable
from functools import wraps
from pathlib import Path
from typing import Any

from build_book import OPTIONS, only_build

__all__ = ["PAGES_FINISHED", "READY", "STALE", "main", "prepare"]

READY = "preview: ready"
PAGES_FINISHED = "preview: pages finished"
STALE = 75
"""Exit code: another build has been here in the meantime; start a new process."""


def say(line: str) -> None:
    """Write a line that the parent understands."""
    print(line, flush=True)


def prepare(app: Any) -> None:
    """Do what every build does and what no edit of a page changes.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        Set up, its environment loaded.
    """
    _keep_templates(app)
    _format_bibliography(app)
    _load_doctrees(app)


def _keep_templates(app: Any) -> None:
    """Compile the templates of the pages once for all builds."""
    from jinja2 import FileSystemBytecodeCache

    folder = Path(app.outdir).parent / ".home" / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    app.builder.templates.environment.bytecode_cache = FileSystemBytecodeCache(str(folder))


def _format_bibliography(app: Any) -> None:
    """Format each entry of the bibliography once; Sphinx would do it in every build."""
    from pybtex.style.formatting import BaseStyle

    plain, memory = BaseStyle.format_entry, {}

    @wraps(plain)
    def format_entry(self: Any, label: str, entry: Any, bib_data: Any = None) -> Any:
        key = (type(self), label, id(entry), id(bib_data))
        if key not in memory:  # entry and data are kept, so that no other gets their number
            memory[key] = (plain(self, label, entry, bib_data), entry, bib_data)
        return memory[key][0]

    BaseStyle.format_entry = format_entry
    pages, config = sorted(app.env.all_docs), app.config
    domain = app.env.domains.get("cite")
    for key in domain.bibliographies if domain else ():
        style = config.bibtex_tooltips_style
        list(domain.get_formatted_entries(key, pages, config.bibtex_tooltips, style))


def _load_doctrees(app: Any) -> None:
    """Load the parsed pages: every build numbers the figures of the whole book."""
    environment = type(app.env)
    plain, loaded = environment.get_doctree, {}
    for docname in app.env.all_docs:
        with contextlib.suppress(OSError):
            loaded[docname] = app.env.get_doctree(docname)

    @wraps(plain)
    def get_doctree(self: Any, docname: str) -> Any:  # given away once: who asks may change it
        return loaded.pop(docname) if docname in loaded else plain(self, docname)

    environment.get_doctree = get_doctree
    app.connect("env-purge-doc", lambda app, env, docname: loaded.pop(docname, None))


def environment_mark(app: Any) -> int | None:
    """Return the time of the environment that the last build left, None if there is none."""
    path = Path(app.doctreedir, "environment.pickle")
    return path.stat().st_mtime_ns if path.exists() else None


def read_again(app: Any, docnames: Iterable[str]) -> None:
    """Let the build read these pages whatever their times say."""
    wanted = set(docnames)
    app.connect("env-get-outdated", lambda *_: sorted(wanted & app.env.found_docs))


def announce_pages() -> None:
    """Say when the changed pages can be shown: before the style sheet is purged again."""
    site: Any = sys.modules.get("mlphys_book.site")
    if site is None:  # a book without it
        return
    plain = site.finish_pages

    @wraps(plain)
    def finish_pages(*arguments: Any) -> Any:
        result = plain(*arguments)
        say(PAGES_FINISHED)
        return result

    site.finish_pages = finish_pages


def patient(base: type) -> type:
    """Return Sphinx's application class, changed to wait for its order before it builds."""

    class PatientSphinx(base):
        def build(self, force_all: bool = False, filenames: Any = ()) -> None:
            mark = environment_mark(self)
            prepare(self)
            say(READY)
            order = sys.stdin.readline()
            if not order.strip():
                raise SystemExit(0)
            with only_build(Path(self.outdir).parent):
                if environment_mark(self) != mark:
                    raise SystemExit(STALE)
                self.mlphys_started = time.time()
                read_again(self, json.loads(order))
                announce_pages()
                super().build(force_all, list(filenames))

    return PatientSphinx


def main() -> None:
    """Build the book in the folder that the command line names."""
    import jupyter_book.sphinx
    from jupyter_book.cli.main import main as jupyter_book_main

    jupyter_book.sphinx.Sphinx = patient(jupyter_book.sphinx.Sphinx)
    root = sys.argv[1]
    os.chdir(root)
    sys.argv = ["jupyter-book", "build", root, *OPTIONS]
    jupyter_book_main()


if __name__ == "__main__":
    main()
