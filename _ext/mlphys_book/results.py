"""Keep the numbers of a build, so that the next release can be compared with it.

``_build/results.json`` holds, for each chapter, the values that its prose quotes (as ``glue``
stored them) and what its run cost. Both travel with the outputs through the execution cache, so the
file is complete whatever this build executed. ``tools/compare_results.py`` compares two of them.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .execution import chapters, records, scale

__all__ = ["FILE", "glued_values", "setup"]

FILE = "results.json"
KIND = "text/plain"


def glued_values(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that a chapter's cells hand to its prose, by name.

    Parameters
    ----------
    outputs : mapping
        For each name the output that ``glue`` stored, as MyST-NB keeps it.

    Returns
    -------
    dict
        Numbers, truth values and texts. Figures and other rich values are left out: they are
        compared by eye.
    """
    texts = {name: output["data"].get(KIND) for name, output in outputs.items()}
    values = {name: _read(text) for name, text in texts.items() if text is not None}
    return {name: value for name, value in values.items() if value is not None}


def stored_outputs(env: Any, docname: str) -> dict[str, Any]:
    """Return what a chapter glued; MyST-NB writes it beside the executed notebook."""
    folder, _, stem = docname.rpartition("/")
    path = Path(env.mystnb_config.output_folder, folder, f"{stem}.glue.json")
    if "glue" not in env.nb_metadata.get(docname, {}):  # a chapter that glues nothing has no file
        return {}
    return json.loads(path.read_text("utf-8"))


def _read(text: str) -> bool | int | float | str | None:
    """Return the number, truth value or text that a ``repr`` stands for, or None."""
    for kind in (int, float):  # float reads nan and inf, too, which no literal does
        try:
            return kind(text)
        except ValueError:
            continue
    try:
        value = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return None
    return value if isinstance(value, bool | str) else None


def write_results(app: Any, exception: Exception | None) -> None:
    """Write the file beside the site (event ``build-finished``)."""
    if exception is not None or app.builder.format != "html":
        return
    env = app.env
    table = {
        docname.removeprefix("book/"): {
            **{key: records(env).get(docname, {}).get(key) for key in ("seconds", "peak_bytes")},
            "values": glued_values(stored_outputs(env, docname)),
        }
        for docname in sorted(chapters(env))
    }
    results = {"scale": scale(), "chapters": table}
    text = json.dumps(results, indent=2, sort_keys=True) + "\n"
    Path(app.outdir).parent.joinpath(FILE).write_text(text, "utf-8")


def setup(app: Any) -> dict[str, Any]:
    """Register the handler."""
    app.connect("build-finished", write_results)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
