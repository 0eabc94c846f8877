"""Carry a computed value from a code cell into the prose of the book.

A sentence that states a measured number must take it from the run that the reader sees. In the
book, :func:`glue` stores the value for MyST's ``{glue:text}`` role. In a downloaded notebook,
where the prose already holds the number, it does nothing.
"""

from __future__ import annotations

from typing import Any

__all__ = ["glue"]


def glue(name: str, value: Any) -> None:
    """Store ``value`` under ``name`` for the prose of this chapter.

    Parameters
    ----------
    name : str
        Key, with the chapter's stem as prefix: ``"deep_net_accuracy"``.
    value : object
        A number (NumPy scalars and zero-dimensional arrays become Python numbers, so that a format
        such as ``.1f`` applies in the text) or anything with a readable ``repr``.

    Raises
    ------
    ValueError
        If the name has no chapter prefix.

    Notes
    -----
    Outside a running notebook, or where ``myst_nb`` is not installed, nothing is stored: there is
    no page to store it for.

    Examples
    --------
    >>> glue("deep_net_accuracy", 96.5)
    """
    if "_" not in name:
        raise ValueError(
            f"glue: expected a name with its chapter as prefix, such as 'deep_net_loss'; got {name!r}"
        )
    try:
        from IPython.core.getipython import get_ipython
        from myst_nb import glue as store
    except ImportError:
        return
    if get_ipython() is None:
        return
    store(name, _plain(value), display=False)


def _plain(value: Any) -> Any:
    """Return a Python number for anything that is a NumPy or JAX scalar."""
    item = getattr(value, "item", None)
    if callable(item) and not isinstance(value, int | str) and not _has_axes(value):
        return item()
    return value


def _has_axes(value: Any) -> bool:
    return bool(getattr(value, "shape", ()))
