"""The description against the server that it describes."""

import re

from mlphys.serving.limits import Limits
from mlphys.serving.openapi import describe


def references(part):
    """Yield every reference inside a description."""
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def test_references_lead_somewhere():
    whole = describe(Limits())
    found = set(references(whole))
    assert found
    for reference in found:
        part = whole
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]


def test_every_described_path_is_there_and_no_other(server):
    import http.client

    description = describe(Limits())
    connection = http.client.HTTPConnection(server.host, server.port, timeout=20)
    for path, methods in description["paths"].items():
        for method, about in methods.items():
            assert re.fullmatch("get|post", method)
            token = {"Authorization": f"Bearer {server.token}"}
            headers = {} if about.get("security") == [] else token
            connection.request(method.upper(), path.replace("{name}", "net"), None, headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == (200 if method == "get" else 415)
            if headers:
                connection.request(method.upper(), path)
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 401
    connection.close()
