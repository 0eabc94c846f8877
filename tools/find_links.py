"""Find the links of the project that lead to other hosts, and where each of them stands.

The chapters and the other texts in Markdown, the bibliography (addresses, DOIs and numbers of
arXiv), the citation file and the docstrings of the library are read. Links within the book are not
its business: the build checks those. Standard library alone.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

__all__ = ["find_links", "links_of_text", "links_of_works"]

PLACES = ("*.md", "LICENSE-TEXT", "CITATION.cff", ".github/**/*.md", "book/**/*.md", "src/**/*.py")
WORKS = "references.bib"
ADDRESS = re.compile(r"https?://[^\s\"'<>`{}|\\^]+")
FIELD = re.compile(r"^\s*(doi|eprint|url)\s*=\s*[{\"](.+?)[}\"]\s*,?\s*$", re.MULTILINE)
NOT_REAL = ("localhost", "example", "example.com", "example.org", "invalid", "test")
"""Names of hosts, and ends of names, that stand in texts as examples."""


def find_links(root: Path) -> dict[str, list[str]]:
    """Return the places of each external link, as ``file:line``, by address.

    Parameters
    ----------
    root : pathlib.Path
        Folder of the project.

    Raises
    ------
    FileNotFoundError
        If there is no bibliography, so that a wrong folder does not pass as one without links.
    """
    found: dict[str, list[str]] = {}
    files = {path for pattern in PLACES for path in root.glob(pattern) if path.is_file()}
    texts = [(path, links_of_text(path.read_text("utf-8"))) for path in sorted(files)]
    texts.append((root / WORKS, links_of_works((root / WORKS).read_text("utf-8"))))
    for path, links in texts:
        for address, line in links:
            found.setdefault(address, []).append(f"{path.relative_to(root).as_posix()}:{line}")
    return found


def links_of_text(text: str) -> Iterator[tuple[str, int]]:
    """Yield each external address in a text and its line, counted from 1.

    What follows ``#`` is left out, for it is not sent to the host, and so is the sentence's own
    punctuation.

    Examples
    --------
    >>> list(links_of_text("See [it](https://a.org/b_(c)#d), or\\nhttp://127.0.0.1:80/ on yours."))
    [('https://a.org/b_(c)', 1)]
    """
    for match in ADDRESS.finditer(text):
        address = trim(match[0])
        if is_real(address):
            yield address, line_of(text, match.start())


def links_of_works(text: str) -> Iterator[tuple[str, int]]:
    """Yield the addresses of a BibTeX file: those given, and those that DOI and arXiv stand for.

    Examples
    --------
    >>> list(links_of_works("@misc{a,\\n  doi = {10.1/a<b>},\\n  eprint = {gr-qc/0001},\\n}"))
    [('https://doi.org/10.1/a%3Cb%3E', 2), ('https://arxiv.org/abs/gr-qc/0001', 3)]
    """
    for match in FIELD.finditer(text):
        kind, value = match[1], re.sub(r"\\([_%#&~])", r"\1", match[2]).strip()
        if kind == "doi":
            value = f"https://doi.org/{quote(value, safe='/:;().-_')}"
        elif kind == "eprint":
            value = f"https://arxiv.org/abs/{value.removeprefix('arXiv:')}"
        yield value.partition("#")[0], line_of(text, match.start(1))


def line_of(text: str, position: int) -> int:
    """Return the number of the line, counted from 1, in which a position of a text lies."""
    return text.count("\n", 0, position) + 1


def trim(address: str) -> str:
    """Return an address without the text around it and without its fragment."""
    address = address.partition("#")[0]
    while address:
        last = address[-1]
        opening = {")": "(", "]": "["}.get(last)
        if last in ".,;:!?*_" or (opening and address.count(last) > address.count(opening)):
            address = address[:-1]
        else:
            break
    return address


def is_real(address: str) -> bool:
    """Whether an address names a host that can be asked, and not this machine or an example."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        examples = (host == name or host.endswith(f".{name}") for name in NOT_REAL)
        return "." in host and not any(examples)
