"""From the bytes of a request to an array of the shape and dtype that a model takes, and back.

Nothing is guessed and nothing is mended: text that is not JSON or a Wolfram list is refused with
status 400, a list that does not fit the model with 422. Numbers alone are numbers: ``"1"`` and
``true`` are not.

Chapter: ``book/physics/serving.md``.

References
----------
RFC 8259 (JSON; section 6: no NaN, no Infinity; section 9: a reader may limit nesting).
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import numpy as np

from mlphys.serving.errors import JSON_TYPE, Refusal
from mlphys.serving.wolfram_lists import WolframSyntaxError, read_list, write_list

__all__ = ["WOLFRAM_TYPE", "body_kind", "fit_inputs", "read_inputs", "write_outputs"]

WOLFRAM_TYPE = "text/x-wolfram-list"
KINDS = (JSON_TYPE, WOLFRAM_TYPE)
STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?')
BRACKET = re.compile(r"[\[\]{}]")


def body_kind(content_type: str | None, content_encoding: str | None = None) -> str:
    """Return the media type of a body, without its parameters.

    Raises
    ------
    Refusal
        With status 415, for other types, for a charset that is not UTF-8, and for packed bodies.

    Examples
    --------
    >>> body_kind("Application/JSON; charset=UTF-8")
    'application/json'
    """
    media, *parameters = (content_type or "").lower().split(";")
    kind = media.strip()
    charsets = [part.strip() for part in parameters if part.strip().startswith("charset=")]
    if kind not in KINDS or any(c[8:].strip('"') not in ("utf-8", "us-ascii") for c in charsets):
        raise Refusal(
            415,
            "unknown-content-type",
            f"expected Content-Type {' or '.join(KINDS)}, in UTF-8; got {content_type!r}",
        )
    if content_encoding not in (None, "", "identity"):
        raise Refusal(
            415,
            "packed-body",
            f"expected a body as it is; got Content-Encoding {content_encoding!r}",
        )
    return kind


def read_inputs(kind: str, body: bytes, *, depth: int = 8) -> list:
    """Return the nested lists of floats in a body.

    Parameters
    ----------
    kind : str
        ``application/json`` for ``{"inputs": [...]}``, ``text/x-wolfram-list`` for ``{...}``.
    body : bytes
    depth : int
        Deepest nesting of lists.

    Raises
    ------
    Refusal
        With status 400 if this is not the announced language, 422 if it lacks ``inputs``.

    Examples
    --------
    >>> read_inputs("application/json", b'{"inputs": [[0, 1.5]]}')
    [[0.0, 1.5]]
    >>> read_inputs("text/x-wolfram-list", b"{{0, 1.5}}")
    [[0.0, 1.5]]
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise Refusal(400, "not-utf-8", f"expected a body in UTF-8: {fault}") from fault
    if kind == WOLFRAM_TYPE:
        try:
            return read_list(text, depth=depth)
        except WolframSyntaxError as fault:
            raise Refusal(400, "invalid-wolfram-list", str(fault)) from fault
    return _inputs_of(_read_json(text, depth + 1))


def fit_inputs(
    inputs: list, shape: tuple[int, ...], dtype: np.dtype, *, batch: int = 256
) -> np.ndarray:
    """Return the inputs as one array of examples.

    Parameters
    ----------
    inputs : nested lists of float
        One example of this shape, or a list of examples.
    shape : tuple of int
        Of one example.
    dtype : numpy.dtype
        Of the model's input; integers for a quantized one.
    batch : int
        Most examples.

    Returns
    -------
    ndarray of dtype, shape (n, *shape)

    Raises
    ------
    Refusal
        With status 422, if a number, the shape or the count does not fit.

    Examples
    --------
    >>> fit_inputs([0.0, 1.0], (2,), np.dtype("float32"))
    array([[0., 1.]], dtype=float32)
    """
    got, numbers = _measure(inputs)
    if got == shape:
        got = (1, *shape)
    if got[1:] != shape or got[0] == 0:
        raise Refusal(
            422,
            "wrong-shape",
            f"expected one example of shape {_show(shape)} or a list of them; "
            f"got shape {_show(_measure(inputs)[0])}",
        )
    if got[0] > batch:
        raise Refusal(422, "too-many", f"expected at most {batch} examples; got {got[0]}")
    wide = np.array(numbers, np.float64).reshape(got)
    if not np.isfinite(wide).all():
        raise Refusal(422, "not-finite", "expected finite numbers; one is outside a double's range")
    return _cast(wide, dtype)


def write_outputs(kind: str, outputs: np.ndarray) -> bytes:
    """Return the body of an answer; every number has the digits that bring it back exactly.

    Raises
    ------
    Refusal
        With status 500, if the model answered with NaN or infinity, which neither language has.

    Examples
    --------
    >>> write_outputs("application/json", np.array([[0.25, 1.0]], np.float32))
    b'{"outputs":[[0.25,1.0]]}'
    """
    if not np.isfinite(outputs).all():
        raise Refusal(500, "answer-not-finite", "the model's answer has NaN or infinite numbers")
    if kind == WOLFRAM_TYPE:
        return write_list(outputs).encode()
    return json.dumps({"outputs": outputs.tolist()}, separators=(",", ":")).encode()


def _read_json(text: str, depth: int) -> Any:
    """Return what a JSON text stands for, all numbers as floats."""
    if _json_depth(text) > depth:
        raise Refusal(400, "nested-too-deep", f"expected lists nested at most {depth - 1} deep")
    try:
        return json.loads(
            text, parse_int=float, parse_constant=_no_constant, object_pairs_hook=_once
        )
    except (ValueError, RecursionError) as fault:
        raise Refusal(400, "invalid-json", f"expected JSON: {fault}") from fault


def _json_depth(text: str) -> int:
    """Return how deep a text nests, strings aside, without reading it as JSON."""
    now = deepest = 0
    for bracket in BRACKET.findall(STRING.sub("", text)):
        now += 1 if bracket in "[{" else -1
        deepest = max(deepest, now)
    return deepest


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a JSON number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key appears twice in one object")
    return found


def _inputs_of(content: Any) -> list:
    if not isinstance(content, dict) or set(content) != {"inputs"}:
        got = sorted(content) if isinstance(content, dict) else type(content).__name__
        raise Refusal(
            422, "no-inputs", f'expected an object with the one key "inputs"; got {str(got)[:80]}'
        )
    if not isinstance(content["inputs"], list):
        raise Refusal(422, "wrong-shape", 'expected a list under "inputs"')
    return content["inputs"]


def _measure(inputs: list) -> tuple[tuple[int, ...], list[float]]:
    """Return the shape of nested lists and their numbers in order."""
    layer: list[Any] = [inputs]
    shape: list[int] = []
    while layer and all(type(part) is list for part in layer):
        lengths = {len(part) for part in layer}
        if len(lengths) > 1:
            raise Refusal(422, "ragged", f"expected lists of one length at depth {len(shape) + 1}")
        shape.append(lengths.pop())
        layer = [item for part in layer for item in part]
    if any(type(item) is not float for item in layer):
        found = next(item for item in layer if type(item) is not float)
        raise Refusal(
            422, "not-a-number", f"expected numbers alone; there is a {type(found).__name__}"
        )
    return tuple(shape), layer


def _cast(wide: np.ndarray, dtype: np.dtype) -> np.ndarray:
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            cast = wide.astype(dtype)
        if not np.isfinite(cast).all():
            raise Refusal(422, "out-of-range", f"expected numbers that fit {dtype}")
        return cast
    info = np.iinfo(dtype)
    if (wide != np.rint(wide)).any() or wide.min() < info.min or wide.max() > info.max:
        raise Refusal(
            422, "out-of-range", f"expected whole numbers from {info.min} to {info.max} ({dtype})"
        )
    return wide.astype(dtype)


def _show(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "()"
