"""Run a chapter again exactly when something that its outputs depend on has changed.

Jupyter's own cache knows a notebook by its code cells alone: edit the library, and the page keeps
the old numbers. So each chapter gets one more code cell, shown on no page, that holds a digest of
everything else the outputs depend on: the modules of the library that the chapter imports, the lock
file, the version of Python, the scale, and the data. A changed digest is a changed cell, and the
cache runs the chapter again; a digest that returns to an older value finds the older outputs.

The same cell, once run, prints what the run cost. That record lies in the cache beside the outputs,
so that the page of build statistics is right however old they are.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import platform
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, cast

import nbformat
from jupyter_cache import get_cache
from sphinx.errors import SphinxError
from sphinx.util import logging

from .dependencies import MEMORY, CodeCell, Library, cell_imports, code_cells, file_digest

__all__ = ["ChapterError", "chapters", "executed_notebook", "library", "records", "setup"]

logger = logging.getLogger(__name__)

REPORT = "report.json"
RECORD_CELL = """
import json as _json, os as _os, platform as _platform, sys as _sys, time as _time
def _peak_bytes():
    if _os.path.exists("/proc/self/status"):  # Linux's getrusage counts the parent's memory, too
        with open("/proc/self/status") as _status:
            return next(int(_l.split()[1]) * 1024 for _l in _status if _l.startswith("VmHWM:"))
    try:
        import resource as _resource
    except ImportError:  # Windows does not say
        return None
    _unit = 1 if _sys.platform == "darwin" else 1024
    return _resource.getrusage(_resource.RUSAGE_SELF).ru_maxrss * _unit
{card}
print(_json.dumps({{"digest": "{digest}", "scale": "{scale}", "finished": _time.time(),
    "cpu_seconds": _time.process_time(), "peak_bytes": _peak_bytes(), "machine": _card}}))
""".strip()
CARD = "from {name}.machine import card as _card; _card = _card()"
NO_CARD = '_card = {"Python": _platform.python_version()}'


class ChapterError(SphinxError):
    """A code cell of a chapter failed."""

    category = "Chapter failed"


def library(app: Any) -> Library:
    """Return the library that the chapters import, read once in each build."""
    if not hasattr(app, "mlphys_library"):
        app.mlphys_library = Library(Path(app.confdir or app.srcdir) / app.config.mlphys_library)
    return app.mlphys_library


def scale() -> str:
    """Return the scale that the kernels will see."""
    return os.environ.get("MLPHYS_SCALE") or "small"


def chapter_digest(app: Any, docname: str, cells: Iterable[CodeCell]) -> str:
    """Return a digest of all that a chapter's outputs depend on beside its own code."""
    imports = cell_imports(cell.source for cell in cells)
    package = library(app)
    folder = Path(app.env.doc2path(docname)).parent
    parts = {
        "library": package.digest(imports),
        "lock": file_digest(Path(app.srcdir) / app.config.mlphys_lock),
        "python": platform.python_version(),
        "scale": scale(),
        "files": {
            text: file_digest(folder / text) for text in sorted(_files(imports.strings, folder))
        },
    }
    loaded = package.loaded_by(imports.names)
    if f"{package.name}.datasets" in loaded:
        parts["data"] = importlib.import_module(f"{package.name}.datasets").fingerprint()
    if (images := f"{package.name}.datasets.images") in loaded:
        parts["images"] = importlib.import_module(images).image_fingerprint()
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _files(strings: Iterable[str], folder: Path) -> set[str]:
    """Return those strings that name a file beside the chapter."""
    short = (text for text in strings if 0 < len(text) < 200 and "\n" not in text)
    return {text for text in short if "\0" not in text and (folder / text).is_file()}


def records(env: Any) -> dict[str, dict[str, Any]]:
    """Return what each chapter's run cost, by document name."""
    if not hasattr(env, "mlphys_records"):
        env.mlphys_records = {}
    return env.mlphys_records


def chapters(env: Any) -> dict[str, str]:
    """Return the digest of each document that has code cells."""
    if not hasattr(env, "mlphys_digests"):
        env.mlphys_digests = {}
    return env.mlphys_digests


def append_record_cell(app: Any, docname: str, content: list[str]) -> None:
    """Append the cell that holds the digest (event ``source-read``)."""
    cells = code_cells(content[0])
    if not cells:
        return
    package = library(app)
    digest = chapter_digest(app, docname, cells)
    chapters(app.env)[docname] = digest
    card = (
        CARD.format(name=package.name) if f"{package.name}.machine" in package.modules else NO_CARD
    )
    code = RECORD_CELL.format(card=card, digest=digest, scale=scale())
    content[0] += f"\n\n```{{code-cell}} ipython3\n:tags: [remove-cell, record]\n\n{code}\n```\n"


def recall_imports(app: Any, env: Any, *changes: set) -> list[str]:
    """Take over what the last build found in the code (``env-get-outdated``, before the others)."""
    del app, changes  # the event passes them
    MEMORY.known = getattr(env, "mlphys_imports", {})
    return []


def remember_imports(app: Any, env: Any) -> None:
    """Leave to the next build what this one found in the code (event ``env-updated``)."""
    del app  # the event passes it
    env.mlphys_imports = MEMORY.used


def outdated(app: Any, env: Any, added: set, changed: set, removed: set) -> list[str]:
    """Return the chapters whose digest is no longer the stored one (``env-get-outdated``)."""
    known = set(chapters(env)) - added - changed - removed
    stale = []
    for docname in sorted(known):
        cells = code_cells(Path(env.doc2path(docname)).read_text("utf-8"))
        if chapter_digest(app, docname, cells) != chapters(env)[docname]:
            stale.append(docname)
    return stale


def executed_notebook(env: Any, docname: str) -> Any:
    """Return a chapter's notebook with its outputs, whether it was run now or before.

    MyST-NB's own file is not enough: on a cache hit it has no outputs, and after a run the pieces
    of a stream stand in it twice, since merging them for the page changes the first in place. So
    the outputs are fetched from the cache.

    Returns
    -------
    nbformat.NotebookNode
        Cells and metadata as in the source now; outputs and execution counts of the run. The record
        cell is the last one.
    """
    settings = env.mystnb_config
    path = Path(settings.output_folder, *docname.split("/"))
    notebook = nbformat.read(path.with_name(path.name + ".ipynb"), as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if settings.execution_mode == "cache":
        try:
            _, merged = get_cache(settings.execution_cache_path).merge_match_into_notebook(notebook)
        except KeyError:  # a failed run is not in the cache: the notebook is all there is
            return notebook
        done = (cell for cell in merged.cells if cell.cell_type == "code")
        for cell, other in zip(code, done, strict=True):
            cell.outputs, cell.execution_count = other.outputs, other.execution_count
    return notebook


def keep_record(app: Any, doctree: Any) -> None:
    """Read the record cell of a chapter that was just read (event ``doctree-read``)."""
    env = app.env
    docname = env.docname
    run = env.nb_metadata.get(docname, {}).get("exec_data")
    if docname not in chapters(env) or not run or not run["succeeded"]:
        return
    last = executed_notebook(env, docname).cells[-1]
    record = json.loads("".join(output.get("text", "") for output in last.outputs))
    if record["digest"] != chapters(env)[docname]:
        raise ChapterError(f"{docname}: the cache returned outputs of other code; delete _build")
    records(env)[docname] = {**record, "seconds": run["runtime"]}


def failures(env: Any) -> list[dict[str, Any]]:
    """Return chapter, line, number, first line of code and error of each cell that failed."""
    found = []
    for docname in sorted(chapters(env)):
        run = env.nb_metadata.get(docname, {}).get("exec_data")
        if run and not run["succeeded"]:
            found.append(_failure(env, docname, run["error"]))
    return found


def _failure(env: Any, docname: str, error: str) -> dict[str, Any]:
    path = Path(env.doc2path(docname))
    cells = code_cells(path.read_text("utf-8"))
    notebook = executed_notebook(env, docname)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    number = next(
        (i for i, cell in enumerate(code) if _error(cell) and not _expects_error(cell)),
        next((i for i, cell in enumerate(code) if cell.execution_count is None), len(code) - 1),
    )
    output = _error(code[number])
    if error == "CellTimeoutError":
        error = f"still running after {env.mystnb_config.execution_timeout} s (execute: timeout)"
    elif output:
        error = f"{output.ename}: {output.evalue}".strip().rstrip(":")
    line = cells[number].line if number < len(cells) else 1
    source = code[number].source.strip() or "(empty)"
    return {
        "chapter": path.relative_to(env.srcdir).as_posix(),
        "line": line,
        "cell": number + 1,
        "code": source.splitlines()[0],
        "error": error.splitlines()[0],
    }


def _error(cell: Any) -> Any:
    return next((output for output in cell.outputs if output.output_type == "error"), None)


def _expects_error(cell: Any) -> bool:
    return "raises-exception" in cell.metadata.get("tags", [])


def stop_on_failures(app: Any, env: Any) -> None:
    """Fail the build if any cell failed, after all chapters were tried (``env-updated``)."""
    found = failures(env)
    app.mlphys_failures = found
    if found:
        raise ChapterError("\n".join(describe(failure) for failure in found))


def describe(failure: dict[str, Any]) -> str:
    """Return a failed cell in one line."""
    return "{chapter}:{line}: code cell {cell} (`{code}`) failed: {error}".format(**failure)


def write_report(app: Any, exception: Exception | None) -> None:
    """Write what happened to ``report.json`` beside the site (event ``build-finished``)."""
    env = app.env
    if env is None or app.builder.format != "html":
        return
    executed = [
        docname
        for docname, record in records(env).items()
        if record["finished"] >= app.mlphys_started
    ]
    report = {
        "chapters": sorted(chapters(env)),
        "executed": sorted(executed),
        "scale": scale(),
        "failures": getattr(app, "mlphys_failures", []),
        "error": "" if exception is None else f"{type(exception).__name__}: {exception}",
    }
    Path(app.outdir).parent.joinpath(REPORT).write_text(json.dumps(report, indent=2), "utf-8")


def forget(app: Any, env: Any, docname: str) -> None:
    """Drop what is known of a document that is read again (event ``env-purge-doc``)."""
    chapters(env).pop(docname, None)
    records(env).pop(docname, None)


def merge(app: Any, env: Any, docnames: Iterable[str], other: Any) -> None:
    """Take over what a parallel reader found (event ``env-merge-info``)."""
    tables = cast("tuple[Callable[[Any], dict[str, Any]], ...]", (chapters, records))
    for table in tables:
        table(env).update({name: table(other)[name] for name in docnames if name in table(other)})


def setup(app: Any) -> dict[str, Any]:
    """Register the configuration values and the handlers."""
    app.mlphys_started = time.time()
    app.add_config_value("mlphys_library", "src/mlphys", "env")
    app.add_config_value("mlphys_lock", "requirements.lock", "env")
    app.connect("source-read", append_record_cell, priority=900)
    app.connect("env-get-outdated", recall_imports, priority=100)
    app.connect("env-get-outdated", outdated)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("doctree-read", keep_record)
    app.connect("env-updated", remember_imports, priority=90)
    app.connect("env-updated", stop_on_failures, priority=100)
    app.connect("build-finished", write_report)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
