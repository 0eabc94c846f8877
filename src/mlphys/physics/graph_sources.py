"""Graphs of what the frameworks traced: from a jaxpr of JAX, from a TensorFlow concrete function.

Neither framework is imported here: their objects arrive as arguments.

Chapter: ``book/physics/graphs.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlphys.physics.graphs import Graph, Node

__all__ = ["graph_of_concrete", "graph_of_jaxpr"]

INLINED = ("jit", "pjit", "closed_call", "core_call")  # calls whose body is part of the graph
SAME: dict[str, str] = {"add_any": "add", "AddV2": "add", "Sub": "sub", "Mul": "mul"}
SAME |= {
    "RealDiv": "div",
    "Placeholder": "input",
    "Const": "const",
    "Sqrt": "sqrt",
    "Neg": "neg",
    "AddN": "addn",
}


def graph_of_jaxpr(closed: Any, names: Sequence[str] = ()) -> Graph:
    """Return the graph of a closed jaxpr, as ``jax.make_jaxpr(f)(*args)`` gives it.

    Bodies of inner ``jit`` calls are written in place. The nodes can be run by
    :func:`mlphys.physics.graphs.run`.

    Parameters
    ----------
    closed : jax.extend.core.ClosedJaxpr
        Whose operations have one result each.
    names : sequence of str, optional
        Names of the inputs; by default their places.

    Raises
    ------
    ValueError
        If an operation has several results, or the number of names is not that of the inputs.

    Examples
    --------
    >>> import jax
    >>> closed = jax.make_jaxpr(lambda x: x * x + 1.0)(2.0)
    >>> [node.op for node in graph_of_jaxpr(closed).nodes]
    ['input', 'mul', 'const', 'add']
    """
    count = len(closed.jaxpr.invars)
    names = list(names) or [str(k) for k in range(count)]
    if len(names) != count:
        raise ValueError(f"graph_of_jaxpr: expected {count} names, one an input; got {len(names)}")
    nodes: list[Node] = [Node("input", (), name) for name in names]
    outputs = _append(nodes, closed.jaxpr, closed.consts, list(range(count)))
    return Graph(tuple(nodes), tuple(outputs))


def _append(
    nodes: list[Node], jaxpr: Any, consts: Sequence[Any], arguments: list[int]
) -> list[int]:
    """Append the operations of a jaxpr to the nodes; return where its results are."""
    known = dict(zip(map(id, jaxpr.invars), arguments, strict=True))
    for variable, value in zip(jaxpr.constvars, consts, strict=True):
        known[id(variable)] = _constant(nodes, value)

    def place(atom: Any) -> int:
        return _constant(nodes, atom.val) if hasattr(atom, "val") else known[id(atom)]

    for equation in jaxpr.eqns:
        name, inputs = equation.primitive.name, [place(atom) for atom in equation.invars]
        if name in INLINED:
            inner = equation.params["jaxpr"]
            results = _append(nodes, inner.jaxpr, inner.consts, inputs)
        elif len(equation.outvars) == 1:
            nodes.append(_operation(equation, tuple(inputs)))
            results = [len(nodes) - 1]
        else:
            raise ValueError(
                f"graph_of_jaxpr: expected operations with one result; {name} has "
                f"{len(equation.outvars)}; write the function without it"
            )
        known.update(zip(map(id, equation.outvars), results, strict=True))
    return [place(atom) for atom in jaxpr.outvars]


def _constant(nodes: list[Node], value: Any) -> int:
    shown = f"{value:g}" if getattr(value, "ndim", 0) == 0 else f"array {value.shape} #{id(value)}"
    nodes.append(Node("const", (), shown, lambda: value))
    return len(nodes) - 1


def _operation(equation: Any, inputs: tuple[int, ...]) -> Node:
    primitive, options = equation.primitive, equation.params
    detail = ", ".join(f"{key}={value}" for key, value in options.items() if value is not None)
    function = lambda *values: primitive.bind(*values, **options)
    return Node(SAME.get(primitive.name) or primitive.name, inputs, detail, function)


def graph_of_concrete(concrete: Any) -> Graph:
    """Return the graph of a TensorFlow concrete function, as ``get_concrete_function`` gives it.

    ``Identity`` nodes only carry a result to the outside and are left out. The nodes have no
    functions: TensorFlow runs its own graph.

    Parameters
    ----------
    concrete : tf.types.experimental.ConcreteFunction
        Traced for inputs with names (``tf.TensorSpec(..., name="x")``).

    Examples
    --------
    >>> from mlphys.quiet import quiet_tensorflow
    >>> tf = quiet_tensorflow()
    >>> f = tf.function(lambda x: x * x + 1.0)
    >>> x = tf.TensorSpec([], tf.float32, name="x")
    >>> [node.op for node in graph_of_concrete(f.get_concrete_function(x)).nodes]
    ['input', 'mul', 'const', 'add']
    """
    nodes: list[Node] = []
    number: dict[str, int] = {}
    for op in concrete.graph.get_operations():
        if op.type == "Identity":
            number[op.name] = number[op.inputs[0].op.name]
            continue
        number[op.name] = len(nodes)
        inputs = tuple(number[tensor.op.name] for tensor in op.inputs)
        nodes.append(Node(SAME.get(op.type) or op.type, inputs, _detail(op)))
    return Graph(tuple(nodes), tuple(number[t.op.name] for t in concrete.graph.outputs))


def _detail(op: Any) -> str:
    """Return what decides an operation's value beside its inputs."""
    if op.type == "Placeholder":
        return op.name
    if op.type == "Const":
        value = op.get_attr("value")
        shape = [int(size.size) for size in value.tensor_shape.dim]
        numbers = [
            v for field in ("double_val", "float_val", "int_val") for v in getattr(value, field)
        ]
        if not shape and len(numbers) == 1:
            return f"{numbers[0]:g}"
        return f"array {shape} {value.SerializeToString().hex()}"
    results = [tensor.value_index for tensor in op.inputs]
    options = sorted(op.node_def.attr.items())
    text = ", ".join(
        f"{key}={' '.join(str(value).split())}" for key, value in options if key != "T"
    )
    return text + (f" of results {results}" if any(results) else "")
