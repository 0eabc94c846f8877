"""The notebooks that a built site offers: clean, complete, equal to the page, runnable."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys

import nbformat
import pytest
from lxml import html
from mlphys_book.notebooks import clean_metadata, clean_outputs, install_cell, needed_extras
from tiny_book import build, edited

SITE = "https://mlphys.github.io/mlphys/"


@pytest.fixture(scope="module")
def notebook(rich):
    return nbformat.read(rich / "_build/html/_sources/book/rich.ipynb", as_version=4)


@pytest.fixture(scope="module")
def text(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@pytest.mark.parametrize(
    "markup",
    ["{cite", "{ref}", "{eq}", "{numref}", "{glue", "{math}", "```{", ":::", ":label:", "(rich)=", "{exercise",
     r"\dd", r"\vect", "rich_six", "^foot", "<svg"],
)  # fmt: skip
def test_no_markup_of_the_book_is_left(text, markup):
    assert markup not in text


@pytest.mark.parametrize(
    "shown",
    [
        "After Noether \\[[1921](" + SITE,
        "- Emmy Noether. On Ideals. Teubner, 1921.",
        f"see [Second section]({SITE}book/rich.html#second)",
        f"[Fig. 1]({SITE}book/rich.html#fig-line)",
        f"[(1)]({SITE}book/rich.html#equation-eq-square)",
        f"[the front page]({SITE}book/index.html)",
        r"costs \$5",
        "Six is 6, and $\\mathrm{d} x$ is a macro.",
        "$$\ny = x^2 \\boldsymbol{v}\n\\tag{1}\n$$",
        "**Fig. 1** A figure from a cell, with $y$.",
        "> **Correction: a sign**\n>\n> The *sign* was wrong, in $E = mc^2$.",
        "> **Exercise 1 (Two by two)**",
        "<details>\n<summary><b>Solution to Exercise 1 (Two by two)</b></summary>\n\nIt is **four**.",
        "| six | 6 |",
        "- **term**: Its definition.",
        "![A single dark dot on white.](attachment:book-dot.png)",
        "> **Theorem 1 (Ideals)**",
        '```python\nnot_run = "a listing"\n```',
    ],
)
def test_the_page_is_told_in_plain_markdown(text, shown):
    assert shown in text


def test_local_images_are_attached(notebook):
    (data,) = [cell.attachments for cell in notebook.cells if cell.get("attachments")]
    assert list(data) == ["book-dot.png"]
    assert list(data["book-dot.png"]) == ["image/png"]


def test_the_first_cell_installs_the_library_only_where_it_is_missing(notebook):
    code = notebook.cells[0].source
    assert '"mlphys @ git+https://github.com/mlphys/mlphys@main"' in code
    check = code.replace("%pip install -q", "installed =")
    found: dict = {}
    exec(check, found)
    assert "installed" not in found
    exec(check.replace('find_spec("mlphys")', 'find_spec("not_there")'), found)
    assert found["installed"].startswith("mlphys @ git+https://")


def test_hidden_code_runs_where_the_chapter_has_it(notebook):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert "from mlphys.near import six" in code[1].source
    assert code[1].metadata.jupyter == {"source_hidden": True, "outputs_hidden": True}
    assert "solved" in code[3].source
    assert not any("peak_bytes" in cell.source for cell in code)


def test_outputs_are_those_of_the_page(notebook, rich):
    page = html.parse(str(rich / "_build/html/book/rich.html"))
    shown = [
        pre.text_content().strip()
        for pre in page.xpath("//div[contains(@class,'cell_output')]//pre")
    ]
    assert "solved 6" in shown
    streams = [
        out.text.strip() for c in notebook.cells for out in c.get("outputs", []) if "text" in out
    ]
    assert streams == ["solved 6"]


def test_nothing_tells_of_the_machine_or_the_time(notebook, rich):
    data = json.dumps(notebook)
    assert str(rich) not in data
    assert sys.prefix not in data
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.language_info == {"name": "python"}
    assert all(set(cell.metadata) <= {"tags", "jupyter"} for cell in notebook.cells)


def test_the_notebook_is_valid_and_runs_from_top_to_bottom(rich, tmp_path):
    path = rich / "_build/html/_sources/book/rich.ipynb"
    nbformat.validate(nbformat.read(path, as_version=4))
    code = (
        "import nbformat, nbclient, sys; nb = nbformat.read(sys.argv[1], 4); "
        "nbclient.NotebookClient(nb, timeout=60).execute()"
    )
    environment = {"PYTHONPATH": str(rich / "src"), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=tmp_path, env=environment,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_page_offers_it_and_the_index_lists_it(rich):
    page = (rich / "_build/html/book/rich.html").read_text("utf-8")
    assert re.search(r'href="[^"]*_sources/book/rich\.ipynb"', page)
    (entry,) = json.loads((rich / "_build/html/_sources/notebooks.json").read_text("utf-8"))
    data = (rich / "_build/html" / entry["notebook"]).read_bytes()
    assert entry["sha256"] == hashlib.sha256(data).hexdigest()
    assert entry["title"] == "Rich"
    assert (rich / "_build/notebooks/book/rich.ipynb").read_bytes() == data


def test_a_rebuild_gives_the_same_bytes_and_drops_what_is_gone(rich):
    path = rich / "_build/html/_sources/book/rich.ipynb"
    before = path.read_bytes()
    stray = path.with_name("gone.ipynb")
    stray.write_text("{}")
    assert build(rich, "--fresh").code == 0
    assert path.read_bytes() == before
    assert not stray.exists()


def test_a_directive_that_the_writer_does_not_know_fails_the_build(rich):
    block = "\n```{eval-rst}\n.. productionlist::\n   word: `letter`\n```\n"
    with edited(rich / "book/rich.md", append=block):
        built = build(rich)
    assert built.code != 0
    assert re.search(r"book/rich.*the notebook cannot show a production", built.said)


def test_extras_are_what_the_chapter_cannot_start_without():
    assert needed_extras({"numpy", "jax"}) == ["jax"]
    assert needed_extras({"keras", "jax"}) == ["jax", "tensorflow"]
    assert '"mlphys[jax,tensorflow] @ git+u@r"' in install_cell({"tensorflow", "jax"}, "u", "r")


def test_streams_are_joined_and_glued_values_dropped():
    stream = {"output_type": "stream", "name": "stdout", "text": "a"}
    glued = {"output_type": "display_data", "metadata": {},
             "data": {"application/papermill.record/text/plain": "1"}}  # fmt: skip
    (only,) = clean_outputs([stream, glued, stream])
    assert only.text == "aa"


@pytest.mark.parametrize(
    ("tag", "hidden"),
    [
        ("hide-input", {"source_hidden": True}),
        ("hide-output", {"outputs_hidden": True}),
        ("hide-cell", {"source_hidden": True, "outputs_hidden": True}),
        ("timing", None),
    ],
)
def test_folding_follows_the_tags(tag, hidden):
    metadata = clean_metadata({"tags": [tag], "mystnb": {"figure": {}}})
    assert metadata.get("jupyter") == hidden
    assert metadata["tags"] == [tag]
