"""The server's answers, asked over a real connection."""

import asyncio
import http.client
import json
import threading

import numpy as np
import pytest

from mlphys.serving.app import check_host, check_token
from mlphys.serving.client import AskError, Client
from mlphys.serving.errors import Refusal
from mlphys.serving.limits import Limits
from mlphys.serving.models import model_maker
from mlphys.serving.server import running

WOLFRAM = "text/x-wolfram-list"


def fetch(address, method, path, body=None, **headers):
    """Return status, headers and body of an answer; the right token is sent unless another is."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    names = {"Authorization": f"Bearer {address.token}"} | names
    connection = http.client.HTTPConnection(address.host, address.port, timeout=20)
    connection.request(method, path, body, {k: v for k, v in names.items() if v is not None})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers, content


def refusal(answer):
    status, headers, content = answer
    assert headers["content-type"] == "application/json"
    error = json.loads(content)["error"]
    assert set(error) == {"status", "code", "message"} and error["status"] == status
    return status, error["code"]


def test_health_and_description_need_no_token(server):
    status, _, content = fetch(server, "GET", "/health", Authorization=None)
    assert (status, json.loads(content)) == (200, {"status": "ok"})
    status, _, content = fetch(server, "GET", "/openapi.json", Authorization=None)
    assert status == 200 and json.loads(content)["openapi"] == "3.1.0"


def test_catalog(server):
    _, _, content = fetch(server, "GET", "/models")
    models = json.loads(content)["models"]
    assert models["onnx"] == {
        "kind": "onnx",
        "input": {"shape": [12], "dtype": "float32"},
        "output": {"shape": [4]},
    }
    assert models["net"]["kind"] == "net"


@pytest.mark.parametrize("name", ["net", "onnx"])
def test_answers_are_the_models_own_to_the_last_bit(server, files, name):
    own = model_maker(files / {"net": "net.checkpoint", "onnx": "net.onnx"}[name])()
    rng = np.random.default_rng(3)
    with Client(server.url, token_file=server.token_file) as client:
        for shape in ((12,), (1, 12), (5, 12)):
            x = rng.normal(size=shape).astype(np.float32)
            answer = client.ask(name, x).astype(np.float32)
            assert answer.tobytes() == own(x.reshape(-1, 12)).tobytes()


def test_a_question_in_wolfram_is_answered_in_wolfram(server, files):
    from mlphys.serving.wolfram_lists import read_list

    own = model_maker(files / "net.onnx")()
    body = "{" + ",".join(f"{i}/8" for i in range(12)) + "}"
    status, headers, content = fetch(server, "POST", "/models/onnx", body, Content_Type=WOLFRAM)
    assert (status, headers["content-type"].partition(";")[0]) == (200, WOLFRAM)
    x = np.arange(12, dtype=np.float32)[None] / 8
    assert np.array(read_list(content.decode()), np.float32).tobytes() == own(x).tobytes()


def test_a_stranger_learns_nothing_of_paths(server):
    answers = [
        fetch(server, method, path, Authorization="Bearer no")
        for method, path in (
            ("GET", "/models"),
            ("POST", "/models/net"),
            ("POST", "/models/cat"),
            ("GET", "/nothing"),
            ("DELETE", "/models/net"),
        )
    ]
    assert {refusal(answer) for answer in answers} == {(401, "wrong-token")}
    assert len({content for _, _, content in answers}) == 1
    assert answers[0][1]["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/models/net", (405, "wrong-method")),
        ("POST", "/health", (405, "wrong-method")),
        ("OPTIONS", "/models/net", (405, "wrong-method")),
        ("POST", "/models/cat", (404, "no-such-model")),
        ("POST", "/models/net/", (404, "no-such-path")),
        ("GET", "/", (404, "no-such-path")),
        ("GET", "/models/", (404, "no-such-path")),
        ("POST", "/models/%2e%2e%2fnet", (404, "no-such-path")),
    ],
)
def test_paths_and_methods(server, method, path, expected):
    answer = fetch(server, method, path)
    assert refusal(answer) == expected
    if expected[0] == 405:
        assert answer[1]["allow"] in ("POST", "GET, HEAD", "HEAD, GET")


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [b"Bearer"],
        [b"Bearer "],
        [b"bearer token\xe9"],
        [b"token"],
        [b"Basic token"],
        [b"Bearer token", b"Bearer token"],
        [b"Bearer Token"],
        [b"Bearer token x"],
    ],
)
def test_token_headers_that_are_refused(headers):
    with pytest.raises(Refusal) as caught:
        check_token([(b"authorization", value) for value in headers], "token")
    assert caught.value.status == 401


def test_token_headers_that_pass():
    for value in (b"Bearer token", b"bearer  token "):
        check_token([(b"authorization", value)], "token")


@pytest.mark.parametrize(
    ("host", "passes"),
    [
        ("localhost", True),
        ("LOCALHOST:80", True),
        ("127.0.0.1:8765", True),
        ("[::1]:8765", True),
        ("[::1]", True),
        ("192.168.1.9", True),
        ("evil.example:8765", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("", False),
        (":80", False),
    ],
)
def test_hosts(host, passes):
    headers = [(b"host", host.encode())]
    if passes:
        check_host(headers, frozenset({"localhost"}))
        return
    with pytest.raises(Refusal) as caught:
        check_host(headers, frozenset({"localhost"}))
    assert (caught.value.status, caught.value.code) == (400, "wrong-host")


class Moody:
    """A model that fails, dawdles or says NaN, as its input asks."""

    kind = "test"
    input_shape = output_shape = (1,)
    dtype = np.dtype("float64")
    gate = threading.Event()

    def __call__(self, batch):
        if batch[0, 0] == 1:
            raise RuntimeError("secret detail")
        if batch[0, 0] == 2:
            return np.full((1, 1), np.nan)
        if batch[0, 0] == 3:
            self.gate.wait(20)
        return batch


def test_a_model_that_fails_does_not_take_the_server_along():
    with running({"moody": Moody}) as address, Client(address.url, token=address.token) as client:
        for question, code in ((1.0, "model-failed"), (2.0, "answer-not-finite")):
            with pytest.raises(AskError) as caught:
                client.ask("moody", np.array([question]))
            assert (caught.value.status, caught.value.code) == (500, code)
            assert "secret" not in str(caught.value)
        assert client.ask("moody", np.array([0.5])) == 0.5


def test_full_queue_and_late_answer():
    limits = Limits(workers=1, waiting=1, answer_seconds=0.6)
    Moody.gate.clear()
    with running({"moody": Moody}, limits=limits) as address:
        answers = []

        def ask():
            json_type = "application/json"
            answers.append(
                fetch(address, "POST", "/models/moody", b'{"inputs": [3]}', Content_Type=json_type)
            )

        threads = [threading.Thread(target=ask) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        codes = sorted(refusal(answer) for answer in answers)
        assert codes == [(503, "too-busy")] * 3 + [(503, "too-slow")] * 2
        assert {headers["retry-after"] for _, headers, _ in answers} == {"1"}
        with Client(address.url, token=address.token) as client:  # the loop was never held up
            assert client.health() == "ok"
            Moody.gate.set()
            for _ in range(100):  # the copy comes back when its task ends, not when it is given up
                try:
                    assert client.ask("moody", np.array([0.5])) == 0.5
                    break
                except AskError as busy:
                    assert busy.code == "too-busy"
            else:
                pytest.fail("the place of a late answer never came back")


def test_nothing_of_asyncio_is_left_behind(server):
    assert fetch(server, "GET", "/health")[0] == 200
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()
