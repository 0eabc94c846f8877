"""Draw a badge for each weekly job: what it checks, how it ended, and on which day.

    python3 tools/draw_badges.py FOLDER links=success newest=failure colab=cancelled

A badge of a workflow says that its last run passed, and not that this run was a year ago. These
carry the day, so that a reader sees their age, also when the job has stopped to run. A job that was
canceled or skipped draws nothing: its last badge stays. ``weekly.json`` holds the same for programs,
of the jobs that were drawn. Standard library alone.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path

__all__ = ["draw", "main"]

WORDS = {"success": ("passed", "#1c6b45"), "failure": ("failed", "#a8321c")}
SILENT = ("cancelled", "skipped")
LETTER, PAD = 7.0, 8  # width of a letter of 11 units, and room beside the words


def draw(name: str, result: str, day: date) -> str:
    """Return a badge as SVG.

    Parameters
    ----------
    name : str
        What was checked.
    result : str
        ``success`` or ``failure``.
    day : datetime.date
        When.

    Examples
    --------
    >>> "links: passed on 2026-11-24" in draw("links", "success", date(2026, 11, 24))
    True
    """
    word, color = WORDS[result]
    right = f"{word} on {day}"
    widths = [round(LETTER * len(text) + 2 * PAD) for text in (name, right)]
    whole = f"{escape(name)}: {right}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{sum(widths)}" height="20" role="img" '
        f'aria-label="{whole}"><title>{whole}</title>'
        f'<rect width="{sum(widths)}" height="20" rx="3" fill="#3b4252"/>'
        f'<path d="M{widths[0]} 0h{widths[1] - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{widths[0]}z" '
        f'fill="{color}"/><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" '
        f'font-size="11" text-anchor="middle"><text x="{widths[0] / 2:g}" y="14">{escape(name)}'
        f'</text><text x="{widths[0] + widths[1] / 2:g}" y="14">{right}</text></g></svg>\n'
    )


def main(arguments: list[str], day: date | None = None) -> int:
    """Run from the command line; return the exit code."""
    folder, *jobs = arguments or [""]
    pairs = [job.partition("=")[::2] for job in jobs]
    known = {*WORDS, *SILENT}
    if not folder or not jobs or not all(name and result in known for name, result in pairs):
        print("usage: python3 tools/draw_badges.py FOLDER NAME=RESULT..., each result one of "
              f"{' '.join(sorted(known))}; got {arguments}", file=sys.stderr)  # fmt: skip
        return 2
    day = day or datetime.now(UTC).date()
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    table = {}
    for name, result in pairs:
        if result in WORDS:
            (target / f"{name}.svg").write_text(draw(name, result, day), "utf-8")
            table[name] = {"result": result, "day": day.isoformat()}
    (target / "weekly.json").write_text(json.dumps(table, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
