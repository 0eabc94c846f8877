"""Straight-line programs in which no name is ever reused, and what that sets free.

Static single assignment (SSA) gives each assignment a name of its own [1]_. Compilers translate
to it before they optimize, and processors do the same with registers while a program runs [2]_:
then only true dependences remain, of a value on what it is computed from.

Chapter: ``book/language/queries.md``.

References
----------
.. [1] Cytron, Ferrante, Rosen, Wegman, Zadeck (1991), doi:10.1145/115372.115320
.. [2] Tomasulo (1967), doi:10.1147/rd.111.0025
"""

from __future__ import annotations

import ast
from collections import Counter

__all__ = ["schedule", "single_assignment"]

ALLOWED = (
    ast.BinOp,
    ast.UnaryOp,
    ast.Name,
    ast.Constant,
    ast.operator,
    ast.unaryop,
    ast.expr_context,
)


def single_assignment(source: str) -> str:
    """Return the program with a new name for every assignment.

    ``x`` becomes ``x_0`` where it is read before it is assigned (an input), and ``x_1``,
    ``x_2``, … after its first, second, … assignment.

    Parameters
    ----------
    source : str
        Lines of the form ``name = expression`` or ``name += expression`` (any operator), with
        numbers, names and arithmetic only.

    Raises
    ------
    ValueError
        If a line is anything else; the message gives its number.

    Examples
    --------
    >>> print(single_assignment("x = a + 1\\nx = x * x\\ny = x - a"))
    x_1 = a_0 + 1
    x_2 = x_1 * x_1
    y_1 = x_2 - a_0
    """
    version: Counter[str] = Counter()
    lines = []
    for target, value in _assignments(source):
        for node in ast.walk(value):
            if isinstance(node, ast.Name):
                node.id = f"{node.id}_{version[node.id]}"
        version[target] += 1
        lines.append(f"{target}_{version[target]} = {ast.unparse(value)}")
    return "\n".join(lines)


def schedule(source: str) -> list[int]:
    """Return the step at which each line can run if lines wait only for those they conflict with.

    Two lines conflict if one writes a name that the other reads or writes. The later one then
    runs at least one step after the earlier one. Every line takes one step, and any number of
    lines may share a step.

    Parameters
    ----------
    source : str
        As for :func:`single_assignment`.

    Returns
    -------
    list of int
        One step for each line, counted from 1; the largest is the length of the program.

    Raises
    ------
    ValueError
        As for :func:`single_assignment`.

    Examples
    --------
    >>> program = "t = a * a\\np = t + 1\\nt = b * b\\nq = t + 1"
    >>> schedule(program), schedule(single_assignment(program))
    ([1, 2, 3, 4], [1, 2, 1, 2])
    """
    steps: list[int] = []
    seen: list[tuple[str, set[str]]] = []
    for target, value in _assignments(source):
        reads = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
        earlier = [
            step
            for step, (written, read) in zip(steps, seen, strict=True)
            if written in reads or target in read or target == written
        ]
        steps.append(1 + max(earlier, default=0))
        seen.append((target, reads))
    return steps


def _assignments(source: str) -> list[tuple[str, ast.expr]]:
    """Return target and value of each line, ``x += y`` rewritten as ``x = x + y``."""
    pairs = []
    for node in ast.parse(source).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value):
                pass
            case ast.AugAssign(target=ast.Name(id=target), op=op, value=right):
                value = ast.BinOp(ast.Name(target, ast.Load()), op, right)
            case _:
                raise _refuse(node, source)
        if not all(isinstance(part, ALLOWED) for part in ast.walk(value)):
            raise _refuse(node, source)
        pairs.append((target, value))
    return pairs


def _refuse(node: ast.stmt, source: str) -> ValueError:
    return ValueError(
        f"line {node.lineno}: expected 'name = arithmetic of names and numbers';"
        f" got {source.splitlines()[node.lineno - 1]!r}"
    )
