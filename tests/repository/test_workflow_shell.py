"""The shell of the workflows that write, run as it stands there: hosts replaced by folders and files.

The repository is a bare one on this machine, ``gh`` a program that writes down how it was called.
What runs with rights to write is what no pull request tries out, so it is tried out here.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
GH = """#!{python}
import json, sys
given = "" if sys.stdin.isatty() or "-" not in sys.argv else sys.stdin.read()
with open({log!r}, "a") as log:
    log.write(json.dumps([sys.argv[1:], given]) + "\\n")
if sys.argv[1:3] == ["issue", "list"]:
    print({issues!r})
if sys.argv[1:3] == ["pr", "list"]:
    print("pr-7")
"""
pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


class Host:
    """A machine of a workflow, with a repository and ``gh``, below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.remote = folder / "host/Emmy/ideals.git"
        subprocess.run(["git", "init", "--quiet", "--bare", str(self.remote)], check=True)
        (folder / "bin").mkdir()
        (folder / "bin/python3").symlink_to(sys.executable)
        self.let_gh_say([])
        self.environment = {
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "RUNNER_TEMP": str(folder / "temp"),
            "GITHUB_SERVER_URL": (folder / "host").as_uri(),
            "GITHUB_REPOSITORY": "Emmy/ideals",
            "GITHUB_RUN_ID": "7",
            "GITHUB_REF_NAME": "v0.1.0",
        }

    def let_gh_say(self, issues: list[dict]) -> None:
        """Choose the open issues that ``gh`` lists."""
        program = self.folder / "bin/gh"
        log = str(self.folder / "gh.log")
        program.write_text(
            GH.format(python=sys.executable, log=log, issues=json.dumps(issues)), "utf-8"
        )
        program.chmod(0o755)

    def called(self) -> list[tuple[list[str], str]]:
        """Return how ``gh`` was called: its arguments and what it was given to read."""
        log = self.folder / "gh.log"
        return [tuple(json.loads(line)) for line in log.read_text().splitlines()]

    def run(self, workflow: str, job: str, values: dict[str, str], cwd: Path = ROOT) -> str:
        """Run all commands of a job with GitHub's expressions replaced; return what they print."""
        plan = yaml.safe_load((ROOT / f".github/workflows/{workflow}.yml").read_text("utf-8"))
        job_plan, said = plan["jobs"][job], ""
        for step in job_plan["steps"]:
            if "run" not in step:
                continue
            given = job_plan.get("env", {}) | step.get("env", {})
            filled = {name: fill(text, values) for name, text in given.items()}
            done = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", step["run"]], cwd=cwd, text=True,
                env=self.environment | filled, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
            assert done.returncode == 0, done.stdout
            said += done.stdout
        return said

    def files(self, branch: str) -> list[str]:
        """Return the files of a branch."""
        command = ["git", "-C", str(self.remote), "ls-tree", "-r", "--name-only", branch]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def fill(text: str, values: dict[str, str]) -> str:
    """Replace GitHub's expressions; one without a value is an error."""
    return re.sub(r"\$\{\{ (.+?) \}\}", lambda match: values[match[1]], str(text))


@pytest.fixture
def host(tmp_path) -> Host:
    """Return a fresh machine."""
    return Host(tmp_path)


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files by relative path."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def test_publish_stores_site_and_notebooks(host):
    write(host.folder / "temp/build", {
        "html/index.html": "x", "html/book/a.html": "a", "notebooks/book/a.ipynb": "{}",
    })  # fmt: skip
    host.run("publish", "branches", {"github.token": "secret"})
    assert host.files("site") == ["book/a.html", "index.html", "v0.1.0/book/a.html",
                                  "v0.1.0/index.html", "versions.html"]  # fmt: skip
    assert host.files("notebooks") == host.files("notebooks-v0.1.0") == ["book/a.ipynb"]


def test_publish_attaches_every_file(host):
    write(host.folder, {"build/release/SHA256SUMS": "", "build/release/mlphys-0.1.0.pdf": ""})
    host.run("publish", "attach", {"github.token": "secret"}, cwd=host.folder)
    (((*words,), _),) = host.called()
    assert words[:3] == ["release", "upload", "v0.1.0"]
    assert {"build/release/SHA256SUMS", "build/release/mlphys-0.1.0.pdf"} <= set(words)


def test_previews_come_and_go(host):
    write(host.folder / "temp/untrusted", {"index.html": "x", "notebooks/all.zip": "y"})
    values = {"github.token": "secret", "needs.find.outputs.number": "8"}
    host.run("preview", "store", values)
    assert host.files("site") == ["preview/pr-8/index.html"]
    host.run("preview", "clean", values)
    assert host.files("site") == []


RESULTS = {"needs.links.result": "failure", "needs.newest.result": "success",
           "needs.colab.result": "cancelled", "github.token": "secret"}  # fmt: skip


def test_weekly_jobs_report_each_in_its_issue(host):
    write(host.folder / "temp/links", {"links.md": "One is dead.\n"})
    host.let_gh_say([{"number": 4, "title": "Weekly check with the newest packages"}])
    host.run("weekly", "report", RESULTS)
    verbs = [(words[1], given) for words, given in host.called() if words[1] != "list"]
    assert [verb for verb, _ in verbs] == ["create", "close"]
    assert verbs[0][1].startswith("One is dead.")


def test_full_scale_reports_in_its_own_issues(host):
    values = {"needs.explore.result": "failure", "needs.build.result": "failure",
              "github.token": "secret"}  # fmt: skip
    host.run("gpu", "report", values)
    titles = [words[words.index("--title") + 1] for words, _ in host.called() if "create" in words]
    assert titles == ["Weekly tests with new random examples", "Weekly build at full scale"]


def test_titles_of_issues_differ():
    text = "".join(path.read_text("utf-8") for path in (ROOT / ".github/workflows").glob("*.yml"))
    titles = re.findall(r'--title "([^"]+)"', text)
    assert len(titles) == len(set(titles)) == 5


def test_weekly_jobs_draw_badges_and_keep_those_of_jobs_that_did_not_run(host):
    host.run("weekly", "badges", RESULTS)
    assert host.files("badges") == ["links.svg", "newest.svg", "weekly.json"]
    shutil.rmtree(host.folder / "temp")
    host.run("weekly", "badges", RESULTS | {"needs.newest.result": "skipped",
                                            "needs.colab.result": "success"})  # fmt: skip
    assert host.files("badges") == ["colab.svg", "links.svg", "newest.svg", "weekly.json"]
