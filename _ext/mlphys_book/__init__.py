"""The Sphinx extensions of the book, one concern a module.

``_config.yml`` loads this package as one local extension; it loads its modules in turn. None of
them uses Jupyter Book's own interface, so a plain Sphinx configuration can load them as well.

The order matters where two modules write to the same page: a module comes after those whose
result it reads.
"""

from __future__ import annotations

from typing import Any

EXTENSIONS: tuple[str, ...] = (
    "sources",
    "execution",
    "repository",
    "version",
    "raw_links",
    "noise",
    "references",
    "errata",
    "glossary",
    "term_index",
    "course_map",
    "notebooks",
    "archives",
    "teaching",
    "statistics",
    "results",
    "changes",
    "paper",
    "search_index",
    "site",
)


def setup(app: Any) -> dict[str, Any]:
    """Load every module of the package into the Sphinx application."""
    for name in EXTENSIONS:
        app.setup_extension(f"{__name__}.{name}")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
