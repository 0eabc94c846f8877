"""What a chapter's outputs depend on, found by reading code without running it.

A chapter depends on its own code cells, on every module of the library that those cells import
(directly, or through other modules, or inside a function), on the package data that these modules
name, and on the third-party packages that they import. :class:`Library` answers which.

The analysis errs on the side of more: where code imports a module by a name that is computed at run
time, or a package resolves its attributes lazily, everything that could be meant counts.
"""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, cast

from IPython.core.inputtransformer2 import TransformerManager

__all__ = [
    "MEMORY",
    "CodeCell",
    "Imports",
    "Library",
    "Memory",
    "cell_imports",
    "code_cells",
    "file_digest",
]

FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,}|:{3,})\{code-cell\}")
EVERYTHING = "*"
FUNCTIONS = ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda


class CodeCell(NamedTuple):
    """One code cell of a chapter: the line on which it opens (from 1), and its code."""

    line: int
    source: str


@dataclass
class Imports:
    """What one piece of code asks for.

    Attributes
    ----------
    names : set of str
        Dotted names that an ``import`` could load; ``"*"`` where the code computes the name.
    eager : set of str
        Those that are loaded as soon as the code runs, not only when a function is called.
    strings : set of str
        String constants: they may name data files.
    lazy : bool
        Whether the code defines a module-level ``__getattr__``.
    """

    names: set[str] = field(default_factory=set)
    eager: set[str] = field(default_factory=set)
    strings: set[str] = field(default_factory=set)
    lazy: bool = False


class Memory:
    """What each piece of code asks for, by a digest of the code: most is unchanged since last time.

    Attributes
    ----------
    known : dict of str to Imports
        What an earlier build found.
    used : dict of str to Imports
        What this one asked for: what the next one should know.
    """

    def __init__(self) -> None:
        self.known: dict[str, Imports] = {}
        self.used: dict[str, Imports] = {}
        self._analysis = f"{sys.version}\n{file_digest(Path(__file__))}"

    def recall(self, code: str, read: Callable[[], Imports]) -> Imports:
        """Return what ``read()`` returns for this code, without reading where that is known."""
        key = hashlib.sha256(f"{self._analysis}\n{code}".encode()).hexdigest()
        if key not in self.used:
            self.used[key] = self.known[key] if key in self.known else read()
        return self.used[key]


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def code_cells(text: str) -> list[CodeCell]:
    """Return the code cells of a MyST chapter, each without its option block.

    Parameters
    ----------
    text : str
        Source of the chapter.

    Returns
    -------
    list of CodeCell
        In order.
    """
    cells: list[CodeCell] = []
    lines = iter(enumerate(text.splitlines(), start=1))
    for number, line in lines:
        opening = FENCE.match(line)
        if opening is None:
            continue
        fence = opening["fence"]
        closing = re.compile(rf"^ {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}\s*$")
        body: list[str] = []
        for _, inner in lines:
            if closing.match(inner):
                break
            body.append(inner)
        cells.append(CodeCell(number, "\n".join(_without_options(body))))
    return cells


def _without_options(body: list[str]) -> list[str]:
    """Drop the YAML block or the ``:key: value`` lines at the head of a cell."""
    if body and body[0].strip() == "---":
        for number, line in enumerate(body[1:], start=1):
            if line.strip() == "---":
                return body[number + 1 :]
    start = 0
    while start < len(body) and re.match(r"^:[\w-]+:", body[start]):
        start += 1
    return body[start:]


def cell_imports(sources: Iterable[str]) -> Imports:
    """Return what the code cells of a chapter ask for.

    A cell that is not Python even after IPython's own translation (magics, shell lines) could do
    anything, so it counts as asking for everything.
    """
    found = Imports()
    for source in sources:
        cell = MEMORY.recall(f"cell\n{source}", lambda source=source: _read_cell(source))
        found.names |= cell.names
        found.eager |= cell.eager
        found.strings |= cell.strings
        found.lazy = found.lazy or cell.lazy
    return found


def _read_cell(source: str) -> Imports:
    found = Imports()
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:
        found.names.add(EVERYTHING)
        return found
    _collect(tree, package="", found=found)
    for text in tuple(found.strings):  # `!python -m mlphys.datasets`, `%run -m ...`
        found.names.update(re.findall(r"\bmlphys(?:\.\w+)*", text))
    return found


def module_imports(text: str, package: str, file: str) -> Imports:
    """Return what a module with this text asks for."""
    return MEMORY.recall(f"{package} {file}\n{text}", lambda: _read_module(text, package, file))


def _read_module(text: str, package: str, file: str) -> Imports:
    found = Imports()
    _collect(ast.parse(text, file), package=package, found=found)
    found.strings = {text for text in found.strings if "\n" not in text}  # docstrings name no file
    return found


def _collect(tree: ast.Module, *, package: str, found: Imports) -> None:
    """Add to ``found`` what a syntax tree imports; ``package`` resolves relative imports."""
    aliases: dict[str, str] = {}
    nodes = list(_walk(tree))
    for node, deferred in nodes:
        names = set(_imported(node, package, aliases))
        found.names |= names
        if not deferred:
            found.eager |= names
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.strings.add(node.value)
    for node, _ in nodes:
        dotted = _dotted(node, aliases)
        if dotted:
            found.names.add(dotted)
    found.lazy = found.lazy or any(
        isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in tree.body
    )


def _walk(tree: ast.Module) -> Iterator[tuple[ast.AST, bool]]:
    """Yield every node that can run, outer ones first, and whether it is inside a function."""
    waiting = deque([(cast("ast.AST", tree), False)])
    while waiting:
        node, deferred = waiting.popleft()
        if isinstance(node, ast.If) and _for_type_checkers(node):
            continue
        deferred = deferred or isinstance(node, FUNCTIONS)
        yield node, deferred
        waiting.extend((inner, deferred) for inner in ast.iter_child_nodes(node))


def _for_type_checkers(node: ast.AST) -> bool:
    """Return whether an ``if`` tests ``TYPE_CHECKING``: its body never runs."""
    test = getattr(node, "test", None)
    return getattr(test, "attr", getattr(test, "id", "")) == "TYPE_CHECKING"


def _imported(node: ast.AST, package: str, aliases: dict[str, str]) -> Iterator[str]:
    """Yield the dotted names that one syntax node imports, and remember what they are called."""
    if isinstance(node, ast.Import):
        for item in node.names:
            first = item.name.partition(".")[0]
            aliases[item.asname or first] = item.name if item.asname else first
            yield item.name
    elif isinstance(node, ast.ImportFrom):
        base = _base(node, package)
        yield base
        for item in node.names:
            aliases[item.asname or item.name] = f"{base}.{item.name}"
            yield f"{base}.{item.name}"
    elif isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__"}:
        name = node.args[0] if node.args else None
        value = name.value if isinstance(name, ast.Constant) else None
        if not isinstance(value, str):
            yield EVERYTHING
        elif value.startswith("."):
            yield package + value
        else:
            yield value


def _base(node: ast.ImportFrom, package: str) -> str:
    """Return the absolute module that ``from ... import`` names."""
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    parts = parts[: len(parts) - (node.level - 1)]
    return ".".join([*parts, *([node.module] if node.module else [])])


def _called(node: ast.Call) -> str:
    function = node.func
    return getattr(function, "attr", getattr(function, "id", ""))


def _dotted(node: ast.AST, aliases: dict[str, str]) -> str:
    """Return ``mlphys.part.module`` for an attribute chain that starts at an imported name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not parts or not isinstance(node, ast.Name) or node.id not in aliases:
        return ""
    return ".".join([aliases[node.id], *reversed(parts)])


MEMORY = Memory()
"""Shared by all of a build; see :func:`mlphys_book.execution.remember_imports`."""


@dataclass(frozen=True)
class Library:
    """A package on disk, read but never imported.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the package, for example ``src/mlphys``; its name is the package's name.
    """

    folder: Path

    @property
    def name(self) -> str:
        """Return the package's name."""
        return self.folder.name

    @cached_property
    def modules(self) -> dict[str, Path]:
        """Return the file of every module, by dotted name."""
        files = sorted(self.folder.rglob("*.py"))
        return {self._module_name(path): path for path in files}

    @cached_property
    def data(self) -> list[Path]:
        """Return the package's other files, without caches and texts about the data."""
        return [
            path
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
            and path.suffix not in {".py", ".pyc", ".typed"}
            and not path.name.startswith(("README", "LICENSE"))
        ]

    @cached_property
    def imports(self) -> dict[str, Imports]:
        """Return what every module asks for, by dotted name."""
        table: dict[str, Imports] = {}
        for name, path in self.modules.items():
            package = name if path.name == "__init__.py" else name.rpartition(".")[0]
            table[name] = module_imports(path.read_text("utf-8"), package, str(path))
        return table

    def _module_name(self, path: Path) -> str:
        parts = [self.name, *path.relative_to(self.folder).with_suffix("").parts]
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def loaded_by(self, names: Iterable[str]) -> set[str]:
        """Return the library's modules that importing these names loads, at once or later.

        Parameters
        ----------
        names : iterable of str
            Dotted names as in :attr:`Imports.names`. Importing ``mlphys.a.b`` also runs the
            ``__init__`` of ``mlphys`` and of ``mlphys.a``.

        Returns
        -------
        set of str
            Dotted names, closed under the modules' own imports.
        """
        found: set[str] = set()
        waiting = set().union(*(self._modules_of(name) for name in names))
        while waiting:
            module = waiting.pop()
            found.add(module)
            waiting |= self.needs[module] - found
        return found

    @cached_property
    def needs(self) -> dict[str, set[str]]:
        """Return the modules that each module's own imports load, by dotted name."""
        table: dict[str, set[str]] = {}
        for module, asked in self.imports.items():
            table[module] = set().union(*(self._modules_of(name) for name in asked.names))
            if asked.lazy:
                table[module] |= {name for name in self.modules if name.startswith(module + ".")}
        return table

    def _modules_of(self, name: str) -> set[str]:
        """Return the modules that one dotted name stands for, its packages included."""
        if name == EVERYTHING:
            return set(self.modules)
        parts = name.split(".")
        if parts[0] != self.name:
            return set()
        if parts[-1] == EVERYTHING:  # from package import *
            parts = parts[:-1]
        stems = (".".join(parts[: count + 1]) for count in range(len(parts)))
        return {stem for stem in stems if stem in self.modules}

    def data_of(self, modules: Iterable[str]) -> set[Path]:
        """Return the package data that these modules may read.

        A data file belongs to the modules that name it. A file that no module names could be read
        by any of them, so it counts for all.
        """
        modules = set(modules)
        return {
            path
            for path, owners in self.owners.items()
            if modules and (not owners or owners & modules)
        }

    @cached_property
    def owners(self) -> dict[Path, set[str]]:
        """Return the modules that name each data file, by its name or a path that ends in it."""
        table: dict[str, set[str]] = {path.name: set() for path in self.data}
        for module, found in self.imports.items():
            for text in found.strings:
                name = text.rpartition("/")[2]
                if name in table:
                    table[name].add(module)
        return {path: table[path.name] for path in self.data}

    def packages_of(self, cells: Imports) -> set[str]:
        """Return the third-party packages that a chapter cannot start without.

        Those are the ones its cells import, and the ones that the library's modules import at
        their top; what a module imports inside a function, it can usually do without.
        """
        names = set(cells.names)
        for module in self.loaded_by(cells.names):
            names |= self.imports[module].eager
        return {name.partition(".")[0] for name in names} - {self.name, EVERYTHING, ""}

    def digest(self, cells: Imports) -> str:
        """Return one digest of all of the library that code with these imports can see."""
        modules = self.loaded_by(cells.names)
        files = {self.modules[name] for name in modules} | self.data_of(modules)
        total = hashlib.sha256()
        for path in sorted(files):
            total.update(
                f"{path.relative_to(self.folder).as_posix()} {file_digest(path)}\n".encode()
            )
        return total.hexdigest()
