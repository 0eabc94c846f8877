"""The workflows: pinned by hash, least rights, no untrusted text in a shell, and both linters pass."""

import re
import subprocess
import sys
from pathlib import Path

import lint
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
USES = re.compile(r"uses: (?P<action>\S+?)(?:@(?P<version>\S+))?(?P<comment> +#.*)?$", re.MULTILINE)


def read(path: Path) -> dict:
    """Return a workflow; YAML 1.1 reads its key `on` as True."""
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_hash_with_their_version(path):
    for use in USES.finditer(path.read_text("utf-8")):
        if not use["action"].startswith("./"):
            assert re.fullmatch(r"[0-9a-f]{40}", use["version"]), use.group(0)
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", use["comment"]), use.group(0)


def test_one_action_has_one_hash():
    pins = {}
    for path in WORKFLOWS:
        for use in USES.finditer(path.read_text("utf-8")):
            pins.setdefault(use["action"], set()).add(use["version"])
    assert {action for action, versions in pins.items() if len(versions) > 1} == set()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_rights_are_given_job_by_job(path):
    workflow = read(path)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert job.get("permissions"), f"{name}: expected its own permissions"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_jobs_end_by_themselves_and_keep_no_credentials(path):
    for name, job in read(path)["jobs"].items():
        assert "timeout-minutes" in job or "uses" in job, f"{name}: expected timeout-minutes"
        for step in job.get("steps", []):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_shell_steps_are_single_commands_without_expressions(path):
    for job in read(path)["jobs"].values():
        for step in job.get("steps", []):
            command = step.get("run", "")
            assert "${{" not in command
            assert len(command.strip().splitlines()) <= 1, "move it to .ci/ or tools/, and run it"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_commands_of_the_workflows_exist(path):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for job in read(path)["jobs"].values():
        for step in job.get("steps", []):
            command = step.get("run", "")
            for target in re.findall(r"\bmake ([a-z-]+)", command):
                assert target in targets
            for script in re.findall(r"(?:tools|\.ci)/[\w./-]+", command):
                assert (ROOT / script).is_file()


def test_only_the_preview_and_the_deployment_run_with_rights_after_other_workflows():
    privileged = [path.stem for path in WORKFLOWS if "workflow_run" in read(path)[True]]
    assert privileged == ["deploy", "preview"]
    assert not [path.stem for path in WORKFLOWS if "pull_request_target" in read(path)[True]]


def test_preview_checks_out_only_trusted_code():
    for job in read(ROOT / ".github/workflows/preview.yml")["jobs"].values():
        for step in job.get("steps", []):
            if step.get("uses", "").startswith("actions/checkout@"):
                ref = step["with"].get("ref", "")
                assert ref in {"", "${{ github.event.repository.default_branch }}"}
            assert "make " not in step.get("run", "")


def test_badges_of_the_readme_are_drawn():
    """A badge is that of a workflow, or one that the weekly workflow draws and stores."""
    text = (ROOT / "README.md").read_text("utf-8")
    shown = re.findall(r"\]\((https://(?:raw|github)\S+\.svg)\S*\)\]\((\S+)\)", text)
    weekly = (WORKFLOWS[0].parent / "weekly.yml").read_text("utf-8")
    drawn = re.search(r"draw_badges\.py \S+ (.+)", weekly)[1]
    names = re.findall(r"(\w+)=", drawn)
    branch = re.search(r"store .* --branch (\S+)", weekly)[1]
    own = [Path(image).stem for image, _ in shown if "raw.githubusercontent.com" in image]
    assert own == names == list(read(WORKFLOWS[0].parent / "weekly.yml")["jobs"])[:3]
    for image, page in shown:
        workflow = page.rpartition("/")[2]
        assert (WORKFLOWS[0].parent / workflow).is_file()
        of_run = f"/actions/workflows/{workflow}/badge.svg" in image
        assert of_run or f"/{branch}/" in image


def test_jobs_with_rights_run_no_newest_packages():
    """In the weekly workflow, what installs packages cannot write, and what writes installs none."""
    for name, job in read(WORKFLOWS[0].parent / "weekly.yml")["jobs"].items():
        commands = [step.get("run", "") for step in job["steps"]]
        writes = "write" in job["permissions"].values()
        installs = any("make " in command or ".venv" in command for command in commands)
        assert not (writes and installs), name


def test_zizmor_finds_nothing():
    command = lint.checks()["security of the workflows"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def actionlint() -> list[str]:
    """Return the command of actionlint, or skip where it cannot be installed."""
    try:
        return lint.install_actionlint(Path(sys.executable).parent.parent / "actionlint")
    except (OSError, RuntimeError) as error:
        pytest.skip(f"actionlint cannot be installed here: {error}")


def run_actionlint(command: list[str], pattern: str, where: Path) -> subprocess.CompletedProcess:
    """Run actionlint on the files of a pattern."""
    return subprocess.run([*command, pattern], cwd=where, env=lint.environment(),
                          capture_output=True, text=True)  # fmt: skip


def test_actionlint_finds_nothing(actionlint):
    done = run_actionlint(actionlint, ".github/workflows/*.yml", ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Checking {len(WORKFLOWS)} workflow file" in done.stdout


def test_actionlint_finds_a_planted_fault(actionlint, tmp_path):
    text = (ROOT / ".github/workflows/lint.yml").read_text("utf-8")
    (tmp_path / "broken.yml").write_text(text.replace("runs-on:", "run-on:"), "utf-8")
    done = run_actionlint(actionlint, "*.yml", tmp_path)
    assert done.returncode == 1
    assert "runs-on" in done.stdout
