"""Chapters run in this environment's own Python, whatever the user has set up elsewhere."""

from __future__ import annotations

import base64
import json
import re
import sys
import sysconfig

import nbformat
import numpy as np
import pytest
from book_kernel import draw_for_print, shorten_paths
from build_environment import build_variables
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from tiny_book import build, edited

CODE = """import os, sys
print(os.path.samefile(sys.prefix, os.environ["EXPECTED_PREFIX"]), "PYTHONSTARTUP" in os.environ,
      os.environ["MPLBACKEND"], os.environ["TZ"], sys.flags.no_user_site, "greeting" in globals())
import mlphys
print(mlphys.__doc__)
"""
ERROR = """
```{code-cell} ipython3
:tags: [raises-exception]

from mlphys.near import double
double(None)
```

```{code-cell} ipython3
:tags: [raises-exception]

import json
json.loads("{")
```

```{code-cell} ipython3
import matplotlib.pyplot as plt

figure, axes = plt.subplots()
print(sorted(get_ipython().display_formatter.format(figure)[0]))
```
"""


@pytest.fixture(scope="module")
def cells(book, tmp_path_factory):
    """Build under a user's hostile settings, and return the code cells of the chapter."""
    home = tmp_path_factory.mktemp("home")
    other = {"argv": ["false"], "display_name": "Python 3", "language": "python"}
    for place in (".local/share/jupyter/kernels/python3", "path/kernels/python3"):
        (home / place).mkdir(parents=True)
        (home / place / "kernel.json").write_text(json.dumps(other))
    startup = home / ".ipython/profile_default/startup"
    startup.mkdir(parents=True)
    (startup / "00-hello.py").write_text("greeting = 'hello'\n")
    with edited(
        book / "book/alone.md", {'print("nothing but Python", 1 + 1)\n': CODE}, append=ERROR
    ):
        built = build(
            book,
            HOME=str(home),
            JUPYTER_PATH=str(home / "path"),
            JUPYTER_PREFER_ENV_PATH="0",
            MPLBACKEND="qtagg",
            PYTHONPATH=str(home),
            PYTHONSTARTUP="/nowhere.py",
            EXPECTED_PREFIX=sys.prefix,
        )
    assert built.code == 0, built.said
    notebook = nbformat.read(book / "_build/html/_sources/book/alone.ipynb", as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"][1:]


def test_the_kernel_is_that_of_the_environment_with_nothing_of_the_user(cells):
    line, doc = cells[0].outputs[0].text.splitlines()[:2]
    assert line == "True False module://matplotlib_inline.backend_inline UTC 1 False"
    assert doc == "A library in small."


def test_tracebacks_name_files_by_what_they_are(cells, book):
    ours, theirs = ("\n".join(cell.outputs[-1].traceback) for cell in cells[1:3])
    assert "src/mlphys/base.py" in ours
    assert "python/json/decoder.py" in theirs
    for private in (sys.prefix, sysconfig.get_paths()["stdlib"], str(book)):
        assert private not in ours + theirs


def test_figures_are_drawn_for_screen_and_paper(cells):
    kinds, *shown = cells[3].outputs
    assert kinds.text.strip() == "['application/pdf', 'image/png', 'text/plain']"
    (figure,) = [output.data for output in shown if "image/png" in output.data]
    assert "application/pdf" not in figure, "a notebook needs no vectors"


def test_vectors_give_way_to_fine_pixels_where_they_are_many(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    figure = Figure()
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.plot(np.arange(300) % 7)
    axes.set_title("many")

    def drawn(**options):
        return base64.b64decode(draw_for_print(figure, **options) or "")

    vectors, pixels = drawn(most=10**7), drawn(most=1000)
    assert b"/Subtype /Image" not in vectors
    width = re.search(rb"/Width (\d+)", pixels)
    assert width and int(width[1]) > 0.7 * 6.4 * 300  # the axes, at 300 dots per inch
    assert not axes.get_rasterized()
    assert drawn(most=10**7) == vectors


def test_paths_are_shortened_to_what_they_are(tmp_path):
    paths = sysconfig.get_paths()
    for long, short in {
        f"{paths['purelib']}/numpy/a.py:3": "site-packages/numpy/a.py:3",
        f"{paths['stdlib']}/json/decoder.py": "python/json/decoder.py",
        f"{tmp_path}/src/mlphys/scale.py": "src/mlphys/scale.py",
        f"{tmp_path}-other/x": f"{tmp_path}-other/x",
    }.items():
        assert shorten_paths(long, tmp_path) == short


def test_user_settings_are_dropped_and_the_rest_is_kept(tmp_path):
    variables = build_variables(
        tmp_path, {"COLUMNS": "300", "PYTHONHOME": "/x", "MLPHYS_DATA": "/d"}
    )
    assert "COLUMNS" not in variables
    assert "PYTHONHOME" not in variables
    assert variables["MLPHYS_DATA"] == "/d"
    assert variables["PYTHONHASHSEED"] == "0"
