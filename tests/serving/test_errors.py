"""A refusal as bytes, read by the standard library's own reader of HTTP."""

import http.client
import io
import json

import pytest

from mlphys.serving.errors import Refusal


class Wire:
    def __init__(self, content):
        self.content = content

    def makefile(self, mode):
        assert mode == "rb"
        return io.BytesIO(self.content)


@pytest.mark.parametrize("status", [400, 408, 431, 503])
def test_raw_answer_is_http(status):
    refusal = Refusal(status, "some-code", 'a "word" and ü', {"retry-after": "1"})
    answer = http.client.HTTPResponse(Wire(refusal.raw()))
    answer.begin()
    assert answer.status == status
    assert answer.headers["retry-after"] == "1" and answer.headers["connection"] == "close"
    error = json.loads(answer.read())["error"]
    assert error == {"status": status, "code": "some-code", "message": 'a "word" and ü'}
