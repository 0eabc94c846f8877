"""Offer each chapter as an executed notebook that runs and reads well anywhere.

The notebook is made from the page itself: its text is the page's text (numbers, citations and
references resolved), its code is the chapter's, its outputs are those on the page, whether the
chapter ran in this build or came from the cache. What belongs to the build alone (options of cells,
the record cell, glued values) is left out. A first cell installs the library where it is missing.

The bytes depend on the page alone: no times, no paths, no random names.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from sphinx.util import logging

from .dependencies import cell_imports, code_cells
from .execution import chapters, executed_notebook, library
from .markdown import Cell, Page, Piece, Writer
from .references import CLASS, cited_works
from .repository import repository

__all__ = ["FOLDER", "INDEX", "clean_outputs", "install_cell", "make_notebook", "setup"]

logger = logging.getLogger(__name__)

FOLDER = "_sources"  # where the theme's download button looks
INDEX = "notebooks.json"
EXTRAS = {
    "jax": {"jax", "jaxlib"},
    "opengl": {"OpenGL"},
    "properties": {"hypothesis"},
    "tensorflow": {"tensorflow", "keras", "tensorflow_datasets"},
}
DROPPED_TAGS = {"record"}
GLUED = "application/papermill.record/"


def install_cell(extras: Iterable[str], url: str, ref: str) -> str:
    """Return the code that installs the library where it is missing, and else does nothing.

    Parameters
    ----------
    extras : iterable of str
        The library's optional parts that the chapter cannot do without.
    url, ref : str
        Repository, and the branch or tag to take.
    """
    parts = ",".join(sorted(extras))
    name = f"mlphys[{parts}]" if parts else "mlphys"
    return (
        "# Installs the course's library where it is missing, as on Colab; else does nothing.\n"
        "import importlib.util\n"
        "\n"
        'if importlib.util.find_spec("mlphys") is None:\n'
        f'    %pip install -q "{name} @ git+{url}@{ref}"'
    )


def needed_extras(packages: set[str]) -> list[str]:
    """Return the library's extras that provide these packages."""
    return sorted(extra for extra, provides in EXTRAS.items() if provides & packages)


def clean_outputs(outputs: Iterable[Any]) -> list[Any]:
    """Return a cell's outputs without what only the build reads, neighboring streams joined."""
    kept: list[Any] = []
    for plain in outputs:
        output: Any = nbformat.from_dict(plain)
        if any(kind.startswith(GLUED) for kind in output.get("data", {})):
            continue
        if output.output_type == "execute_result":
            output.execution_count = None
        output.pop("transient", None)
        output.get("data", {}).pop("application/pdf", None)  # the book on paper needs it, no screen
        joins = (
            output.output_type == "stream"
            and bool(kept)
            and kept[-1].output_type == "stream"
            and kept[-1].name == output.name
        )
        if joins:
            kept[-1].text += output.text
        else:
            kept.append(output)
    return kept


def clean_metadata(metadata: Any) -> dict[str, Any]:
    """Return what a notebook program uses of a cell's options: its tags, what to fold."""
    tags = [tag for tag in metadata.get("tags", []) if tag not in DROPPED_TAGS]
    fold = {
        "source_hidden": {"hide-input", "hide-cell", "remove-input", "remove-cell"},
        "outputs_hidden": {"hide-output", "hide-cell", "remove-output", "remove-cell"},
    }
    hidden = {name: True for name, when in fold.items() if when & set(tags)}
    result: dict[str, Any] = {"tags": tags} if tags else {}
    return result | ({"jupyter": hidden} if hidden else {})


def make_notebook(pieces: list[Piece], cells: list[Any], writer: Writer, first: str) -> Any:
    """Put text and code cells together.

    Parameters
    ----------
    pieces : list of Piece
        The page in order: Markdown text, and the places of code cells.
    cells : list of nbformat.NotebookNode
        All cells of the executed notebook; a :class:`Cell` is an index into it. Code cells that
        the page does not show still run, right before the next one that it shows.
    writer : Writer
        Whose attachments the text may use.
    first : str
        Code of the first cell.

    Returns
    -------
    nbformat.NotebookNode
    """
    notebook = nbformat.v4.new_notebook()
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    code = [index for index, cell in enumerate(cells) if cell.cell_type == "code"]
    code = [i for i in code if not DROPPED_TAGS & set(cells[i].metadata.get("tags", []))]
    text: list[str] = []
    notebook.cells.append(nbformat.v4.new_code_cell(first, id="install"))

    def close_text() -> None:
        if text:
            notebook.cells.append(_text_cell("\n\n".join(text), writer, len(notebook.cells)))
            text.clear()

    def run_until(index: int) -> None:
        while code and code[0] <= index:
            notebook.cells.append(_code_cell(cells[code.pop(0)], len(notebook.cells)))

    for piece in pieces:
        if isinstance(piece, Cell):
            close_text()
            run_until(piece.index)
            if piece.caption:
                text.append(piece.caption)
        else:
            if piece.startswith("#"):
                close_text()
            text.append(piece)
    close_text()
    run_until(len(cells))
    return notebook


def _text_cell(source: str, writer: Writer, number: int) -> Any:
    used = {n: data for n, data in writer.attachments.items() if f"(attachment:{n})" in source}
    cell = nbformat.v4.new_markdown_cell(source, id=f"text-{number}")
    if used:
        cell.attachments = used
    return cell


def _code_cell(old: Any, number: int) -> Any:
    cell = nbformat.v4.new_code_cell(old.source, id=f"code-{number}")
    cell.metadata.update(clean_metadata(old.metadata))
    cell.outputs = clean_outputs(old.outputs)
    return cell


def references(app: Any, doctree: nodes.document, docname: str) -> list[str]:
    """Return the list of works that a page cites, unless the page prints one itself."""
    if any(CLASS in node["classes"] for node in doctree.findall(nodes.bullet_list)):
        return []
    entries = {item.key: item for item in cited_works(app.env, docname)}
    lines = [_entry(item) for item in entries.values()]
    return ["## References", "\n".join(sorted(lines))] if lines else []


def _entry(citation: Any) -> str:
    """Return one work of the bibliography, linked where it has an address."""
    text = (citation.tooltip_entry or citation.formatted_entry).text.render_as("text")
    fields = citation.entry.fields
    doi = fields.get("doi", "")
    link = f"https://doi.org/{doi}" if doi else fields.get("url", "")
    return f"- {text}" + (f" <{link}>" if link and link not in text else "")


def page_of(app: Any, docname: str) -> Page:
    """Return what the writer must know of one page."""
    env, config = app.env, app.config
    site = repository(app).site
    return Page(
        url=f"{site}{app.builder.get_target_uri(docname)}" if site else "",
        source=Path(app.srcdir),
        section_numbers=env.toc_secnumbers.get(docname, {}),
        figure_numbers=env.toc_fignumbers.get(docname, {}),
        number_format=config.numfig_format,
        macros=(config.mathjax3_config or {}).get("tex", {}).get("macros", {}),
    )


def write_notebook(app: Any, doctree: nodes.document, docname: str) -> None:
    """Write a page's notebook into the site (event ``doctree-resolved``)."""
    if app.builder.format != "html" or docname not in chapters(app.env):
        return

    def complain(node: nodes.Node) -> None:
        logger.warning(
            "the notebook cannot show a %s; teach it to _ext/mlphys_book/markdown.py",
            type(node).__name__,
            location=node if node.line else docname,
            type="mlphys",
            subtype="notebook",
        )

    writer = Writer(page_of(app, docname), complain)
    pieces = writer.blocks(doctree.children) + references(app, doctree, docname)
    home = repository(app)
    source = Path(app.env.doc2path(docname)).read_text("utf-8")
    imports = cell_imports(cell.source for cell in code_cells(source))
    extras = needed_extras(library(app).packages_of(imports))
    cells = executed_notebook(app.env, docname).cells
    notebook = make_notebook(pieces, cells, writer, install_cell(extras, home.url, home.ref))
    nbformat.validate(notebook)
    path = Path(app.outdir, FOLDER, f"{docname}.ipynb")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook) + "\n", "utf-8")


def offer_notebook(app: Any, page: str, template: str, context: dict, doctree: Any) -> None:
    """Tell the theme's download menu of the notebook (event ``html-page-context``)."""
    if doctree is not None and page in chapters(app.env):
        context["ipynb_source"] = f"{page}.ipynb"


def collect(app: Any, exception: Exception | None) -> None:
    """List the site's notebooks, and copy them where publishing takes them (``build-finished``).

    The copy is what Colab and Binder open, so it says what Binder is to install.
    """
    if exception is not None or app.builder.format != "html":
        return
    index = write_index(app)
    home = repository(app)
    copy = Path(app.outdir).parent / "notebooks"
    shutil.rmtree(copy, ignore_errors=True)
    for entry in index:
        path = copy / Path(entry["notebook"]).relative_to(FOLDER)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(app.outdir, entry["notebook"]), path)
    copy.mkdir(exist_ok=True)
    files = {
        "README.md": f"The executed notebooks of <{home.site or home.url}>, written by its build.\n",
        "requirements.txt": f"mlphys[all] @ git+{home.url}@{home.ref}\n",
        "runtime.txt": "python-3.11\n",
        INDEX: json.dumps(index, indent=2) + "\n",
    }
    for name, text in files.items():
        (copy / name).write_text(text, "utf-8")


def write_index(app: Any) -> list[dict[str, str]]:
    """List all notebooks of the site in a file, and delete those of chapters that are gone."""
    folder = Path(app.outdir, FOLDER)
    wanted = {folder / f"{docname}.ipynb": docname for docname in sorted(chapters(app.env))}
    for path in sorted(folder.rglob("*.ipynb")):
        if path not in wanted:
            path.unlink()
    index = [
        {
            "page": app.builder.get_target_uri(docname),
            "notebook": path.relative_to(app.outdir).as_posix(),
            "title": app.env.titles[docname].astext(),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path, docname in wanted.items()
    ]
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath(INDEX).write_text(json.dumps(index, indent=2) + "\n", "utf-8")
    return index


def setup(app: Any) -> dict[str, Any]:
    """Register the handlers."""
    app.connect("doctree-resolved", write_notebook, priority=100)
    app.connect("html-page-context", offer_notebook, priority=400)
    app.connect("build-finished", collect)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
