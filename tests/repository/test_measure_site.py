"""The command that measures pages by Lighthouse, without Lighthouse: limits, sample, medians."""

from __future__ import annotations

import json
import subprocess

import measure_site
import node_package
import pytest
from measure_site import Result, is_text, sample, shortcomings

GOOD = Result(
    "book/a",
    dict.fromkeys(measure_site.SCORES, 100),
    {
        "largest-contentful-paint": 2100.0,
        "total-blocking-time": 40.0,
        "cumulative-layout-shift": 0.01,
    },
    1500.0,
    [],
)
PLAIN = "<img src='logo.svg'><article><p>words</p></article><img>"
PICTURE = "<article><p>words</p><img src='a.png'></article>"


def test_a_good_page_has_no_shortcomings():
    assert shortcomings(GOOD, text=True) == []


@pytest.mark.parametrize(
    ("scores", "metrics", "text", "word"),
    [
        ({"performance": 89}, {}, False, "performance 89"),
        ({"performance": 94}, {}, True, "95 or more"),
        ({"accessibility": 99}, {}, False, "accessibility 99"),
        ({"best-practices": 96}, {}, False, "best-practices 96"),
        ({"seo": 91}, {}, False, "seo 91"),
        ({}, {"largest-contentful-paint": 2501.0}, False, "LCP 2501"),
        ({}, {"total-blocking-time": 101.0}, False, "TBT 101"),
        ({}, {"cumulative-layout-shift": 0.06}, False, "CLS 0.06"),
    ],
)
def test_each_limit_is_kept(scores, metrics, text, word):
    page = GOOD._replace(scores=GOOD.scores | scores, metrics=GOOD.metrics | metrics)
    (fault,) = shortcomings(page, text=text)
    assert word in fault
    assert "expected" in fault


def test_94_points_do_for_a_page_with_pictures():
    assert shortcomings(GOOD._replace(scores=GOOD.scores | {"performance": 94}), text=False) == []


def test_a_page_without_result_has_failed():
    failed = measure_site.to_result("book/a", {"error": "no first paint"})
    assert len(shortcomings(failed, text=False)) == 4
    assert "no first paint" in measure_site.line_of(failed)


def test_text_pages_are_those_without_pictures_in_the_article():
    assert is_text(PLAIN)
    assert not is_text(PICTURE)


def test_the_sample_holds_the_heaviest_pages():
    article = "<article>{}</article>"
    pages = dict.fromkeys(("book/index", "search", "404", "book/ordinary"), PLAIN)
    pages |= {
        "book/elements": article.format("<img><p>" * 50),
        "book/formulas": article.format("<img><mjx-container>" * 20),
        "book/pictures": article.format("<img>" * 60),
        "book/live": article.format(f"<canvas><script>{'x' * 900}</script>"),
        "book/words": article.format("word " * 500),
    }
    chosen = sample(pages)
    assert chosen[:3] == ["book/index", "search", "404"]
    assert set(chosen[3:]) == set(pages) - {*chosen[:3], "book/ordinary"}


def test_a_page_that_falls_short_is_measured_twice_more(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(measure_site, "serve", lambda: _Root())
    points = iter([100, 80, 70, 92])  # two pages; the second again, and again
    asked = []

    def fake(addresses):
        asked.extend(addresses)
        for _ in addresses:
            yield {"scores": GOOD.scores | {"performance": next(points)},
                   "metrics": GOOD.metrics, "speed": 1500.0, "faults": []}  # fmt: skip

    monkeypatch.setattr(measure_site, "run_lighthouse", fake)
    results = measure_site.measure(["a", "b"], {"a": PICTURE, "b": PICTURE})
    assert [result.scores["performance"] for result in results] == [100, 80]
    assert asked == ["http://x/a.html", *["http://x/b.html"] * 3]
    assert "median of three" in capsys.readouterr().out


class _Root:
    def __enter__(self):
        return "http://x/"

    def __exit__(self, *_):
        return None


def test_the_summary_has_least_and_median():
    worse = GOOD._replace(scores=GOOD.scores | {"performance": 91})
    rows = measure_site.summary([GOOD, worse, GOOD])
    assert rows[0] == "performance: least 91, median 100"
    assert "CLS: largest 0.01, median 0.01 (limit 0.05)" in rows


def test_a_missing_browser_is_said(monkeypatch):
    monkeypatch.setattr(measure_site, "find_browser", lambda: None)
    with pytest.raises(RuntimeError, match=r"expected Chromium.*install"):
        next(measure_site.run_lighthouse(["http://x/"]))


# --- the packages ---------------------------------------------------------------------------------


@pytest.fixture
def pinned(tmp_path):
    """Return a folder that pins a package."""
    folder = tmp_path / "pinned"
    folder.mkdir()
    for name in node_package.FILES:
        (folder / name).write_text(json.dumps({"name": name}), "utf-8")
    return folder


def test_packages_are_installed_once_for_each_lock_file(pinned, tmp_path, monkeypatch):
    calls = []

    def npm(command, cwd, **_):
        calls.append(command[1:])
        (cwd / "node_modules/x").mkdir(parents=True, exist_ok=True)
        (cwd / "node_modules/x/index.js").write_text("", "utf-8")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(node_package.subprocess, "run", npm)
    target = tmp_path / "target"
    for _ in range(2):
        found = node_package.install(pinned, target, "x/index.js")
    assert found == target / "node_modules/x/index.js"
    assert (target / "package-lock.json").read_bytes() == (
        pinned / "package-lock.json"
    ).read_bytes()
    assert [call[:2] for call in calls] == [["ci", "--ignore-scripts"]]
    (pinned / "package-lock.json").write_text("{}", "utf-8")
    node_package.install(pinned, target, "x/index.js")
    assert len(calls) == 2


def test_npm_s_own_words_are_told(pinned, monkeypatch):
    monkeypatch.setattr(
        node_package.subprocess,
        "run",
        lambda command, **_: subprocess.CompletedProcess(command, 1, "", "no network\n"),
    )
    with pytest.raises(RuntimeError, match="could not install pinned: no network"):
        node_package.install(pinned, pinned, "x")


def test_lighthouse_is_pinned_exactly():
    packages = json.loads((measure_site.PINNED / "package.json").read_text("utf-8"))
    locked = json.loads((measure_site.PINNED / "package-lock.json").read_text("utf-8"))
    for name, version in packages["dependencies"].items():
        assert locked["packages"][f"node_modules/{name}"]["version"] == version
    for name, package in locked["packages"].items():
        assert not name or package["integrity"].startswith("sha512-")
