"""Graphs from the frameworks: the same counts, digits of the framework, equal subexpressions."""

import numpy as np
import pytest

from mlphys.physics.graph_gradient import gradient_graph, trace
from mlphys.physics.graph_sources import graph_of_concrete, graph_of_jaxpr
from mlphys.physics.graphs import depth, live, merged, operations, run, shared, work


def two_charges(x, y):
    left = (x - 1) * (x - 1) + y * y
    right = (x + 1) * (x + 1) + y * y
    return 1 / left**0.5 + 1 / right**0.5


def with_sqrt(sqrt):
    """Return the same function with a framework's square root."""

    def f(x, y):
        left = (x - 1) * (x - 1) + y * y
        right = (x + 1) * (x + 1) + y * y
        return 1 / sqrt(left) + 1 / sqrt(right)

    return f


def test_jaxpr_and_own_trace_have_the_same_graph():
    import jax
    import jax.numpy as jnp

    theirs = graph_of_jaxpr(jax.make_jaxpr(with_sqrt(jnp.sqrt))(1.0, 2.0), "xy")
    ours = trace(two_charges, "xy")
    assert [theirs.nodes[k].op for k in operations(theirs)] == [
        ours.nodes[k].op for k in operations(ours)
    ]
    assert work(merged(theirs)) == 12
    assert depth(theirs) == 6
    assert len(shared(ours, theirs)) == 15


def test_a_jaxpr_can_be_run_in_any_order_and_gives_jax_s_digits():
    import jax
    import jax.numpy as jnp

    def f(x, matrix):
        return jnp.sum(jnp.tanh(jnp.where(x > 0, x, 2 * x)) @ matrix)

    x, matrix = np.array([0.5, -1.0]), np.arange(6.0).reshape(2, 3)
    with jax.enable_x64(True):
        closed = jax.make_jaxpr(jax.grad(f))(x, matrix)
        graph = graph_of_jaxpr(closed)
        small = live(merged(graph))
        assert "jit" not in {node.op for node in graph.nodes}
        assert work(small) <= work(graph)
        expected = jax.grad(f)(x, matrix)
        np.testing.assert_allclose(run(graph, [x, matrix])[0], expected, rtol=1e-15)
        np.testing.assert_allclose(run(small, [x, matrix])[0], expected, rtol=1e-15)


def test_options_keep_operations_apart():
    import jax

    graph = graph_of_jaxpr(jax.make_jaxpr(lambda x: x.sum(0) + x.sum(1))(np.ones((2, 2))))
    sums = [k for k in operations(graph) if graph.nodes[k].op == "reduce_sum"]
    assert len(sums) == 2
    assert work(merged(graph)) == work(graph)


def test_an_operation_with_two_results_is_refused():
    import jax

    closed = jax.make_jaxpr(lambda x: jax.lax.top_k(x, 1)[0])(np.ones(3))
    with pytest.raises(ValueError, match="top_k has 2; write the function without it"):
        graph_of_jaxpr(closed)
    with pytest.raises(ValueError, match="expected 1 names, one an input; got 2"):
        graph_of_jaxpr(jax.make_jaxpr(lambda x: x)(1.0), "xy")


def test_concrete_functions_of_tensorflow():
    from mlphys.quiet import quiet_tensorflow

    tf = quiet_tensorflow()
    f = with_sqrt(tf.sqrt)

    def slopes(x, y):
        with tf.GradientTape() as tape:
            tape.watch([x, y])
            energy = f(x, y)
        return tape.gradient(energy, [x, y])

    specs = [tf.TensorSpec([], tf.float64, name=name) for name in "xy"]
    forward, back = (
        graph_of_concrete(tf.function(g).get_concrete_function(*specs)) for g in (f, slopes)
    )
    ours = trace(two_charges, "xy")
    assert work(forward) == 15
    assert depth(forward) == 6
    assert shared(ours, forward) == set(operations(forward))
    lean = live(merged(back))
    reused = shared(forward, lean)
    roots = [k for k in operations(lean) if lean.nodes[k].op == "sqrt"]
    assert len(roots) == 2
    assert set(roots) <= reused
    mine = live(gradient_graph(ours))
    assert len(shared(ours, mine)) == 14  # all but the last sum


def test_arrays_in_a_concrete_function_are_told_apart():
    from mlphys.quiet import quiet_tensorflow

    tf = quiet_tensorflow()
    f = tf.function(lambda x: x * tf.constant([1.0, 2.0]) + x * tf.constant([1.0, 3.0]))
    spec = tf.TensorSpec([2], tf.float32, name="x")
    graph = graph_of_concrete(f.get_concrete_function(spec))
    assert work(merged(graph)) == work(graph) == 3
