"""Starting, binding, sharing, and answers under load."""

import errno
import socket
import stat
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from mlphys.serving.client import AskError, Client
from mlphys.serving.models import model_maker
from mlphys.serving.server import bind, prepared, running


@pytest.mark.parametrize("host", ["0.0.0.0", "", "192.0.2.1", "::", "0"])
def test_other_addresses_are_refused_unless_allowed(host):
    with pytest.raises(PermissionError, match="other machines could connect"):
        bind(host, 0)


def test_a_name_is_judged_by_the_address_it_stands_for(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)
    with pytest.raises(PermissionError):
        bind("localhost", 80)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2"])
def test_loopback_is_allowed(host):
    with bind(host, 0) as sock:
        assert sock.getsockname()[0].startswith(("127.", "::1"))


def test_the_network_is_allowed_when_told():
    with bind("0.0.0.0", 0, allow_network=True) as sock:
        assert sock.getsockname()[0] == "0.0.0.0"


def test_a_port_has_one_server():
    with bind("127.0.0.1", 0) as sock:
        with pytest.raises(OSError) as caught:
            bind("127.0.0.1", sock.getsockname()[1])
        assert caught.value.errno == errno.EADDRINUSE


def test_an_answer_does_not_wait_for_a_delayed_acknowledgment(server):
    """Found by Little's law: one client at a time got 22 answers a second, and no core was busy."""
    with bind("127.0.0.1", 0) as sock:
        assert sock.proto == socket.IPPROTO_TCP
    with Client(server.url, token=server.token) as client:
        seconds = []
        for _ in range(20):
            began = time.perf_counter()
            client.ask("net", np.zeros(12))
            seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.03  # 0.04 where Nagle's algorithm is on


def test_two_servers_share_no_token_and_spoil_none(files):
    models = {"net": files / "net.checkpoint"}
    with running(models) as first:
        with running(models) as second:
            assert first.token != second.token and first.token_file != second.token_file
            assert stat.S_IMODE(second.token_file.stat().st_mode) == 0o600
            with Client(first.url, token=second.token) as client, pytest.raises(AskError):
                client.models()
        assert not second.token_file.exists()
        with Client(first.url, token_file=first.token_file) as client:  # read again from the file
            assert client.models()
    assert not first.token_file.exists()


def test_a_second_server_with_the_same_token_file_does_not_start(files, tmp_path):
    models = {"net": files / "net.checkpoint"}
    with running(models, token_file=tmp_path / "token") as first:
        with pytest.raises(FileExistsError), prepared(models, token_file=tmp_path / "token"):
            pass
        with Client(first.url, token_file=tmp_path / "token") as client:
            assert client.health() == "ok" and client.models()


def test_a_dead_servers_file_does_not_stop_the_next(files, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with bind("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
    (tmp_path / "mlphys").mkdir(mode=0o700)
    left = tmp_path / "mlphys" / f"127.0.0.1-{port}.token"
    left.write_text("old")
    with prepared({"net": files / "net.checkpoint"}, port=port) as ready:
        assert left.read_text() == ready.address.token + "\n"
        assert stat.S_IMODE(left.stat().st_mode) == 0o600
    assert not list((tmp_path / "mlphys").iterdir())


@pytest.mark.parametrize("models", [{}, {"": "x"}, {"a/b": "x"}, {"ä": "x"}, {"a b": "x"}])
def test_names_that_fit_no_path(models):
    with pytest.raises(ValueError, match="expected at least one model, named by letters"):
        with prepared(models):
            pass


def test_a_broken_file_is_found_before_the_server_starts(tmp_path):
    (tmp_path / "net.onnx").write_bytes(b"no model")
    with (
        pytest.raises(ValueError, match="this runtime reads"),
        prepared({"net": tmp_path / "net.onnx"}),
    ):
        pass


def test_sixteen_clients_get_no_wrong_answer(server, files):
    """Four hundred requests; ten thousand are in ``benchmarks/serving.py``."""

    def ask(seed):
        rng, own = np.random.default_rng(seed), model_maker(files / "net.onnx")()
        right = 0
        with Client(server.url, token=server.token) as client:
            for _ in range(25):
                x = rng.normal(size=(int(rng.integers(1, 4)), 12)).astype(np.float32)
                name = ("net", "onnx")[int(rng.integers(2))]
                answer = client.ask(name, x).astype(np.float32)
                if name == "onnx":
                    right += answer.tobytes() == own(x).tobytes()
                else:
                    right += bool(np.allclose(answer, own(x), rtol=1e-5, atol=1e-5))
        return right

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(ask, range(16))) == [25] * 16
