"""The server described in the words of OpenAPI, for programs that write clients.

Served at ``/openapi.json``, without a token: it holds no secret and no name of a model.

References
----------
OpenAPI Specification 3.1.0, OpenAPI Initiative (2021).
"""

from __future__ import annotations

from typing import Any

from mlphys.serving.bodies import WOLFRAM_TYPE
from mlphys.serving.errors import JSON_TYPE
from mlphys.serving.limits import Limits

__all__ = ["describe"]

REFUSALS = {
    "400": "the request or its body is not what it says it is",
    "401": "the token is missing or wrong",
    "404": "there is no such path or model",
    "405": "the path exists, but not for this method",
    "408": "the request came too slowly",
    "413": "the body is too large",
    "415": "the body has another type than JSON or a Wolfram list",
    "422": "the numbers do not fit the model",
    "500": "the model failed",
    "503": "too many requests wait, or the answer took too long",
}


def describe(limits: Limits) -> dict[str, Any]:
    """Return the description as it goes out as JSON.

    Examples
    --------
    >>> sorted(describe(Limits())["paths"])
    ['/health', '/models', '/models/{name}', '/openapi.json']
    """
    array = {"type": "array", "items": {"description": "a number, or an array of the same kind"}}
    refusals = {status: {"$ref": f"#/components/responses/{status}"} for status in REFUSALS}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "mlphys.serving",
            "version": "1",
            "description": (
                f"Asks trained models. Bodies hold at most {limits.body_bytes} bytes "
                f"and {limits.batch} examples."
            ),
        },
        "paths": {
            "/health": {"get": _operation("health", "the server runs", open_to_all=True)},
            "/openapi.json": {"get": _operation("description", "this text", open_to_all=True)},
            "/models": {"get": _operation("models", "names, kinds and shapes of the models")},
            "/models/{name}": {"post": _question(array, refusals)},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Error": _error()},
            "responses": {status: _refusal(words) for status, words in REFUSALS.items()},
        },
        "security": [{"token": []}],
    }


def _operation(name: str, words: str, *, open_to_all: bool = False) -> dict[str, Any]:
    answer = {"description": words, "content": {JSON_TYPE: {"schema": {"type": "object"}}}}
    security = {"security": []} if open_to_all else {}
    return {"operationId": name, "summary": words, "responses": {"200": answer}, **security}


def _question(array: dict[str, Any], refusals: dict[str, Any]) -> dict[str, Any]:
    def bodies(key: str) -> dict[str, Any]:
        schema = {"type": "object", "required": [key], "properties": {key: array}}
        text = {"type": "string", "examples": ["{{0., 1.}, {1.5*^-7, 2}}"]}
        return {JSON_TYPE: {"schema": schema}, WOLFRAM_TYPE: {"schema": text}}

    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "operationId": "ask",
        "summary": "one answer for each example, in the language of the question",
        "parameters": [name],
        "requestBody": {"required": True, "content": bodies("inputs")},
        "responses": {
            "200": {"description": "the answers", "content": bodies("outputs")},
            **refusals,
        },
    }


def _error() -> dict[str, Any]:
    inner = {
        "type": "object",
        "required": ["status", "code", "message"],
        "properties": {
            "status": {"type": "integer"},
            "code": {"type": "string"},
            "message": {"type": "string"},
        },
    }
    return {"type": "object", "required": ["error"], "properties": {"error": inner}}


def _refusal(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": words, "content": {JSON_TYPE: {"schema": schema}}}
