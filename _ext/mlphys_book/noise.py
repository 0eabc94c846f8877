"""Refuse outputs that tell of the machine instead of the subject.

An address in memory, a process number, a temporary file, a progress bar: each differs from build to
build or means nothing to a reader. A chapter with such an output fails the build, which names the
cell and says what to do. What an intended traceback shows of paths is shortened before that, by the
kernel of the build (``tools/book_kernel.py``).
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sphinx.util import logging

from .dependencies import code_cells
from .execution import chapters, executed_notebook

__all__ = ["Rule", "find_noise", "rules", "setup"]

logger = logging.getLogger(__name__)

COLOR = re.compile(r"\x1b\[[0-9;]*m")
READ = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml")
STDERR_TAG = "stderr"


class Rule(NamedTuple):
    """A kind of noise: its name, the pattern that finds it, what an author should do."""

    name: str
    pattern: re.Pattern[str]
    advice: str


def rules(*folders: Path) -> list[Rule]:
    """Return the rules, with folders of this machine among them.

    Parameters
    ----------
    *folders : pathlib.Path
        Folders whose paths must not be shown, for example the project's.
    """
    private = [str(folder) for folder in folders if len(str(folder)) > 1]
    paths = "|".join(re.escape(folder) for folder in sorted(private, key=len, reverse=True))
    return [
        Rule(
            "memory address",
            re.compile(r"\bat 0x[0-9a-f]{5,}|\b0x[0-9a-f]{12}\b", re.IGNORECASE),
            "end the cell with `;` or print what the object holds",
        ),
        Rule(
            "temporary path",
            re.compile(rf"(?:{re.escape(tempfile.gettempdir())}|/tmp|/var/folders)/[\w.+-]+"),
            "print the file's name, not its path",
        ),
        *(
            [Rule("path of this machine", re.compile(paths), "print a relative path")]
            if paths
            else []
        ),
        Rule("process number", re.compile(r"\bpid\b\W{0,3}\d+", re.IGNORECASE), "leave it out"),
        Rule(
            "progress bar",
            re.compile(r"\r(?!\n)|\d(?:it|s)/(?:s|it)\b|█|━{3,}|\x08"),
            "show progress on a terminal alone, or set verbose=0",
        ),
        Rule(
            "log line",
            re.compile(
                r"^(?:[IWEF]\d{4} \d\d:\d\d|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*: [IWEF] )|"
                r"log messages before absl",
                re.MULTILINE,
            ),
            "silence the library that writes it",
        ),
    ]


def find_noise(cell: Any, table: list[Rule]) -> Iterator[str]:
    """Yield a sentence for each kind of noise in a code cell's outputs.

    Parameters
    ----------
    cell : nbformat.NotebookNode
        An executed code cell. One with the tag ``stderr`` may write to standard error.
    table : list of Rule
    """
    for output in cell.outputs:
        if output.get("name") == "stderr" and STDERR_TAG not in cell.metadata.get("tags", []):
            first = output.text.strip().splitlines()[0][:100] if output.text.strip() else ""
            yield (
                f"output to standard error ({first!r}): mend its cause, "
                f"or tag the cell `{STDERR_TAG}` if the page is to show it"
            )
        for rule in table:
            if found := rule.pattern.search(_text(output)):
                yield f"{rule.name} ({found[0].strip()!r}) in the output: {rule.advice}"


def _text(output: Any) -> str:
    """Return all of an output that a reader could see as text."""
    parts = [output.get("text", ""), output.get("ename", ""), output.get("evalue", "")]
    parts += output.get("traceback", [])
    parts += [data for kind, data in output.get("data", {}).items() if kind in READ]
    return COLOR.sub("", "\n".join("".join(part) for part in parts))


def check_outputs(app: Any, doctree: Any) -> None:
    """Warn of noise in a page that was just read (event ``doctree-read``)."""
    env = app.env
    if env.docname not in chapters(env):
        return
    table = rules(Path(app.srcdir), Path(sys.prefix), Path.home())
    places = code_cells(Path(env.doc2path(env.docname)).read_text("utf-8"))
    code = [cell for cell in executed_notebook(env, env.docname).cells if cell.cell_type == "code"]
    for number, (cell, place) in enumerate(zip(code, places, strict=False), start=1):
        for sentence in find_noise(cell, table):
            logger.warning(
                f"code cell {number}: {sentence}",
                location=(env.docname, place.line),
                type="mlphys",
                subtype="noise",
            )


def setup(app: Any) -> dict[str, Any]:
    """Register the handler."""
    app.connect("doctree-read", check_outputs, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
