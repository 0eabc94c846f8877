"""Open, update or close the one issue that tells how a weekly job went.

    python3 tools/report_issue.py --title "Weekly check of links" --result failure [--body FILE]

The title is the key: of the open issues that the workflows themselves wrote, the one with exactly
this title is meant, so that a stranger's issue is never touched. A failure opens it or renews its
text, a success closes it, and a job that was canceled or skipped says nothing. It speaks to GitHub
through ``gh``, which reads ``GH_TOKEN``, and runs with the standard library alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

__all__ = ["compose", "find_issue", "report"]

AUTHOR = "github-actions"  # the app whose token a workflow has
RESULTS = ("success", "failure", "cancelled", "skipped")  # as GitHub spells them
LONGEST = 60_000  # characters; GitHub refuses a text of more than 65,536


def gh(*arguments: str, text: str | None = None) -> str:
    """Run ``gh issue`` with these arguments and return what it prints.

    Raises
    ------
    subprocess.CalledProcessError
        If gh fails.
    """
    done = subprocess.run(["gh", "issue", *arguments, "--repo", os.environ["GITHUB_REPOSITORY"]],
                          check=True, text=True, input=text, stdout=subprocess.PIPE)  # fmt: skip
    return done.stdout


def find_issue(title: str) -> int | None:
    """Return the number of the open issue with this very title, the oldest if there are several."""
    listed = gh("list", "--app", AUTHOR, "--state", "open", "--limit", "500",
                "--json", "number,title")  # fmt: skip
    return min((one["number"] for one in json.loads(listed) if one["title"] == title), default=None)


def run_link() -> str:
    """Return the address of the run that reports, empty outside of a workflow."""
    if "GITHUB_RUN_ID" not in os.environ:
        return ""
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    return f"{server}/{os.environ['GITHUB_REPOSITORY']}/actions/runs/{os.environ['GITHUB_RUN_ID']}"


def compose(body: Path | None, link: str) -> str:
    """Return the text of the issue: what the job wrote, and where its log is.

    Parameters
    ----------
    body : pathlib.Path or None
        What the job wrote; a job that broke early may not have come to it.
    link : str
        Address of the run.
    """
    said = body.read_text("utf-8").strip() if body is not None and body.is_file() else ""
    if len(said) > LONGEST:
        said = f"{said[:LONGEST].rpartition(chr(10))[0]}\n\n(cut here; the log has all of it)"
    last = "This issue is renewed by the weekly run, and closed by the first one that passes."
    parts = [said or "The weekly run failed.", f"Newest run: {link}" if link else "", last]
    return "\n\n".join(part for part in parts if part) + "\n"


def report(title: str, result: str, body: Path | None = None) -> str:
    """Bring the issue up to date; return one sentence on what was done.

    Parameters
    ----------
    title : str
        Title of the issue.
    result : str
        How the job ended, as GitHub says it.
    body : pathlib.Path, optional
        File with the text for a failure.

    Raises
    ------
    ValueError
        If the result is none that GitHub gives.
    """
    if result not in RESULTS:
        raise ValueError(f"expected a result among {', '.join(RESULTS)}; got {result!r}")
    if result in ("cancelled", "skipped"):
        return f"the job was {result}: nothing to report"
    number, link = find_issue(title), run_link()
    if result == "success":
        if number is None:
            return "the job passed, and no issue is open"
        gh("close", str(number), "--comment", f"Passed again. {link}".strip())
        return f"the job passed: issue {number} is closed"
    if number is None:
        address = gh("create", "--title", title, "--body-file", "-", text=compose(body, link))
        return f"the job failed: opened {address.strip()}"
    gh("edit", str(number), "--body-file", "-", text=compose(body, link))
    return f"the job failed: issue {number} has the news"


def main(arguments: list[str]) -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--title", required=True)
    parser.add_argument("--result", required=True, help=", ".join(RESULTS))
    parser.add_argument("--body", type=Path, help="file with the text for a failure")
    options = parser.parse_args(arguments)
    if "GITHUB_REPOSITORY" not in os.environ:
        parser.error("expected GITHUB_REPOSITORY to be set, such as mlphys/mlphys")
    try:
        said = report(options.title, options.result, options.body)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"report_issue: {options.title}: {error}", file=sys.stderr)
        return 1
    print(f"report_issue: {options.title}: {said}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
