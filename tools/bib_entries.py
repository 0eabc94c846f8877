"""Entries of ``references.bib`` as text: which of them changed, and which pages cite them."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

__all__ = ["changed_keys", "entries", "pages_citing", "read"]

ENTRY = re.compile(r"^@\w+\s*\{\s*(?P<key>[^,\s]+)\s*,", re.MULTILINE)


def entries(text: str) -> dict[str, str]:
    """Return the text of each entry, from its ``@`` to the next one's, by key.

    Examples
    --------
    >>> entries("@book{noether,\\n year={1921}}\\n@book{weyl,\\n year={1918}}\\n")["weyl"]
    '@book{weyl,\\n year={1918}}'
    """
    starts = [*ENTRY.finditer(text)]
    ends = [match.start() for match in starts[1:]] + [len(text)]
    return {
        match["key"]: text[match.start() : end].strip()
        for match, end in zip(starts, ends, strict=True)
    }


def read(path: Path) -> dict[str, str]:
    """Return the entries of a file; none if there is no such file."""
    return entries(path.read_text("utf-8")) if path.exists() else {}


def changed_keys(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """Return the keys whose entry is new, gone or different."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def pages_citing(root: Path, keys: Collection[str]) -> set[str]:
    """Return the pages below ``book`` that cite one of the keys, without suffix."""
    if not keys:
        return set()
    any_key = "|".join(re.escape(key) for key in sorted(keys))
    cited = re.compile(rf"\{{cite:\w+\}}`[^`]*(?<![\w-])(?:{any_key})(?![\w-])")
    return {
        path.relative_to(root).with_suffix("").as_posix()
        for path in sorted((root / "book").rglob("*.md"))
        if cited.search(path.read_text("utf-8"))
    }
