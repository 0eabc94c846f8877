"""TensorFlow comes up without a line on the error stream; what matters is still shown."""

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

pytestmark = pytest.mark.skipif(
    find_spec("tensorflow") is None, reason="needs TensorFlow: pip install 'mlphys[tensorflow]'"
)

USE = """
from mlphys.quiet import quiet_tensorflow
tf = quiet_tensorflow()
x = tf.ones((64, 64))
compiled = tf.function(lambda x: tf.matmul(x, x), jit_compile=True)
model = tf.keras.Sequential([tf.keras.layers.Input((64,)), tf.keras.layers.Dense(3)])
model.compile(loss="mse")
model.fit(x, tf.ones((64, 3)), verbose=0)
print(float(compiled(x)[0, 0]), tf is quiet_tensorflow())
"""


def run(code, **environment):
    hidden = {"TF_CPP_MIN_LOG_LEVEL"}
    inherited = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**inherited, **environment},
        timeout=200,
    )


def test_import_and_first_use_write_nothing():
    done = run(USE)
    assert done.stderr == ""
    assert done.stdout == "64.0 True\n"


def test_jax_imported_first_changes_nothing():
    pytest.importorskip("jax")
    done = run("import jax\n" + USE)
    assert done.stderr == ""


def test_the_reader_can_have_the_lines_back():
    done = run(
        "import os\n"
        "import mlphys.quiet as quiet\n"
        "quiet._import_tensorflow = lambda: os.write(2, b'note from C++')\n"
        "quiet.quiet_tensorflow()\n",
        TF_CPP_MIN_LOG_LEVEL="0",
    )
    assert done.stderr == "note from C++"


def test_lines_before_a_failure_are_written_out():
    done = run(
        "import os, sys\n"
        "from mlphys.quiet import quiet_stderr\n"
        "with quiet_stderr():\n"
        "    os.write(2, b'dropped')\n"
        "print('between', file=sys.stderr)\n"
        "with quiet_stderr():\n"
        "    print('reason', file=sys.stderr)\n"
        "    raise SystemExit(3)\n"
    )
    assert done.returncode == 3
    assert done.stderr == "between\nreason\n"


def test_missing_tensorflow_names_the_extra():
    done = run(
        "import sys\n"
        "class Hide:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'tensorflow':\n"
        "            raise ModuleNotFoundError('No module', name='tensorflow')\n"
        "sys.meta_path.insert(0, Hide())\n"
        "from mlphys.quiet import quiet_tensorflow\n"
        "quiet_tensorflow()\n"
    )
    assert "pip install 'mlphys[tensorflow]'" in done.stderr


def test_missing_error_stream_is_no_error():
    done = run(
        "import os\n"
        "os.close(2)\n"
        "from mlphys.quiet import quiet_stderr\n"
        "with quiet_stderr():\n"
        "    print('fine')\n"
    )
    assert done.stdout == "fine\n"


@pytest.mark.slow
def test_a_notebook_shows_nothing():
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(USE)])
    nbclient.NotebookClient(page, timeout=200, kernel_name="python3").execute()
    assert [output["name"] for output in page.cells[0]["outputs"]] == ["stdout"]
