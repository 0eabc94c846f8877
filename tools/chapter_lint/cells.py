"""Rules about code cells: their size, and what two builds must not disagree on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress

from .chapter import Block, Chapter, Fault

__all__ = ["check_cell_size", "check_randomness", "check_timings", "parse"]

LONGEST = 25
"""Lines of a cell that a reader sees unfolded."""
WIDEST = 100
"""Characters of a line, as in the library."""
EXPLICIT = {
    "BitGenerator", "Generator", "MT19937", "PCG64", "PCG64DXSM", "Philox", "RandomState", "SFC64",
    "SeedSequence", "default_rng",
}  # fmt: skip
CLOCKS = {
    "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time",
    "process_time_ns", "thread_time", "time", "time_ns",
}  # fmt: skip
SEEDED = re.compile(r"\b(?:keras|tf\.keras)\.utils\.set_random_seed\(|\btf\.random\.set_seed\(")


def parse(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell, without its IPython lines; None if it is no Python."""
    with suppress(SyntaxError):
        return ast.parse(source)
    plain = "\n".join("" if re.match(r"\s*[%!?]", line) else line for line in source.splitlines())
    with suppress(SyntaxError):
        return ast.parse(plain)
    return None


def check_cell_size(chapter: Chapter) -> Iterator[Fault]:
    """Yield shown cells that are a wall of code, and lines that run out of the page."""
    for cell in chapter.cells:
        lines = cell.text.strip("\n").splitlines()
        if cell.shown and len(lines) > LONGEST:
            yield Fault(cell.line, "cell-length", f"a cell of {len(lines)} lines",
                        f"at most {LONGEST} can be read at once: cut it in two with a sentence "
                        "between, move it to the library, or fold it (tag hide-input)")  # fmt: skip
        first = _first_line(cell)
        for number, line in enumerate(cell.text.splitlines() if cell.on_page else ()):
            if len(line) > WIDEST:
                yield Fault(first + number, "line-length", f"a line of {len(line)} characters",
                            f"at most {WIDEST}, and 75 where a phone is to show it whole: break it")  # fmt: skip


def _first_line(cell: Block) -> int:
    """Return the line of a cell's first line of code; options stand between fence and code."""
    return cell.line + 1 + cell.skipped


def _calls(chapter: Chapter) -> Iterator[tuple[Block, ast.Call, str]]:
    """Yield each call in the cells with the dotted name that is called."""
    for cell in chapter.cells:
        tree = parse(cell.text)
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.Call):
                yield cell, node, ast.unparse(node.func)


def _line(cell: Block, node: ast.AST) -> int:
    return _first_line(cell) + getattr(node, "lineno", 1) - 1


def _names_from(chapter: Chapter, module: str) -> dict[str, str]:
    """Return what ``from module import ...`` in the cells imports: its name here and there."""
    found = {}
    for cell in chapter.cells:
        tree = parse(cell.text)
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.ImportFrom) and node.module == module:
                found |= {alias.asname or alias.name: alias.name for alias in node.names}
    return found


def check_randomness(chapter: Chapter) -> Iterator[Fault]:
    """Yield random numbers that another build would draw differently."""
    rule = "unseeded"
    seeded = any(SEEDED.search(cell.text) for cell in chapter.cells)
    from_random = {
        here for here, there in _names_from(chapter, "random").items() if there != "Random"
    }
    for cell, call, name in _calls(chapter):
        fault = _random_fault(call, name, from_random, seeded=seeded)
        if fault:
            yield Fault(_line(cell, call), rule, *fault)


def _random_fault(
    call: ast.Call, name: str, from_random: set[str], *, seeded: bool
) -> tuple[str, str] | None:
    """Return what is wrong with a call, and the fix; None if nothing is."""
    bare = not call.args and not call.keywords
    keywords = {keyword.arg for keyword in call.keywords}
    head, _, last = name.rpartition(".")
    if last in {"default_rng", "RandomState"} and bare:
        return f"`{name}()` without a seed", "pass one, as `np.random.default_rng(1905)`"
    if head in {"np.random", "numpy.random"} and last not in EXPLICIT:
        return f"`{name}` uses a generator that all code shares", (
            "make your own, `rng = np.random.default_rng(1905)`, and call its methods"
        )
    if name == "random.Random" and bare:
        return "`random.Random()` without a seed", "pass one, as `random.Random(1905)`"
    if (head == "random" and last not in {"Random", "seed"}) or (not head and name in from_random):
        return f"`{name}` uses a generator that all code shares", (
            "take a NumPy generator, or `random.Random(1905)`"
        )
    if seeded or "seed" in keywords:
        return None
    if head in {"tf.random", "tensorflow.random", "keras.random", "tf.keras.random"}:
        if last not in {"set_seed", "SeedGenerator"}:
            return f"`{name}` without a seed", "pass `seed=`, or call keras.utils.set_random_seed"
    elif last == "shuffle" and len(call.args) == 1 and not head.endswith("rng"):
        argument = call.args[0]
        if isinstance(argument, ast.Constant) or "buffer_size" in keywords:
            return f"`{name}` shuffles without a seed", "pass `seed=`"
    return None


def check_timings(chapter: Chapter) -> Iterator[Fault]:
    """Yield clocks that are read in cells: the measuring helper warms up, waits, and repeats."""
    imported = {here for here, there in _names_from(chapter, "time").items() if there in CLOCKS}
    for cell, call, name in _calls(chapter):
        head, _, last = name.rpartition(".")
        if (
            (head == "time" and last in CLOCKS)
            or (not head and name in imported)
            or (head == "timeit")
        ):
            yield Fault(_line(cell, call), "timing", f"a cell reads a clock itself: `{name}`",
                        "use `measure` or `single_thread` of mlphys.timing; in a listing that is "
                        "about clocks, switch this rule off")  # fmt: skip
    for cell in chapter.cells:
        if re.search(r"^\s*%%?time(it)?\b", cell.text, re.MULTILINE):
            yield Fault(cell.line, "timing", "a cell uses %time", "use `measure` of mlphys.timing")
