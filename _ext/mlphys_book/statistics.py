"""The page of build statistics: on what the chapters were computed, how long, how much memory.

Each chapter's record travels with its outputs through the execution cache, so the page is right
also for chapters that this build did not run: it says when and on what they ran. The directive
``{build-statistics}`` leaves a mark in the page; the tables are put there after all pages have been
read, and the page is written again whenever a record has changed, and not otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from .execution import chapters, records
from .marked_pages import MarkedPages
from .reading import reading_order

__all__ = ["by_machine", "duration", "memory", "setup"]

STATISTICS = MarkedPages("statistics")


class StatisticsMark(nodes.General, nodes.Element):
    """The place of the tables in the page."""


class BuildStatistics(SphinxDirective):
    """The directive ``{build-statistics}``."""

    def run(self) -> list[nodes.Node]:
        """Return the mark, and remember the page."""
        STATISTICS.add(self.env, self.env.docname)
        return [StatisticsMark()]


def duration(seconds: float | None) -> str:
    """Return a duration as a table shows it.

    Examples
    --------
    >>> duration(3.21), duration(75.0), duration(None)
    ('3.2 s', '1 min 15 s', 'not known')
    """
    if seconds is None:
        return "not known"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def memory(size: int | None) -> str:
    """Return a number of bytes in MiB.

    Examples
    --------
    >>> memory(3 * 2**20)
    '3 MiB'
    """
    return "not known" if size is None else f"{size / 2**20:.0f} MiB"


def by_machine(table: dict[str, dict[str, Any]]) -> list[tuple[dict[str, str], list[str]]]:
    """Return each machine card that occurs with the chapters that ran on it.

    Parameters
    ----------
    table : dict
        Records by chapter.

    Returns
    -------
    list of (dict, list of str)
        In the order of the chapters.
    """
    cards: dict[str, list[str]] = {}
    for docname in sorted(table):
        key = json.dumps(table[docname]["machine"])
        cards.setdefault(key, []).append(docname)
    return [(json.loads(key), docnames) for key, docnames in cards.items()]


def show_again(app: Any, env: Any) -> list[str]:
    """Return the pages to write again because a record has changed (``env-updated``)."""
    state = json.dumps([records(env), order(env)], sort_keys=True)
    return STATISTICS.to_write_again(env, state)


def order(env: Any) -> list[str]:
    """Return the chapters in the order of the table of contents."""
    return [docname for docname in reading_order(env) if docname in chapters(env)]


def fill(app: Any, doctree: nodes.document, docname: str) -> None:
    """Put the tables in the place of the mark (event ``doctree-resolved``)."""
    for mark in list(doctree.findall(StatisticsMark)):
        mark.replace_self(list(_tables(app, docname)))


def _tables(app: Any, docname: str) -> Iterable[nodes.Node]:
    env = app.env
    known = {name: records(env)[name] for name in order(env) if name in records(env)}
    now = [name for name, record in known.items() if record["finished"] >= app.mlphys_started]
    yield nodes.paragraph(
        "",
        f"{len(known)} chapters have code. The build that wrote this page executed {len(now)} of "
        f"them and took the outputs of {len(known) - len(now)} from the cache. "
        f"All together they take {duration(sum(r['seconds'] or 0 for r in known.values()))}.",
    )
    rows = []
    for name, record in known.items():
        title = env.titles[name].astext()
        uri = app.builder.get_relative_uri(docname, name)
        link = nodes.reference("", "", nodes.Text(title), refuri=uri, internal=True)
        when = datetime.fromtimestamp(record["finished"], UTC)
        rows.append(
            [
                link,
                duration(record["seconds"]),
                duration(record["cpu_seconds"]),
                memory(record["peak_bytes"]),
                record["scale"],
                f"{when:%Y-%m-%d %H:%M} UTC",
            ]
        )
    head = ["Chapter", "Elapsed", "Processor", "Peak memory", "Scale", "Executed"]
    yield _table(head, rows)
    machines = by_machine(known)
    for card, names in machines:
        if len(machines) > 1:
            titles = ", ".join(env.titles[name].astext() for name in names)
            yield nodes.paragraph("", f"Executed on this machine: {titles}.")
        yield _table(["Machine", ""], [list(item) for item in card.items()])


def _table(head: list[str], rows: list[list[Any]]) -> nodes.table:
    """Return a table; entries are text or nodes."""
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=1) for _ in head]
    group += nodes.thead("", _row(head))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return nodes.table("", group, classes=["colwidths-auto"])


def _row(entries: list[Any]) -> nodes.row:
    texts = [nodes.Text(e) if isinstance(e, str) else e for e in entries]
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", text)) for text in texts))


def setup(app: Any) -> dict[str, Any]:
    """Register the directive and the handlers."""
    app.add_node(StatisticsMark)
    app.add_directive("build-statistics", BuildStatistics)
    STATISTICS.connect(app)
    app.connect("env-updated", show_again, priority=600)
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
