"""Ask whether the book's links to other hosts still lead somewhere: ``python3 tools/check_links.py``.

Each address is asked once (see `ask_links`). What came of it is written to ``_build/links.json``,
and for people to ``_build/links.md``. Exit code 1 says that a link is broken. Standard library
alone, so that it runs without the environment.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ask_links import Answer, Manners, ask_all
from find_links import find_links

__all__ = ["read_exceptions", "report"]

ROOT = Path(__file__).resolve().parent.parent
EXCEPTIONS = ROOT / "tools" / "link_exceptions.toml"
YEAR = timedelta(days=366)


# --- exceptions -----------------------------------------------------------------------------------


def read_exceptions(path: Path) -> dict[str, dict[str, Any]]:
    """Return the exceptions by link.

    Raises
    ------
    ValueError
        If one of them does not give its link, its reason and its day.
    """
    table = tomllib.loads(path.read_text("utf-8")).get("exception", [])
    for entry in table:
        right = set(entry) == {"link", "reason", "since"} and type(entry["since"]) is date
        if not right or not entry["link"] or len(str(entry["reason"])) < 10:
            raise ValueError(
                f"{path.name}: expected link, reason (a sentence) and since (a day such as "
                f"2026-11-24) for each exception; got {entry}"
            )
    return {entry["link"]: entry for entry in table}


def excepted(link: str, exceptions: Iterable[str]) -> str | None:
    """Return the exception that holds for a link, or None.

    Examples
    --------
    >>> excepted("https://a.org/x", ["https://a.org/x/*", "https://a.org*"])
    'https://a.org*'
    """
    for pattern in exceptions:
        if link == pattern or (pattern.endswith("*") and link.startswith(pattern[:-1])):
            return pattern
    return None


# --- the result -----------------------------------------------------------------------------------


def report(answers: list[Answer], places: dict[str, list[str]], old: list[str]) -> str:
    """Return the result for people, in Markdown.

    Parameters
    ----------
    answers : list of Answer
        What came of each link.
    places : dict
        Where each link stands.
    old : list of str
        Exceptions that are older than a year.
    """
    count = Counter(answer.verdict for answer in answers)
    total = ", ".join(f"{count[kind]} {kind}" for kind in ("ok", "moved", "refused", "broken"))
    lines = [f"Of {len(answers)} links to other hosts: {total}.", ""]
    headings = {
        "broken": "Broken: mend each, or enter it into `tools/link_exceptions.toml` with a reason",
        "moved": "Moved for good: better linked at the new address",
        "refused": "Not shown to programs: look at them by hand now and then",
    }
    for kind, heading in headings.items():
        chosen = [answer for answer in answers if answer.verdict == kind]
        lines += [f"## {heading}", ""] if chosen else []
        for answer in chosen:
            where = ", ".join(f"`{place}`" for place in places[answer.link])
            lines.append(f"- <{answer.link}> ({where}): {answer.detail}")
        lines += [""] if chosen else []
    if old:
        lines += ["## Exceptions older than a year: do they still hold?", ""]
        lines += [f"- `{link}`" for link in old]
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of the project")
    parser.add_argument("--exceptions", type=Path, default=EXCEPTIONS)
    for name, value in Manners()._asdict().items():
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(flag, type=type(value), default=value, help=f"default {value:g}")
    options = parser.parse_args(arguments)
    manners = Manners(*(getattr(options, name) for name in Manners._fields))
    try:
        exceptions = read_exceptions(options.exceptions)
        places = find_links(options.root)
    except (OSError, ValueError) as error:
        print(f"check_links: {error}", file=sys.stderr)
        return 2
    held = {link: excepted(link, exceptions) for link in places}
    unused = sorted(set(exceptions) - set(held.values()))
    if unused:
        print(f"check_links: {options.exceptions.name}: no link matches {', '.join(unused)}; "
              "delete these exceptions", file=sys.stderr)  # fmt: skip
        return 2
    answers = ask_all((link for link in places if not held[link]), manners)
    now = datetime.now(UTC)
    old = [link for link, entry in exceptions.items() if entry["since"] < now.date() - YEAR]
    build = options.root / "_build"
    build.mkdir(exist_ok=True)
    result = {
        "checked": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "links": [answer._asdict() | {"places": places[answer.link]} for answer in answers],
        "exceptions": {link: pattern for link, pattern in held.items() if pattern},
    }
    (build / "links.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    text = report(answers, places, old)
    (build / "links.md").write_text(text, "utf-8")
    print(text, end="")
    return int(any(answer.verdict == "broken" for answer in answers))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
