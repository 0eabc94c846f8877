"""Only the pages of the table of contents are pages; nothing else is even looked for.

Jupyter Book's own option for this, ``only_build_toc_files``, lists every file below the project's
folder first, node modules and built pages included, once for each suffix: seconds of every build.
Here Sphinx is told the pages by name, and ``exclude_patterns`` keeps it out of the other folders.
"""

from __future__ import annotations

from typing import Any

__all__ = ["setup", "take_pages"]

AFTER_THE_TOC = 901  # sphinx_external_toc reads _toc.yml at 900


def take_pages(app: Any, config: Any) -> None:
    """Tell Sphinx the pages of the table of contents as its only sources.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        Not used.
    config : sphinx.config.Config
        Its ``external_site_map`` holds the pages; its ``include_patterns`` are replaced.
    """
    suffixes = tuple(config.source_suffix)
    config.include_patterns = [
        page if page.endswith(suffixes) else f"{page}.*" for page in config.external_site_map
    ]


def setup(app: Any) -> dict[str, Any]:
    """Read the table of contents before Sphinx looks for sources."""
    app.connect("config-inited", take_pages, priority=AFTER_THE_TOC)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
