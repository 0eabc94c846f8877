"""One issue a weekly job: opened, renewed and closed through a `gh` that keeps issues in a file."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import report_issue

ROOT = Path(__file__).resolve().parents[2]
TITLE = "Weekly: external links"
# What `gh issue` does, in small: it knows the flags that we use, and refuses all others.
GH = """#!{python}
import argparse, json, pathlib, sys
store = pathlib.Path({store!r})
issues = json.loads(store.read_text())
assert sys.argv[1] == "issue", sys.argv
parser = argparse.ArgumentParser()
verbs = parser.add_subparsers(dest="verb", required=True)
flags = dict(
    list=["--app", "--state", "--limit", "--json"], create=["--title", "--body-file"],
    edit=["--body-file"], close=["--comment"],
)
for verb, names in flags.items():
    sub = verbs.add_parser(verb)
    for name in [*names, "--repo"]:
        sub.add_argument(name, required=True)
    if verb in ("edit", "close"):
        sub.add_argument("number", type=int)
given = parser.parse_args(sys.argv[2:])
assert given.repo == "someone/fork"
if given.verb == "list":
    wanted = [i for i in issues if i["app"] == given.app and i["state"] == given.state]
    keys = given.json.split(",")
    print(json.dumps([{{key: i[key] for key in keys}} for i in wanted][: int(given.limit)]))
elif given.verb == "create":
    assert given.body_file == "-"
    number = len(issues) + 1
    issues.append(dict(number=number, title=given.title, body=sys.stdin.read(), state="open",
                       app="github-actions", comments=[]))
    print(f"https://github.com/someone/fork/issues/{{number}}")
else:
    (issue,) = [i for i in issues if i["number"] == given.number]
    if given.verb == "edit":
        issue["body"] = sys.stdin.read()
    else:
        issue["state"] = "closed"
        issue["comments"].append(given.comment)
store.write_text(json.dumps(issues))
"""


@pytest.fixture
def issues(tmp_path, monkeypatch):
    """Put the small `gh` on the path; return a function that gives the issues."""
    store = tmp_path / "issues.json"
    store.write_text("[]")
    program = tmp_path / "bin" / "gh"
    program.parent.mkdir()
    program.write_text(GH.format(python=sys.executable, store=str(store)))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GITHUB_REPOSITORY", "someone/fork")
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
    monkeypatch.setenv("GITHUB_RUN_ID", "77")
    return lambda: json.loads(store.read_text())


def test_life_of_an_issue(issues, tmp_path):
    """Red opens one, red again renews it, green closes it, green again is silent, red opens anew."""
    body = tmp_path / "links.md"
    body.write_text("One is dead.\n", "utf-8")
    steps = [("success", []), ("failure", ["open"]), ("failure", ["open"]), ("success", ["closed"]),
             ("success", ["closed"]), ("failure", ["closed", "open"])]  # fmt: skip
    for number, (result, states) in enumerate(steps):
        if number == 2:
            body.write_text("Two are dead.\n", "utf-8")
        report_issue.report(TITLE, result, body)
        assert [issue["state"] for issue in issues()] == states
        assert all(issue["title"] == TITLE for issue in issues())
        if number in (1, 2):
            assert issues()[0]["body"].startswith(["One is dead.", "Two are dead."][number - 1])
    assert "https://github.com/someone/fork/actions/runs/77" in issues()[0]["body"]
    assert issues()[0]["comments"] == [
        "Passed again. https://github.com/someone/fork/actions/runs/77"
    ]


def test_jobs_do_not_share_an_issue(issues):
    report_issue.report(TITLE, "failure")
    report_issue.report(f"{TITLE}, newest", "failure")
    report_issue.report(TITLE, "success")
    assert [issue["state"] for issue in issues()] == ["closed", "open"]


def test_issue_of_a_stranger_is_left_alone(issues, tmp_path):
    stranger = {"number": 1, "title": TITLE, "body": "", "state": "open", "app": "jane",
                "comments": []}  # fmt: skip
    (tmp_path / "issues.json").write_text(json.dumps([stranger]))
    report_issue.report(TITLE, "success")
    report_issue.report(TITLE, "failure")
    assert issues()[0] == stranger
    assert len(issues()) == 2


@pytest.mark.parametrize("result", ["cancelled", "skipped"])
def test_job_that_did_not_run_says_nothing(issues, result):
    report_issue.report(TITLE, "failure")
    before = issues()
    assert "nothing to report" in report_issue.report(TITLE, result)
    assert issues() == before


def test_job_that_wrote_nothing_still_reports(issues, tmp_path):
    report_issue.report(TITLE, "failure", tmp_path / "none.md")
    assert issues()[0]["body"].startswith("The weekly run failed.\n\nNewest run: https://")


def test_long_text_is_cut_at_a_line(tmp_path):
    body = tmp_path / "long.md"
    body.write_text("- a line\n" * 20_000, "utf-8")
    text = report_issue.compose(body, "")
    assert len(text) < 65_536
    assert "- a line\n\n(cut here" in text


def test_unknown_result_is_refused():
    with pytest.raises(ValueError, match="expected a result among success, failure"):
        report_issue.report(TITLE, "red")


def test_command_line(issues):
    command = [sys.executable, str(ROOT / "tools/report_issue.py"), "--title", TITLE]
    done = subprocess.run([*command, "--result", "failure"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("the job failed: opened https://github.com/someone/fork/issues/1\n")
    done = subprocess.run([*command, "--result", ""], capture_output=True, text=True)
    assert (done.returncode, "expected a result" in done.stderr) == (1, True)


def test_broken_gh_fails_the_step(issues, tmp_path, capsys):
    (tmp_path / "bin/gh").write_text("#!/bin/sh\nexit 4\n")
    assert report_issue.main(["--title", TITLE, "--result", "success"]) == 1
    assert "exit status 4" in capsys.readouterr().err
