"""What traced functions print call by call, and how their errors read."""

from importlib import metadata

import numpy as np
import pytest

from mlphys.frameworks.tracing import printed_by, shortened, without_paths

tf = pytest.importorskip("tensorflow")
FIVE = ["float64", "float64", "float32", "float32", "float64"]


def report(x):
    print("body", x.dtype.name)
    return 2 * x


def test_a_graph_prints_when_it_is_traced_and_eager_code_always():
    given = [tf.constant(float(k), dtype) for k, dtype in enumerate(FIVE)]
    assert [len(lines) for lines in printed_by(tf.function(report), given)] == [1, 0, 1, 0, 0]
    assert [len(lines) for lines in printed_by(report, given)] == [1] * 5


def test_jax_traces_at_the_same_calls():
    jax = pytest.importorskip("jax")
    with jax.enable_x64(True):
        given = [jax.numpy.asarray(float(k), dtype) for k, dtype in enumerate(FIVE)]
        assert [len(lines) for lines in printed_by(jax.jit(report), given)] == [1, 0, 1, 0, 0]


def test_python_numbers_are_traced_one_by_one_and_tensors_are_not():
    traced = tf.function(lambda x: print("body"))
    assert sum(map(len, printed_by(traced, range(5)))) == 5
    traced = tf.function(lambda x: print("body"))
    assert sum(map(len, printed_by(traced, map(tf.constant, range(5))))) == 1


def test_an_impossible_branch_raises_while_tracing_and_names_no_path():
    @tf.function
    def root(x):
        if x >= 0:
            return tf.sqrt(x)
        else:
            assert False, "negative"  # noqa: B011
            return x

    with pytest.raises(AssertionError, match="negative") as caught, without_paths():
        root(tf.constant(4.0))
    assert "/" not in str(caught.value) and "File" not in str(caught.value)
    assert "line" in str(caught.value)


def test_the_branch_not_taken_poisons_a_gradient_and_two_wheres_cure_it():
    x = tf.constant([0.0, 2.0])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        single = tf.where(x > 0, tf.sin(x) / x, 1.0)
        safe = tf.where(x > 0, x, 1.0)
        double = tf.where(x > 0, tf.sin(safe) / safe, 1.0)
    slope = np.cos(2) / 2 - np.sin(2) / 4
    np.testing.assert_allclose(tape.gradient(single, x), [np.nan, slope], rtol=1e-6)
    np.testing.assert_allclose(tape.gradient(double, x), [0.0, slope], rtol=1e-6)


class Stubborn(ValueError):
    def __str__(self):
        return 'File "/x/y.py", line 1, in f'


def test_an_exception_that_makes_its_own_message_keeps_it():
    with pytest.raises(Stubborn, match=r"/x/y\.py") as caught, without_paths():
        raise Stubborn("a", "b")
    assert caught.value.args == ("a", "b")


def test_message_keeps_what_is_no_path():
    message = 'in user code:\n\n    File "/x/y z.py", line 12, in f  *\n        g(x)\n\n    E: no\n'
    assert shortened(message) == "in user code:\n    line 12, in f\n        g(x)\n    E: no"
    assert shortened("tracing f at /x/y.py:7 for jit. It") == "tracing f at line 7 for jit. It"
    assert shortened("tracing f at <a-b-c>:12 for jit") == "tracing f at line 12 for jit"
    assert shortened("no path here, at 12:30") == "no path here, at 12:30"


def test_jax_calls_itself_a_research_project_and_production_at_once():
    about = metadata.distribution("jax")
    text = about.read_text("METADATA") or ""
    assert "This is a research project" in text
    assert "Classifier: Development Status :: 5 - Production/Stable" in text
