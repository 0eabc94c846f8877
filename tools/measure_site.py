"""Measure pages of the built site by Lighthouse: ``make lighthouse``, or ``tools/measure_site.py``.

Each page is loaded as by a mid-range phone on a slow network (Lighthouse's own simulation) and must
reach the limits below. Without names, a sample is measured: the front page, the search, the page
for a wrong address, and of the others those that hold most elements, formulas, pictures and
scripts, and the longest without a picture. ``--all`` measures every page, in about ten minutes. A
page that falls short is measured twice more, and the median counts. The table goes to
``_build/lighthouse.json``, too.

Lighthouse comes from ``tools/lighthouse``, pinned, and is installed at the first run.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from browser import FLAGS, HINT, find_browser
from node_package import NODE, install
from serve_site import ROOT, SITE, serve
from take_screenshots import page_names

__all__ = ["Result", "is_text", "main", "measure", "sample", "shortcomings", "summary"]

PINNED = ROOT / "tools" / "lighthouse"
REPORT = ROOT / "_build" / "lighthouse.json"
SCORES = {"performance": 90, "accessibility": 100, "best-practices": 100, "seo": 100}
"""Least points of each category; a page without pictures needs `TEXT_PERFORMANCE`."""
TEXT_PERFORMANCE = 95
METRICS = {
    "largest-contentful-paint": ("LCP", 2500.0),
    "total-blocking-time": ("TBT", 100.0),
    "cumulative-layout-shift": ("CLS", 0.05),
}
"""Short name and largest value, in milliseconds or as a share of the window."""
FIXED = ("book/index", "search", "404")


class Result(NamedTuple):
    """One page as Lighthouse saw it.

    Attributes
    ----------
    scores, metrics : dict
        Points from 0 to 100 by category; values by the name of the metric.
    speed : float
        Lighthouse's benchmark of this machine: the simulation assumes 1,000 or more.
    faults : list of str
        Titles of what cost points, or the reason why there is no result.
    """

    page: str
    scores: dict[str, int]
    metrics: dict[str, float]
    speed: float
    faults: list[str]


def is_text(page: str) -> bool:
    """Whether the article of a page's HTML holds neither a picture nor a live figure."""
    article = page.partition("<article")[2].partition("</article>")[0]
    return not re.search(r"<(img|canvas|iframe|video)\b", article)


def sample(pages: dict[str, str]) -> list[str]:
    """Return the names of the pages to measure, from the HTML of all pages by name."""
    article = lambda page: page.partition("<article")[2]
    measures: list[Callable[[str], int]] = [
        lambda page: page.count("<"),
        lambda page: page.count("<mjx-container"),
        lambda page: article(page).count("<img"),
        lambda page: sum(map(len, re.findall(r"<script.*?</script>", article(page), re.DOTALL))),
        lambda page: len(page) if is_text(page) else 0,
    ]
    names = sorted(set(pages) - set(FIXED))
    largest = [max(names, key=lambda name: size(pages[name])) for size in measures if names]
    return [name for name in dict.fromkeys([*FIXED, *largest]) if name in pages]


def run_lighthouse(addresses: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield what ``tools/lighthouse/measure.mjs`` says of each address.

    Raises
    ------
    RuntimeError
        If there is no browser, or the script ends before its last page.
    """
    browser = find_browser()
    if browser is None:
        raise RuntimeError(f"expected Chromium on this machine, found none; {HINT}")
    install(PINNED, PINNED, "lighthouse/core/index.js")
    request = {"browser": browser, "flags": FLAGS, "addresses": list(addresses)}
    command = [str(NODE), str(PINNED / "measure.mjs")]
    with subprocess.Popen(
        command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin is not None and child.stdout is not None
        with child.stdin as stream:
            stream.write(json.dumps(request))
        count = 0
        for line in child.stdout:
            yield json.loads(line)
            count += 1
    if count < len(addresses):
        raise RuntimeError(f"Lighthouse ended after {count} of {len(addresses)} pages, see above")


def to_result(page: str, answer: dict[str, Any]) -> Result:
    """Return an answer of the script as a result; an error costs every point."""
    if "error" in answer:
        return Result(page, dict.fromkeys(SCORES, 0), {}, 0.0, [answer["error"]])
    return Result(page, answer["scores"], answer["metrics"], answer["speed"], answer["faults"])


def median_of(results: Sequence[Result]) -> Result:
    """Return the result whose performance is the median of an odd number of runs."""
    return sorted(results, key=lambda result: result.scores["performance"])[len(results) // 2]


def shortcomings(result: Result, *, text: bool) -> list[str]:
    """Return the limits that a page misses, in words; ``text``: it holds no picture."""
    least = SCORES | ({"performance": TEXT_PERFORMANCE} if text else {})
    short = [
        f"{name} {result.scores[name]} (expected {points} or more)"
        for name, points in least.items()
        if result.scores[name] < points
    ]
    for name, (word, limit) in METRICS.items():
        if result.metrics.get(name, 0.0) > limit:
            short.append(f"{word} {result.metrics[name]:.4g} (expected {limit:g} or less)")
    return short


def measure(names: Sequence[str], pages: dict[str, str]) -> list[Result]:
    """Measure pages by name, those that fall short three times, and print a line for each."""
    results = []
    with serve() as root:
        address = lambda name: f"{root}{name}.html"
        for name, answer in zip(names, run_lighthouse([address(n) for n in names]), strict=True):
            results.append(to_result(name, answer))
            print(line_of(results[-1]), flush=True)
        for number, first in enumerate(results):
            if not shortcomings(first, text=is_text(pages[first.page])):
                continue
            again = run_lighthouse([address(first.page)] * 2)
            runs = [first, *(to_result(first.page, answer) for answer in again)]
            results[number] = median_of(runs)
            print(f"{line_of(results[number])}  (median of three)", flush=True)
    return results


def line_of(result: Result) -> str:
    """Return one row of the table."""
    points = " ".join(f"{result.scores[name]:4d}" for name in SCORES)
    if not result.metrics:
        return f"lighthouse: {result.page:36} {points}  {result.faults[0]}"
    lcp, tbt, cls = (result.metrics[name] for name in METRICS)
    return (
        f"lighthouse: {result.page:36} {points}  LCP {lcp / 1000:.2f} s  TBT {tbt:4.0f} ms  "
        f"CLS {cls:.3f}  machine {result.speed:.0f}"
    )


def summary(results: Sequence[Result]) -> list[str]:
    """Return the least and the median of each category, the largest and median of each metric."""
    rows = []
    for name in SCORES:
        points = [result.scores[name] for result in results]
        if points:
            rows.append(f"{name}: least {min(points)}, median {statistics.median(points):g}")
    for name, (word, limit) in METRICS.items():
        values = [result.metrics[name] for result in results if name in result.metrics]
        if values:
            median = statistics.median(values)
            rows.append(f"{word}: largest {max(values):.4g}, median {median:.4g} (limit {limit:g})")
    return rows


def main() -> int:
    """Measure, print, and return 1 if a page misses a limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="parts of page names (default: a sample)")
    parser.add_argument("--all", action="store_true", help="measure every page")
    options = parser.parse_args()
    if not SITE.is_dir():
        parser.error("expected a built site, found none; run `make book`")
    names = [name for name in page_names(SITE) if name != "index"]
    pages = {name: (SITE / f"{name}.html").read_text("utf-8") for name in names}
    chosen = [name for name in names if any(part in name for part in options.names)]
    if options.names and not chosen:
        parser.error(f"expected parts of page names; no page has {', '.join(options.names)}")
    try:
        results = measure(chosen or (names if options.all else sample(pages)), pages)
    except RuntimeError as error:
        print(f"lighthouse: {error}", file=sys.stderr)
        return 2
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([result._asdict() for result in results], indent=1), "utf-8")
    for row in summary(results):
        print(f"lighthouse: {row}")
    faults = {r.page: shortcomings(r, text=is_text(pages[r.page])) for r in results}
    for result in results:
        if faults[result.page]:
            print(f"lighthouse: FAILED {result.page}: {'; '.join(faults[result.page])}")
            print(f"lighthouse:   {'; '.join(result.faults) or 'no single audit'}")
    failed = sum(map(bool, faults.values()))
    print(f"lighthouse: {f'FAILED: {failed} of' if failed else 'passed:'} {len(results)} pages")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
