"""The import contract: `import mlphys` is fast and light, and numbers never need pictures."""

import ast
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mlphys_book.dependencies import Library

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = Library(ROOT / "src/mlphys")
HEAVY = {"jax", "keras", "matplotlib", "numpy", "scipy", "tensorflow"}
DRAWING = {"matplotlib", "PIL"}
LIMIT = 0.15  # seconds, interpreter included


def run(code: str) -> str:
    """Run code in a fresh Python and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def loaded(module: str) -> set[str]:
    """Return the top-level packages that a fresh Python holds after one import."""
    names = json.loads(run(f"import {module}, sys, json; print(json.dumps(list(sys.modules)))"))
    return {name.partition(".")[0] for name in names}


def test_import_is_light():
    assert not loaded("mlphys") & (HEAVY - {"numpy"})


def test_import_is_fast():
    seconds = []
    for _ in range(8):  # the best of several: other programs may be running
        started = time.perf_counter()
        run("import mlphys")
        seconds.append(time.perf_counter() - started)
    assert min(seconds) <= LIMIT


def packages(module: str, *, deferred: bool) -> set[str]:
    """Return the packages that a module imports.

    With ``deferred`` those of its own code, in functions, too; else those that are loaded as soon
    as the module is, through other modules of the library, too.
    """
    if deferred:
        return {dotted.partition(".")[0] for dotted in LIBRARY.imports[module].names}
    found: set[str] = set()
    waiting = [module]
    while waiting:
        found.add(name := waiting.pop())
        eager = LIBRARY.imports[name].eager
        stems = {".".join(dotted.split(".")[:count]) for dotted in eager for count in range(1, 6)}
        waiting += (stems & set(LIBRARY.modules)) - found
    return {dotted.partition(".")[0] for name in found for dotted in LIBRARY.imports[name].eager}


def summary(module: str) -> str:
    """Return the first line of a module's docstring, in lower case."""
    tree = ast.parse(LIBRARY.modules[module].read_text("utf-8"))
    return (ast.get_docstring(tree) or "").partition("\n")[0].lower()


@pytest.mark.parametrize("module", sorted(LIBRARY.modules))
def test_only_modules_that_draw_import_matplotlib(module):
    if not re.search(r"\b(draw|drawing|figures?|plots?|plotting)\b", summary(module)):
        assert not packages(module, deferred=True) & DRAWING, summary(module)
        assert not packages(module, deferred=False) & DRAWING, summary(module)


@pytest.mark.parametrize("module", sorted(LIBRARY.modules))
def test_module_that_imports_a_framework_says_so(module):
    tree = ast.parse(LIBRARY.modules[module].read_text("utf-8"))
    own = {dotted.partition(".")[0] for dotted in LIBRARY.imports[module].eager}
    docstring = (ast.get_docstring(tree) or "").lower()
    for framework in own & {"jax", "keras", "tensorflow"}:
        assert framework in docstring, (
            f"the docstring of {module} must say that it uses {framework}"
        )


def test_init_of_the_library_imports_nothing_heavy():
    assert not packages("mlphys", deferred=False) & HEAVY
