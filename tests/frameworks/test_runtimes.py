"""Readers of exported files: against arithmetic by hand, with clear refusals, without frameworks."""

import subprocess
import sys

import numpy as np
import pytest

from mlphys.frameworks.deep_net_onnx import export_deep_net
from mlphys.frameworks.runtimes import LiteRTModel, OnnxModel
from mlphys.learning.deep_net import DeepNet

READERS = {"net.tflite": LiteRTModel, "net.onnx": OnnxModel}


@pytest.fixture(scope="module")
def doubler(tmp_path_factory):
    """The files of a net that returns 2x + 1, written by TensorFlow and by Keras."""
    from mlphys.frameworks.backend import quiet_keras
    from mlphys.frameworks.exports import export_litert, export_onnx

    keras = quiet_keras()
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3)])
    model.set_weights([2 * np.eye(3), np.ones(3)])
    folder = tmp_path_factory.mktemp("doubler")
    export_litert(model, folder / "net.tflite")
    export_onnx(model, folder / "net.onnx")
    return folder


@pytest.mark.parametrize("name", READERS)
def test_reader_returns_what_the_weights_say(doubler, name):
    net = READERS[name](doubler / name)
    assert net.input_shape == net.output_shape == (None, 3)
    for n in (1, 4, 2):
        x = np.random.default_rng(n).standard_normal((n, 3)).astype(np.float32)
        np.testing.assert_allclose(net(x), 2 * x + 1, rtol=1e-6)
    first = net(np.zeros((1, 3), np.float32))
    net(np.ones((1, 3), np.float32))
    assert first.tolist() == [[1, 1, 1]]  # an answer does not change afterwards


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "batch",
    [
        np.zeros(3, np.float32),
        np.zeros((1, 4), np.float32),
        np.zeros((1, 3)),
        np.zeros((1, 3), np.uint8),
        np.zeros((0, 3), np.float32),
    ],
)
def test_reader_refuses_what_does_not_fit(doubler, name, batch):
    with pytest.raises(ValueError, match=r"expected a batch of shape \(n, 3\) and float32"):
        READERS[name](doubler / name)(batch)


@pytest.mark.parametrize("name", READERS)
def test_reader_refuses_other_files(tmp_path, name):
    with pytest.raises(FileNotFoundError, match="there is none at"):
        READERS[name](tmp_path / name)
    (tmp_path / name).write_bytes(b"something else altogether")
    with pytest.raises(ValueError, match=r"expected an? (LiteRT|ONNX) file"):
        READERS[name](tmp_path / name)


ALONE = """
import sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("tensorflow", "keras", "jax"):
            raise ModuleNotFoundError("blocked: " + name)
sys.meta_path.insert(0, Wall())
try:
    import tensorflow
except ModuleNotFoundError as fault:
    assert "blocked" in str(fault)
else:
    raise SystemExit("the wall has a hole")
import numpy as np
from mlphys.frameworks.runtimes import LiteRTModel, OnnxModel
x = np.array([[0.5, -1, 3]], np.float32)
for reader, name in ((LiteRTModel, "net.tflite"), (OnnxModel, "net.onnx")):
    print(reader(sys.argv[1] + "/" + name)(x).tolist())
assert not {"tensorflow", "keras", "jax"} & set(sys.modules)
"""


def test_files_run_in_a_process_that_cannot_import_tensorflow_or_keras(doubler):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ALONE, str(doubler)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.splitlines() == 2 * ["[[2.0, -1.0, 7.0]]"], done.stderr
    assert done.stderr == ""


def test_one_interpreter_gives_a_caller_the_answer_of_another(doubler):
    """The interpreter keeps one buffer between its three steps; a session keeps none."""
    zero, one = np.zeros((1, 3), np.float32), np.ones((1, 3), np.float32)
    net = LiteRTModel(doubler / "net.tflite")
    net.fill(zero)  # the first caller begins ...
    assert net(one).tolist() == [[3, 3, 3]]  # ... a second one comes and goes ...
    net.interpreter.invoke()
    assert net.fetch().tolist() == [[3, 3, 3]]  # ... and the first gets the second one's answer


def test_net_with_two_inputs_is_refused(tmp_path):
    from onnx import TensorProto, helper, save

    info = [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["n", 2]) for n in "abc"]
    graph = helper.make_graph(
        [helper.make_node("Add", ["a", "b"], ["c"])], "sum", info[:2], info[2:]
    )
    model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
    save(model, tmp_path / "sum.onnx")
    with pytest.raises(ValueError, match="one input and one output; got 2 and 1"):
        OnnxModel(tmp_path / "sum.onnx")


def test_threads_may_share_a_session(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    net = DeepNet((20, 8, 3), rng=np.random.default_rng(0))
    model = OnnxModel(export_deep_net(net, tmp_path / "net.onnx"))
    x = np.random.default_rng(1).random((200, 1, 20), dtype=np.float32)
    with ThreadPoolExecutor(4) as pool:
        answers = np.concatenate(list(pool.map(model, x)))
    np.testing.assert_allclose(answers, net.logits(x[:, 0]), atol=1e-5)
