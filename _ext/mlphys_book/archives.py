"""Archives of the executed notebooks: one of all of them, one of each part, below ``notebooks/``.

The directive ``{notebook-archives}`` lists them with links. Each archive unpacks into one folder of
its own name, with the notebooks, a list of what to install, a page that says where they come from,
and the licenses. The bytes depend on the content alone: no times, no order of a file system; an
archive whose content has not changed is not written again.
"""

from __future__ import annotations

import hashlib
import posixpath
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from .course_map import parts
from .execution import chapters
from .marked_pages import MarkedPages
from .notebooks import FOLDER as SOURCES
from .reading import reading_order
from .repository import Repository, repository

__all__ = ["FOLDER", "Archive", "archives", "content", "pack", "setup"]

FOLDER = "notebooks"
PAGES = MarkedPages("archives")
LICENSES = ("LICENSE", "LICENSE-TEXT")
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the zero of the zip format's clock


class Archive(NamedTuple):
    """One archive: its name without ``.zip``, what it holds in words, its chapters in order."""

    name: str
    caption: str
    chapters: tuple[str, ...]


class ArchivesMark(nodes.General, nodes.Element):
    """The place of the list in the page."""


class NotebookArchives(SphinxDirective):
    """The directive ``{notebook-archives}``."""

    def run(self) -> list[nodes.Node]:
        """Return the mark, and remember the page."""
        PAGES.add(self.env, self.env.docname)
        return [ArchivesMark()]


def archives(order: list[str], captions: Mapping[str, str], home: str) -> list[Archive]:
    """Return the archives of a book: the whole first, then one for each folder of chapters.

    Parameters
    ----------
    order : list of str
        The chapters that have notebooks, in the order of the book.
    captions : mapping of str to str
        The part that each of them belongs to.
    home : str
        The folder of the front page; a chapter right in it is in the whole alone.

    Examples
    --------
    >>> whole, waves = archives(["book/waves/a", "book/b"], {"book/waves/a": "Part I"}, "book")
    >>> whole.name, whole.chapters, waves
    ('mlphys-notebooks', ('book/waves/a', 'book/b'), Archive(name='mlphys-waves', caption='Part I', chapters=('book/waves/a',)))
    """
    folders: dict[str, list[str]] = {}
    for docname in order:
        folder = posixpath.dirname(posixpath.relpath(docname, home or "."))
        folders.setdefault(folder, []).append(docname)
    found = [Archive("mlphys-notebooks", "All parts", tuple(order))] if order else []
    for folder, members in folders.items():
        if folder:
            name = f"mlphys-{folder.replace('/', '-')}"
            found.append(Archive(name, captions.get(members[0]) or folder, tuple(members)))
    return found


def of_book(env: Any) -> list[Archive]:
    """Return the archives of the book that is being built."""
    order = [docname for docname in reading_order(env) if docname in chapters(env)]
    return archives(order, parts(env), posixpath.dirname(env.config.root_doc))


def content(archive: Archive, home: Repository, titles: Mapping[str, str]) -> dict[str, str]:
    """Return the texts that an archive holds beside its notebooks, by file name."""
    base = posixpath.commonpath([posixpath.dirname(name) for name in archive.chapters])
    listed = [
        f"- [{titles[name]}]({posixpath.relpath(name, base or '.')}.ipynb)"
        for name in archive.chapters
    ]
    address = home.site or home.url
    readme = [
        f"# Machine Learning for Physicists: {archive.caption}",
        f"Executed notebooks from <{address}>, version `{home.ref}`.",
        "The first cell of each installs the course's library where it is missing. On your own "
        "machine, once and for all of them:",
        "    pip install -r requirements.txt jupyterlab\n    jupyter lab",
        "Code: MIT License (`LICENSE`). Text and figures: CC BY 4.0 (`LICENSE-TEXT`).",
        "\n".join(listed),
    ]
    return {
        "README.md": "\n\n".join(readme) + "\n",
        "requirements.txt": f"mlphys[all] @ git+{home.url}@{home.ref}\n",
    }


def pack(files: Mapping[str, bytes], target: Path) -> bool:
    """Write an archive unless it is there with the same content; return whether it was written.

    Parameters
    ----------
    files : mapping of str to bytes
        Content by path within the archive's one folder.
    target : pathlib.Path
        File to write; the folder carries its stem.
    """
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\0".encode())
    mark = digest.hexdigest().encode()
    if target.is_file() and zipfile.is_zipfile(target):
        with zipfile.ZipFile(target) as old:
            if old.comment == mark:
                return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{target.stem}/{name}", EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            new.writestr(entry, files[name])
        new.comment = mark
    return True


def write_archives(app: Any, exception: Exception | None) -> None:
    """Write all archives into the site, and delete those of parts that are gone."""
    if exception is not None or app.builder.format != "html":
        return
    folder, source = Path(app.outdir, FOLDER), Path(app.srcdir)
    licenses = {n: (source / n).read_bytes() for n in LICENSES if (source / n).is_file()}
    titles = {name: app.env.titles[name].astext() for name in chapters(app.env)}
    wanted = of_book(app.env)
    for archive in wanted:
        base = posixpath.commonpath([posixpath.dirname(name) for name in archive.chapters])
        texts = content(archive, repository(app), titles)
        files = licenses | {name: text.encode() for name, text in texts.items()}
        for docname in archive.chapters:
            path = Path(app.outdir, SOURCES, f"{docname}.ipynb")
            files[f"{posixpath.relpath(docname, base or '.')}.ipynb"] = path.read_bytes()
        pack(files, folder / f"{archive.name}.zip")
    for path in folder.glob("*.zip"):
        if path.stem not in {archive.name for archive in wanted}:
            path.unlink()


def fill(app: Any, doctree: nodes.document, docname: str) -> None:
    """Put the list in the place of its mark (event ``doctree-resolved``)."""
    for mark in list(doctree.findall(ArchivesMark)):
        mark.replace_self(_list(app, docname))


def _list(app: Any, page: str) -> nodes.bullet_list:
    lines = nodes.bullet_list()
    site = repository(app).site
    up = posixpath.relpath(".", posixpath.dirname(page) or ".")
    for archive in of_book(app.env):
        file = f"{FOLDER}/{archive.name}.zip"
        words = nodes.Text(f"{archive.name}.zip")
        count = len(archive.chapters)
        noun = "notebook" if count == 1 else "notebooks"
        line = nodes.paragraph("", f"{archive.caption}, {count} {noun}: ")
        if app.builder.format == "html":
            line += nodes.reference("", "", words, refuri=posixpath.join(up, file), internal=True)
        else:  # the PDF lies beside no site
            line += nodes.reference("", "", words, refuri=f"{site}{file}") if site else words
        lines += nodes.list_item("", line)
    return lines


def show_again(app: Any, env: Any) -> list[str]:
    """Return the pages to write again because the chapters have changed (``env-updated``)."""
    return PAGES.to_write_again(env, of_book(env))


def setup(app: Any) -> dict[str, Any]:
    """Register the directive and the handlers."""
    app.add_node(ArchivesMark)
    app.add_directive("notebook-archives", NotebookArchives)
    PAGES.connect(app)
    app.connect("env-updated", show_again, priority=600)
    app.connect("doctree-resolved", fill)
    app.connect("build-finished", write_archives, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
