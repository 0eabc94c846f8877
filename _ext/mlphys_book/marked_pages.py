"""Pages that show what the whole book says: the errata, the index, the map, the statistics.

Such a page holds a mark, which a directive leaves and which is filled after every page was read. It
has to be written again when what it shows has changed, though its own source has not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["MarkedPages"]


class MarkedPages:
    """The pages that hold one kind of mark, kept in the build's environment.

    Parameters
    ----------
    name : str
        What the pages show, as a part of a Python name.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> maps, env = MarkedPages("map"), SimpleNamespace(found_docs={"book/index"})
    >>> maps.add(env, "book/index")
    >>> maps.to_write_again(env, state=1), maps.to_write_again(env, state=1)
    (['book/index'], [])
    """

    def __init__(self, name: str) -> None:
        self._pages = f"mlphys_{name}_pages"
        self._state = f"mlphys_{name}_state"

    def of(self, env: Any) -> set[str]:
        """Return the pages."""
        if not hasattr(env, self._pages):
            setattr(env, self._pages, set())
        return getattr(env, self._pages)

    def add(self, env: Any, docname: str) -> None:
        """Remember a page that has the mark."""
        self.of(env).add(docname)

    def to_write_again(self, env: Any, state: Any) -> list[str]:
        """Return the pages if they show another state than the last time, and remember it."""
        if getattr(env, self._state, None) == state:
            return []
        setattr(env, self._state, state)
        return sorted(self.of(env) & env.found_docs)

    def connect(self, app: Any) -> None:
        """Keep the set right through repeated builds and parallel readers."""
        app.connect("env-purge-doc", self._forget)
        app.connect("env-merge-info", self._merge)

    def _forget(self, app: Any, env: Any, docname: str) -> None:
        """Drop a page that is read again or gone."""
        self.of(env).discard(docname)

    def _merge(self, app: Any, env: Any, docnames: Iterable[str], other: Any) -> None:
        """Take over what a parallel reader found."""
        self.of(env).update(self.of(other) & set(docnames))
