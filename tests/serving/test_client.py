"""The Python client."""

import numpy as np
import pytest

from mlphys.serving.client import AskError, Client


def test_reads_the_token_file_and_asks(server):
    with Client(server.url, token_file=server.token_file) as client:
        assert client.health() == "ok"
        assert set(client.models()) == {"net", "onnx"}
        assert client.ask("net", np.zeros((2, 12))).shape == (2, 4)


def test_errors_carry_status_and_code(server):
    with Client(server.url) as stranger:
        assert stranger.health() == "ok"
        with pytest.raises(AskError, match="401 wrong-token") as caught:
            stranger.models()
    assert (caught.value.status, caught.value.code) == (401, "wrong-token")
    with Client(server.url, token=server.token) as client:
        with pytest.raises(AskError, match="expected one example of shape 12"):
            client.ask("net", np.zeros(11))
        assert client.ask("net", np.zeros(12)).shape == (1, 4)  # the connection is still good


def test_url_is_checked():
    with pytest.raises(ValueError, match="expected a URL such as"):
        Client("127.0.0.1:8765")
