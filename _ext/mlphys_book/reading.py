"""The pages of the book in the order in which a reader meets them."""

from __future__ import annotations

from typing import Any

__all__ = ["reading_order"]


def reading_order(env: Any) -> list[str]:
    """Return all pages of the book, the front page first, then as the table of contents has them.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment

    Returns
    -------
    list of str
        Document names.
    """
    reading = [env.config.root_doc]
    for docname in reading:  # grows while it is read
        reading += [page for page in env.toctree_includes.get(docname, []) if page not in reading]
    return reading
