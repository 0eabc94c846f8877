"""Bodies: every refusal with its status, and numbers that come through unchanged."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from mlphys.serving.bodies import body_kind, fit_inputs, read_inputs, write_outputs
from mlphys.serving.errors import Refusal

JSON, WOLFRAM = "application/json", "text/x-wolfram-list"
FLOAT32 = np.dtype("float32")


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        (None, None),
        ("", None),
        ("text/plain", None),
        ("text/plain;charset=utf-8", None),
        ("application/json; charset=utf-16", None),
        ("application/jsonx", None),
        (JSON, "gzip"),
    ],
)
def test_other_types_are_refused(content_type, encoding):
    with pytest.raises(Refusal) as caught:
        body_kind(content_type, encoding)
    assert caught.value.status == 415


def test_types_may_have_parameters():
    assert body_kind('application/json;charset="utf-8"') == JSON
    assert body_kind("text/x-wolfram-list;charset=utf-8", "identity") == WOLFRAM


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid-json"),
        (b"{", 400, "invalid-json"),
        (b'{"inputs": [NaN]}', 400, "invalid-json"),
        (b'{"inputs": [-Infinity]}', 400, "invalid-json"),
        (b'{"inputs": [1,]}', 400, "invalid-json"),
        (b'{"inputs": [1], "inputs": [2]}', 400, "invalid-json"),
        (b'\xef\xbb\xbf{"inputs": [1]}', 400, "invalid-json"),
        (b'{"inputs": [\xff]}', 400, "not-utf-8"),
        (b'{"inputs": ' + b"[" * 9, 400, "nested-too-deep"),
        (b'{"a":' * 100_000, 400, "nested-too-deep"),
        (b"[1, 2]", 422, "no-inputs"),
        (b'{"input": [1]}', 422, "no-inputs"),
        (b'{"inputs": [1], "more": 1}', 422, "no-inputs"),
        (b'{"inputs": 1}', 422, "wrong-shape"),
    ],
)
def test_bad_json(body, status, code):
    with pytest.raises(Refusal) as caught:
        read_inputs(JSON, body)
    assert (caught.value.status, caught.value.code) == (status, code)


def test_brackets_in_strings_do_not_nest():
    with pytest.raises(Refusal) as caught:
        read_inputs(JSON, json.dumps({"inputs": ["[" * 50 + '"' + "{" * 50]}).encode() + b"x")
    assert caught.value.code == "invalid-json"


def test_bad_wolfram_list_says_where():
    with pytest.raises(Refusal, match="character 4") as caught:
        read_inputs(WOLFRAM, b"{1, Exit[]}")
    assert (caught.value.status, caught.value.code) == (400, "invalid-wolfram-list")


def test_both_languages_say_the_same():
    assert read_inputs(JSON, b'{"inputs": [[1, 2e-3], [-4, 0.5]]}') == read_inputs(
        WOLFRAM, b"{{1, 2*^-3}, {-4, 1/2}}"
    )


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ([1.0], "wrong-shape"),
        ([[1.0]], "wrong-shape"),
        ([[[1.0, 2.0]]], "wrong-shape"),
        ([], "wrong-shape"),
        ([[], []], "wrong-shape"),
        ([[1.0, 2.0], [1.0]], "ragged"),
        ([[1.0, 2.0], 1.0], "not-a-number"),
        ([1.0, None], "not-a-number"),
        ([1.0, True], "not-a-number"),
        ([1.0, "2"], "not-a-number"),
        ([1.0, {}], "not-a-number"),
        ([1.0, float("inf")], "not-finite"),
        ([1.0, 1e39], "out-of-range"),
        ([[0.0, 0.0]] * 4, "too-many"),
    ],
)
def test_numbers_that_do_not_fit(inputs, code):
    with pytest.raises(Refusal) as caught:
        fit_inputs(inputs, (2,), FLOAT32, batch=3)
    assert (caught.value.status, caught.value.code) == (422, code)


def test_one_example_or_several():
    assert fit_inputs([[1.0, 2.0]], (1, 2), FLOAT32).shape == (1, 1, 2)
    assert fit_inputs([[1.0, 2.0]] * 3, (2,), FLOAT32).shape == (3, 2)


@pytest.mark.parametrize("value", [0.5, 256.0, -1.0])
def test_quantized_models_get_whole_numbers_in_range(value):
    assert fit_inputs([255.0, 0.0], (2,), np.dtype("uint8")).dtype == np.uint8
    with pytest.raises(Refusal) as caught:
        fit_inputs([1.0, value], (2,), np.dtype("uint8"))
    assert caught.value.code == "out-of-range"


@given(some.lists(some.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1))
def test_float32_survives_both_languages(numbers):
    array = np.array([numbers], np.float32)
    answer = json.loads(write_outputs(JSON, array))["outputs"]
    assert np.array(answer, np.float32).tobytes() == array.tobytes()
    back = read_inputs(WOLFRAM, write_outputs(WOLFRAM, array))
    assert fit_inputs(back, array.shape[1:], FLOAT32).tobytes() == array.tobytes()


def test_an_answer_that_is_no_number_is_the_servers_fault():
    with pytest.raises(Refusal) as caught:
        write_outputs(JSON, np.array([np.nan]))
    assert caught.value.status == 500
