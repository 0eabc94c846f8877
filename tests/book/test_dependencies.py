"""What a chapter is found to depend on, against projects written down here by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from mlphys_book.dependencies import (
    CodeCell,
    Imports,
    Library,
    Memory,
    cell_imports,
    code_cells,
)

FILES = {
    "__init__.py": "",
    "a.py": "from . import b\n",
    "b.py": "def f():\n    from .part.c import g\n    return g()\n",
    "alone.py": "X = 1\n",
    "heavy.py": "import jax.numpy as jnp\n\n\ndef f():\n    import tensorflow\n",
    "dynamic.py": "import importlib\nname = 'x'\nimportlib.import_module('mlphys.' + name)\n",
    "constant.py": "import importlib\nimportlib.import_module('.alone', 'mlphys')\n",
    "reader.py": "from pathlib import Path\nDATA = Path('data') / 'table.csv'\n",
    "typed.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from . import alone\n",
    "part/__init__.py": "",
    "part/c.py": "def g():\n    return 1\n",
    "lazy/__init__.py": "def __getattr__(name):\n    raise AttributeError(name)\n",
    "lazy/d.py": "",
    "data/table.csv": "1\n",
    "data/README.md": "Where the table is from.\n",
}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "mlphys"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return Library(folder)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import numpy", set()),
        ("import mlphys", {""}),
        ("import mlphys.alone", {"", "alone"}),
        ("from mlphys import alone", {"", "alone"}),
        ("from mlphys.alone import X", {"", "alone"}),
        ("import mlphys\nmlphys.alone.X", {"", "alone"}),
        ("import mlphys as m\nm.part.c.g()", {"", "part", "part.c"}),
        ("def late():\n    import mlphys.alone", {"", "alone"}),
        ("from mlphys.a import b", {"", "a", "b", "part", "part.c"}),
        ("import mlphys.constant", {"", "constant", "alone"}),
        ("import mlphys.typed", {"", "typed"}),
        ("from mlphys.lazy import thing", {"", "lazy", "lazy.d"}),
        ("%time import mlphys.alone", {"", "alone"}),
        ("!python -m mlphys.alone --flag", {"", "alone"}),
    ],
)
def test_modules_that_a_cell_loads(library, code, expected):
    names = {f"mlphys.{name}".rstrip(".") for name in expected}
    assert library.loaded_by(cell_imports([code]).names) == names


@pytest.mark.parametrize("code", ["import mlphys.dynamic", "this is ( not Python"])
def test_code_that_cannot_be_followed_depends_on_everything(library, code):
    assert library.loaded_by(cell_imports([code]).names) == set(library.modules)


def test_data_belongs_to_the_modules_that_name_it(library):
    table = library.folder / "data/table.csv"
    assert library.data_of({"mlphys.reader"}) == {table}
    assert library.data_of({"mlphys.alone"}) == set()


def test_data_that_nobody_names_counts_for_all(library):
    stray = library.folder / "data/stray.bin"
    stray.write_bytes(b"1")
    assert stray in library.data_of({"mlphys.alone"})
    assert library.data_of(set()) == set()


def test_packages_are_those_needed_to_start(library):
    assert library.packages_of(cell_imports(["import mlphys.heavy, scipy.linalg"])) == {
        "jax",
        "scipy",
    }


@pytest.mark.parametrize(
    ("changed", "affected"),
    [
        ("alone.py", False),
        ("part/c.py", True),
        ("b.py", True),
        ("data/table.csv", False),
        ("data/README.md", False),
    ],
)
def test_digest_changes_with_what_is_loaded_and_nothing_else(library, changed, affected):
    cells = cell_imports(["import mlphys.a"])
    before = library.digest(cells)
    path = library.folder / changed
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert (Library(library.folder).digest(cells) != before) == affected


def test_code_cells_are_found_with_their_lines_and_without_their_options():
    text = """# Title

```{code-cell} ipython3
---
tags: [hide-input]
---
x = 1
```

````{code-cell} ipython3
:tags: [remove-cell]

y = '''
```
'''
````

```python
import mlphys.never
```

:::{code-cell} ipython3
z = 3
:::
"""
    cells = code_cells(text)
    assert cells[0] == CodeCell(3, "x = 1")
    assert cells[1].line == 10
    assert cells[1].source.strip() == "y = '''\n```\n'''"
    assert cells[2] == CodeCell(22, "z = 3")
    assert len(cells) == 3


def test_the_real_library_can_be_read(request):
    library = Library(request.config.rootpath / "src/mlphys")
    assert "mlphys.scale" in library.loaded_by({"mlphys.scale"})
    assert library.loaded_by(Imports(names={"mlphys"}).names) == {"mlphys"}


def test_known_code_is_not_read_again() -> None:
    first, second = Memory(), Memory()
    found = Imports(names={"numpy"})
    assert first.recall("import numpy", lambda: found) is found
    second.known = first.used
    assert second.recall("import numpy", unread) is found
    assert second.used == first.used
    with pytest.raises(AssertionError, match="read"):
        second.recall("import scipy", unread)


def unread() -> Imports:
    raise AssertionError("read")


def test_what_is_no_longer_asked_for_is_forgotten() -> None:
    memory = Memory()
    memory.known = {"an old digest": Imports()}
    memory.recall("import numpy", Imports)
    assert len(memory.used) == 1
    assert "an old digest" not in memory.used
