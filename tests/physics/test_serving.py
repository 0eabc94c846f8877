"""The chapter's own pieces, and clients in other languages against a running server."""

import json
import shutil
import subprocess

import numpy as np
import pytest

from mlphys.frameworks.deep_net_onnx import export_deep_net
from mlphys.learning.deep_net import DeepNet
from mlphys.physics.serving import EIGHT, blow_up, client_text, fault_test, load_test
from mlphys.serving.faults import FAMILIES, Target
from mlphys.serving.limits import Limits
from mlphys.serving.models import model_maker
from mlphys.serving.server import running


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    path = tmp_path_factory.mktemp("served") / "net.onnx"
    export_deep_net(DeepNet((784, 8, 10), rng=np.random.default_rng(0)), path)
    with running({"digits": path}) as address:
        yield address, model_maker(path)()


def test_blow_up_repeats_every_pixel():
    large = blow_up(EIGHT, 4)
    assert large.shape == (28, 28)
    assert np.array_equal(large, EIGHT.repeat(4, axis=0).repeat(4, axis=1))
    assert np.array_equal(large[::4, ::4], EIGHT)
    with pytest.raises(ValueError, match="at least 1; got 0"):
        blow_up(EIGHT, 0)


def test_eight_has_two_holes():
    from scipy.ndimage import label

    _, count = label(1 - EIGHT)
    assert count == 3  # the paper around it, and two holes


def test_load_test_counts_wrong_answers(served):
    address, model = served
    load = load_test(address, "digits", model, clients=4, requests=40)
    assert load.wrong == 0 and load.latencies.shape == (40,) and load.latencies.min() > 0

    class Liar:
        kind, dtype, calls = "test", model.dtype, 0
        input_shape, output_shape = model.input_shape, model.output_shape

        def __call__(self, batch):
            self.calls += 1
            return model(batch) + np.float32(self.calls % 8 == 0)

    assert load_test(address, "digits", Liar(), clients=4, requests=40).wrong == 5
    with pytest.raises(ValueError, match="multiple of 3"):
        load_test(address, "digits", model, clients=3, requests=40)


def test_fault_test_reports_every_kind(served, tmp_path):
    limits = Limits(body_bytes=60_000, head_seconds=0.3, body_seconds=0.3, linger_seconds=0.3)
    export_deep_net(DeepNet((784, 8, 10), rng=np.random.default_rng(0)), tmp_path / "net.onnx")
    with running({"digits": tmp_path / "net.onnx"}, limits=limits) as address:
        target = Target(address.host, address.port, address.token, "digits", 784, limits)
        refusals = fault_test(target, 3 * len(FAMILIES))
    assert not refusals.wrong
    assert set(refusals.seconds) == set(refusals.statuses) == set(FAMILIES)
    assert all(len(times) == 3 for times in refusals.seconds.values())
    assert refusals.seconds["slow body"].min() > 0.25


@pytest.fixture
def question(tmp_path, served):
    """Return the arguments that every client takes, and the answer that it must print."""
    address, model = served
    body = tmp_path / "body.json"
    x = blow_up(EIGHT, 4).reshape(1, 784).astype(np.float32)
    body.write_text(json.dumps({"inputs": x[0].tolist()}))
    return address, ["digits", str(body)], model(x)


def check(run, answer):
    assert run.returncode == 0, run.stderr
    found = np.array(json.loads(run.stdout)["outputs"], np.float32)
    assert found.tobytes() == answer.tobytes()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(question, tmp_path):
    address, arguments, answer = question
    script = tmp_path / "ask.sh"
    script.write_text(client_text("curl"))
    command = ["sh", str(script), address.url, str(address.token_file), *arguments]
    check(subprocess.run(command, capture_output=True, text=True), answer)


@pytest.mark.skipif(shutil.which("c++") is None, reason="no C++ compiler is installed")
def test_cpp(question, tmp_path):
    address, arguments, answer = question
    (tmp_path / "ask.cpp").write_text(client_text("C++"))
    build = ["c++", "-std=c++17", "-Wall", "-Werror", "-o", "ask", "ask.cpp"]
    subprocess.run(build, cwd=tmp_path, check=True)
    place = [address.host, str(address.port), str(address.token_file)]
    command = [str(tmp_path / "ask"), *place, *arguments]
    check(subprocess.run(command, capture_output=True, text=True), answer)
    refused = subprocess.run([*command[:4], "cat", command[5]], capture_output=True, text=True)
    assert refused.returncode == 1 and "no-such-model" in refused.stdout


@pytest.mark.skipif(shutil.which("julia") is None, reason="Julia is not installed")
def test_julia(question, tmp_path):
    address, arguments, answer = question
    (tmp_path / "ask.jl").write_text(client_text("Julia"))
    place = [address.url, str(address.token_file)]
    command = ["julia", str(tmp_path / "ask.jl"), *place, *arguments]
    check(subprocess.run(command, capture_output=True, text=True), answer)


def test_wolfram_client_names_what_the_server_wants():
    text = client_text("Wolfram")
    for words in ("text/x-wolfram-list", "Bearer ", 'Method -> "POST"', "InputForm"):
        assert words in text
    with pytest.raises(ValueError, match=r"expected one of curl, Wolfram, C\+\+, Julia"):
        client_text("Lisp")
