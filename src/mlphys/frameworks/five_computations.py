"""The same five computations in four systems: their inputs, lines, results and times.

The computations stand in :mod:`~mlphys.frameworks.five_numpy`,
:mod:`~mlphys.frameworks.five_tensorflow` and :mod:`~mlphys.frameworks.five_jax`. The systems are
NumPy with the tape of :mod:`mlphys.derivatives.tape`, TensorFlow's ``tf.function`` as it is and with
``jit_compile=True`` (XLA), and JAX's ``jit``. All work in float64. Times are processor times of all threads, which depend little
on what else the machine does. :func:`systems` imports TensorFlow
and JAX; importing this module imports neither.

Chapter: ``book/frameworks/tracing.md``.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

import numpy as np

from mlphys.datasets import load_mnist
from mlphys.derivatives.tape import value_and_gradient
from mlphys.frameworks import five_numpy
from mlphys.timing import Timing, measure, readable

__all__ = [
    "NAMES",
    "Row",
    "System",
    "as_table",
    "code_lines",
    "compare",
    "disagreement",
    "make_inputs",
    "run",
    "systems",
]

NAMES = ("box", "film", "pendulum", "charges", "net")


class System(NamedTuple):
    """How one system takes arrays, compiles a function and differentiates it.

    Attributes
    ----------
    functions : module
        Where the five functions stand.
    array : callable
        From a NumPy array to the array of the system.
    compiled : callable
        From a function to a freshly compiled one; nothing is compiled before its first call.
    both : callable
        From a function to one that returns its value and its gradient by the first argument.
    precision : callable
        Returns a context in which the system computes in float64.
    """

    functions: Any
    array: Callable
    compiled: Callable
    both: Callable
    precision: Callable[[], AbstractContextManager] = nullcontext


class Row(NamedTuple):
    """One computation in one system.

    Attributes
    ----------
    lines : int
        Lines of code without docstring, comments and signature.
    compile : float
        Seconds of processor time by which the first call of value and gradient exceeds a later one.
    value, both : Timing
        Processor time of a later call of the value, and of value and gradient.
    answers : tuple of (float, ndarray)
        Value and gradient, for the timed arguments first, then for each of the others.
    """

    lines: int
    compile: float
    value: Timing
    both: Timing
    answers: tuple[tuple[float, np.ndarray], ...]

    @property
    def ratio(self) -> float:
        """Cost of value and gradient in evaluations of the value."""
        return self.both.median / self.value.median


def make_inputs(*, rng: np.random.Generator) -> dict[str, tuple[np.ndarray, ...]]:
    """Return the arguments of each of the five functions, as NumPy arrays of float64.

    Parameters
    ----------
    rng : numpy.random.Generator
        For the dents of the film, the places of the charges and the weights of the net.

    Returns
    -------
    dict of str to tuple of ndarray

    Examples
    --------
    >>> inputs = make_inputs(rng=np.random.default_rng(1))
    >>> {name: arrays[0].shape for name, arrays in inputs.items()}
    {'box': (4,), 'film': (30, 60), 'pendulum': (2,), 'charges': (300, 3), 'net': (50, 794)}
    """
    rows, angles = 30, 60
    phi = 2 * np.pi * np.arange(angles) / angles
    sides = np.stack([np.cos(phi), np.sin(phi), np.zeros(angles)], axis=-1)
    heights = np.linspace(0, 18, rows + 2)[:, None, None] * np.array([0.0, 0.0, 1.0])
    digits = load_mnist()
    images = digits.test_images[:500].reshape(500, -1) / 255
    return {
        "box": (np.array([2.0, 5.0, 7.0, 11.0]),),
        "film": (
            14 + 0.3 * rng.normal(size=(rows, angles)),
            np.full((1, angles), 14.0),
            sides,
            heights,
        ),
        "pendulum": (np.array([2.0, 0.0]), np.full(1000, 0.01)),
        "charges": (rng.normal(size=(300, 3)),),
        "net": (
            0.05 * rng.normal(size=(50, images.shape[1] + 10)),
            images,
            np.eye(10)[digits.test_labels[:500]],
        ),
    }


def code_lines(function: Callable) -> int:
    """Return the number of lines in the body of a function, without docstring and comments.

    Examples
    --------
    >>> code_lines(five_numpy.box)
    2
    """
    source = textwrap.dedent(inspect.getsource(function))
    definition = ast.parse(source).body[0]
    assert isinstance(definition, ast.FunctionDef)
    body = definition.body[1:] if ast.get_docstring(definition) else definition.body
    lines = source.splitlines()[body[0].lineno - 1 :]
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in lines)


def systems() -> dict[str, System]:
    """Return the four systems by name; imports TensorFlow and JAX.

    Examples
    --------
    >>> list(systems())
    ['NumPy + tape', 'TensorFlow', 'TensorFlow, XLA', 'JAX']
    """
    import jax

    from mlphys.frameworks import five_jax, five_tensorflow

    tf = five_tensorflow.tf

    def graph(**options: Any) -> System:
        def both(function: Callable) -> Callable:
            def value_and_slopes(x: Any, *rest: Any) -> tuple:
                with tf.GradientTape() as tape:
                    tape.watch(x)
                    y = function(x, *rest)
                return y, tape.gradient(y, x)

            return tf.function(value_and_slopes, **options)

        compiled = lambda function: tf.function(function, **options)
        return System(five_tensorflow, tf.constant, compiled, both)

    return {
        "NumPy + tape": System(five_numpy, np.asarray, lambda f: f, value_and_gradient),
        "TensorFlow": graph(),
        "TensorFlow, XLA": graph(jit_compile=True),
        "JAX": System(
            five_jax,
            jax.numpy.asarray,
            jax.jit,
            lambda f: jax.jit(jax.value_and_grad(f)),
            lambda: jax.enable_x64(True),
        ),
    }


def run(
    system: System,
    name: str,
    arguments: tuple[np.ndarray, ...],
    *others: tuple[np.ndarray, ...],
    repeats: int = 20,
) -> Row:
    """Compile one of the five computations, call it, and time it.

    Parameters
    ----------
    system : System
    name : str
        One of :data:`NAMES`.
    arguments : tuple of ndarray
        From :func:`make_inputs`.
    *others : tuple of ndarray
        Further arguments of the same shapes, computed without being timed.
    repeats : int
        Number of measured calls; the first call is not among them.

    Returns
    -------
    Row

    Raises
    ------
    ValueError
        If the name is unknown.

    Examples
    --------
    >>> numpy_and_tape = System(five_numpy, np.asarray, lambda f: f, value_and_gradient)
    >>> row = run(numpy_and_tape, "box", (np.array([2.0, 5.0, 7.0, 11.0]),), repeats=2)
    >>> row.answers
    ((1438.0, array([334., 226., 174., 118.])),)
    """
    if name not in NAMES:
        raise ValueError(f"run: expected a computation among {', '.join(NAMES)}; got {name!r}")
    function = getattr(system.functions, name)
    with system.precision():
        given = tuple(system.array(argument) for argument in arguments)
        both = system.both(function)
        start = time.process_time()
        answers = [_plain(both(*given))]  # which waits for the device
        first = time.process_time() - start
        later = measure(both, *given, repeats=repeats, clock="cpu")
        alone = measure(system.compiled(function), *given, repeats=repeats, clock="cpu")
        answers += [_plain(both(*map(system.array, other))) for other in others]
    compiling = max(first - later.median, 0.0)
    return Row(code_lines(function), compiling, alone, later, tuple(answers))


def _plain(answer: tuple[Any, Any]) -> tuple[float, np.ndarray]:
    return float(answer[0]), np.asarray(answer[1])


def compare(
    *inputs: dict[str, tuple[np.ndarray, ...]], repeats: int = 20
) -> dict[str, dict[str, Row]]:
    """Return a row for each computation and system, as ``rows[computation][system]``.

    Imports TensorFlow and JAX.

    Parameters
    ----------
    *inputs : dict
        From :func:`make_inputs`; the first is timed.
    repeats : int
        Number of measured calls.
    """
    there = systems()
    return {
        name: {
            key: run(system, name, *(given[name] for given in inputs), repeats=repeats)
            for key, system in there.items()
        }
        for name in inputs[0]
    }


def disagreement(rows: dict[str, Row]) -> float:
    """Return the largest relative deviation from the first system, of any value or gradient.

    Parameters
    ----------
    rows : dict of str to Row
        One computation in several systems. Deviations of a gradient are relative to its largest
        component.

    Examples
    --------
    >>> timing = Timing(1.0, 0.0, 1.0, 1, "wall")
    >>> one, other = (Row(1, 0.0, timing, timing, ((v, np.array([2.0])),)) for v in (4.0, 5.0))
    >>> disagreement({"one": one, "other": other})
    0.25
    """
    first, *others = rows.values()
    gaps = [0.0]
    for other in others:
        for (value, slope), (their_value, their_slope) in zip(
            first.answers, other.answers, strict=True
        ):
            gaps.append(abs(their_value / value - 1))
            gaps.append(float(np.abs(their_slope - slope).max() / np.abs(slope).max()))
    return max(gaps)


def as_table(rows: dict[str, dict[str, Row]]) -> str:
    """Return the rows as text: lines, time to compile, times of value and gradient, their ratio.

    Examples
    --------
    >>> timing = Timing(0.001, 0.0, 0.001, 1, "wall")
    >>> print(as_table({"box": {"JAX": Row(2, 0.25, timing, timing, ())}}))
                          lines  compile    value  + gradient  ratio
    box       JAX             2   250 ms     1 ms        1 ms    1.0
    """
    text = [f"{'':22}{'lines':>5}{'compile':>9}{'value':>9}{'+ gradient':>12}{'ratio':>7}"]
    for name, systems_ in rows.items():
        for key, row in systems_.items():
            compiling = "–" if key == "NumPy + tape" else readable(row.compile)
            text.append(
                f"{name:10}{key:15}{row.lines:2}{compiling:>9}{readable(row.value.median):>9}"
                f"{readable(row.both.median):>12}{row.ratio:7.1f}"
            )
            name = ""
    return "\n".join(text)
