"""Keep every released version of the book readable: the newest at the root, each in its own folder.

The branch that becomes the site holds the newest release at its root, each release in a folder such
as ``v0.2.0/``, and previews. When a release is added, each page of each version gets links to the
same page in all other versions, at the mark that the build left in its sidebar, and each page of an
old version a line above its text that says so. All links are relative and plain HTML: they hold in
a fork and without JavaScript, and no page asks another host for a list. Standard library alone.
"""

from __future__ import annotations

import html
import posixpath
import re
import shutil
from pathlib import Path

from push_folder import remove, store

__all__ = ["Version", "add_release", "newest", "order", "released", "write_links"]

FOLDER = re.compile(r"v(\d+)\.(\d+)\.(\d+)(?:(a|b|rc)(\d+))?")
KEEP = ("preview", "v[0-9]*")
START, END = "<!-- versions -->", "<!-- end of versions -->"  # left by _ext/mlphys_book/version.py
MARK = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
NOTICE_START, NOTICE_END = "<!-- old version -->", "<!-- end of old version -->"
NOTICE = re.compile(f"{re.escape(NOTICE_START)}.*?{re.escape(NOTICE_END)}", re.DOTALL)
ARTICLE = re.compile(r"<article\b[^>]*>")
LIST = "versions.html"
LARGEST = 900_000_000  # bytes; GitHub Pages serves sites of at most 1 GB

Version = str
"""A release's tag, such as ``v0.2.0``."""

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Versions of the book</title>
<meta name="description" content="All published versions of the book, the newest first.">
<link rel="icon" href="_static/favicon.svg">
<style>body{{font:1.0625rem/1.6 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}}</style>
</head><body><main><h1>Versions of the book</h1>
<ul>
{lines}
</ul>
<p>Each keeps its address: cite a page by the address in the folder of its version.</p>
</main></body></html>
"""


def order(version: Version) -> tuple[int, int, int, bool, str, int]:
    """Return a key that sorts versions by age, a release after its candidates.

    Raises
    ------
    ValueError
        If this is no version.

    Examples
    --------
    >>> sorted(["v0.10.0", "v0.9.1", "v0.10.0rc2", "v0.10.0rc10"], key=order)
    ['v0.9.1', 'v0.10.0rc2', 'v0.10.0rc10', 'v0.10.0']
    """
    match = FOLDER.fullmatch(version)
    if match is None:
        raise ValueError(f"expected a version such as v0.2.0 or v0.2.0rc1; got {version!r}")
    major, minor, patch, stage, number = match.groups()
    return int(major), int(minor), int(patch), stage is None, stage or "", int(number or 0)


def released(tree: Path) -> list[Version]:
    """Return the versions that a checked-out branch holds, the newest first."""
    names = [path.name for path in tree.iterdir() if FOLDER.fullmatch(path.name)]
    return sorted(names, key=order, reverse=True)


def newest(versions: list[Version]) -> Version:
    """Return the version for the root: the highest that is final, else the highest."""
    final = [version for version in versions if order(version)[3]]
    return max(final or versions, key=order)


def add_release(tree: Path, site: Path, version: Version, *, largest: int = LARGEST) -> None:
    """Add a built site to the branch as a version, and at the root if none is newer.

    Parameters
    ----------
    tree : pathlib.Path
        The checked-out branch.
    site : pathlib.Path
        Folder with the built site.
    version : str
        Its tag.
    largest : int
        Bytes that the whole may have; beyond it the oldest folders go. Their pages stay in the
        archives of their releases.

    Raises
    ------
    ValueError
        If the version is none, or the folder holds no site.
    """
    order(version)
    if not (site / "index.html").is_file():
        raise ValueError(f"expected a built site with index.html in {site}; found none")
    place = tree / version
    if place.exists():
        remove(place)
    shutil.copytree(site, place)
    (place / "404.html").unlink(missing_ok=True)  # a host shows the one at the root alone
    if newest(released(tree)) == version:
        store(tree, site, keep=(*KEEP, LIST))
    while len(released(tree)) > 1 and size(tree) > largest:
        remove(tree / released(tree)[-1])
    write_links(tree)


def size(tree: Path) -> int:
    """Return the bytes of all files but git's own."""
    files = (path for path in tree.rglob("*") if ".git" not in path.relative_to(tree).parts)
    return sum(path.stat().st_size for path in files if path.is_file())


def write_links(tree: Path) -> None:
    """Write the links between all versions into their pages, and the list of versions."""
    versions = released(tree)
    root = newest(versions)
    homes = {version: "" if version == root else version for version in versions}
    for home in ("", *versions):
        mine = home or root
        for path in pages(tree, home):
            name = path.relative_to(tree / home).as_posix()
            links = {version: link(tree, path, homes[version], name) for version in versions}
            text = path.read_text("utf-8")
            new = NOTICE.sub("", replace(MARK, text, START + menu(mine, links, root) + END))
            if mine != root:
                line = NOTICE_START + notice(mine, root, links[root]) + NOTICE_END
                opening = ARTICLE.search(new)
                new = replace(ARTICLE, new, opening[0] + line) if opening else new
            if new != text:
                path.write_text(new, "utf-8")
    lines = [
        f'<li><a href="{"" if version == root else version + "/"}index.html">{version[1:]}</a>'
        f'{" (newest)" if version == root else ""}, always at <a href="{version}/index.html">'
        f"{version}/</a></li>"
        for version in versions
    ]
    (tree / LIST).write_text(PAGE.format(lines="\n".join(lines)), "utf-8")


def replace(pattern: re.Pattern[str], text: str, new: str) -> str:
    """Return a text with the first match replaced by ``new`` as it stands."""
    return pattern.sub(lambda _: new, text, count=1)


def pages(tree: Path, home: str) -> list[Path]:
    """Return the pages of one version; those of the root lie in no folder of another.

    The page for wrong addresses is left out: a host shows it at any depth, where relative links
    lead astray.
    """
    found = []
    for path in sorted((tree / home).rglob("*.html")):
        top, *rest = path.relative_to(tree / home).parts
        foreign = not home and rest and (top in ("preview", ".git") or FOLDER.fullmatch(top))
        if not foreign and not top.startswith("_") and top not in (LIST, "404.html"):
            found.append(path)
    return found


def link(tree: Path, page: Path, home: str, name: str) -> str:
    """Return the relative link from a page to the page of a name in another version.

    Where that version has no such page, the link leads to its front page.
    """
    target = tree / home / name
    if not target.is_file():
        target = tree / home / "index.html"
    start = page.parent.relative_to(tree).as_posix()
    return posixpath.relpath(target.relative_to(tree).as_posix(), start)


def menu(mine: Version, links: dict[Version, str], root: Version) -> str:
    """Return the fold in the sidebar that leads to a page's other versions."""
    lines = []
    for version, address in links.items():
        words = f"{version[1:]} (newest)" if version == root else version[1:]
        here = ' aria-current="true"' if version == mine else ""
        lines.append(f'<li><a href="{html.escape(address)}"{here}>{words}</a></li>')
    old = "" if mine == root else ", not the newest"
    return f"<details><summary>Version {mine[1:]}{old}</summary><ul>{''.join(lines)}</ul></details>"


def notice(mine: Version, root: Version, address: str) -> str:
    """Return the line above the text of a page that is not of the newest version."""
    return (
        '<p role="note" style="border:1px solid;padding:.5rem 1rem">'
        f'This is version {mine[1:]}. <a href="{html.escape(address)}">'
        f"Go to version {root[1:]}</a>, the newest.</p>"
    )
