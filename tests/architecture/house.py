"""The package as the laws see it: its modules, and the rows that docs/architecture.md gives them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

_ROW = re.compile(r"^\| (?P<layer>\d) \| `(?P<name>[\w/]+(?:\.py|/))` \| (?P<sentence>.+?) \|$", re.MULTILINE)
_ROOM = re.compile(r"^\| (?P<libraries>`[\w`, ]+`) \| (?P<rooms>.+?) \|$", re.MULTILINE)

# Calls whose first argument names a module: one imported, or one whose data is read.
_BY_NAME = {"import_module", "__import__", "files"}


@dataclass(frozen=True)
class Row:
    """A line of the table of layers: `cli.py`, `stores/` or `stores/journal.py`."""

    name: str
    layer: int
    sentence: str


@dataclass(frozen=True)
class Import:
    """What a module imports, by its dotted name; `at_top` if that happens as the module is imported."""

    target: str
    line: int
    at_top: bool


@dataclass(frozen=True)
class Module:
    """One file. `dotted` is its name inside the package: `stores.journal`, and `stores` for `__init__.py`."""

    path: Path
    row_name: str
    dotted: str
    package: str
    tree: ast.Module = field(repr=False)

    @property
    def unit(self) -> str:
        """The part of the house it belongs to: the module itself, or the package it lies in."""
        return self.dotted.split(".", maxsplit=1)[0]

    @cached_property
    def imports(self) -> list[Import]:
        """Everything imported anywhere in it, under TYPE_CHECKING and in functions too."""
        at_top = {id(node) for node in run_at_import(self.tree)}
        return [
            Import(target, node.lineno, id(node) in at_top)
            for node in ast.walk(self.tree)
            for target in self._targets(node)
        ]

    def _targets(self, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = self._absolute(node)
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _ends_with(node.func) in _BY_NAME:
            yield from (
                a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str)
            )

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        here = [self.package, *self.dotted.split(".")] if self.dotted else [self.package]
        folder = here if self.path.name == "__init__.py" else here[:-1]
        base = folder[: len(folder) - node.level + 1]
        return ".".join([*base, *([node.module] if node.module else [])])


@dataclass(frozen=True)
class House:
    """A package folder and the page that says how it is laid out."""

    folder: Path
    page: Path

    @cached_property
    def rows(self) -> list[Row]:
        found = _ROW.finditer(self.page.read_text("utf-8"))
        return [Row(m["name"], int(m["layer"]), m["sentence"]) for m in found]

    @cached_property
    def rooms(self) -> dict[str, list[str]]:
        """Library -> the rows it may be imported in, or `layer N`."""
        return {
            library: re.findall(r"[\w/]+(?:\.py|/)|layer \d", match["rooms"])
            for match in _ROOM.finditer(self.page.read_text("utf-8"))
            for library in re.findall(r"\w+", match["libraries"])
        }

    @cached_property
    def modules(self) -> list[Module]:
        return [self._module(path) for path in sorted(self.folder.rglob("*.py"))]

    @cached_property
    def places(self) -> dict[str, int]:
        """Unit -> where its row stands in the table, from above."""
        return {unit_of(row.name): n for n, row in reversed(list(enumerate(self.rows)))}

    @cached_property
    def layers(self) -> dict[str, int]:
        return {unit_of(row.name): row.layer for row in self.rows}

    def inside(self, imported: str) -> str | None:
        """The dotted name of the module of ours that an import leads to; None if it leads elsewhere."""
        head, _, rest = imported.partition(".")
        if head != self.folder.name:
            return None
        known = {module.dotted for module in self.modules}
        while rest and rest not in known:
            rest = rest.rpartition(".")[0]
        return rest

    def _module(self, path: Path) -> Module:
        relative = path.relative_to(self.folder)
        parts = relative.with_suffix("").parts
        is_package = parts[-1] == "__init__"
        row_name = f"{relative.parent}/" if is_package and len(parts) > 1 else str(relative)
        dotted = ".".join(parts[:-1] if is_package else parts)
        tree = ast.parse(path.read_text("utf-8"), str(path))
        return Module(path, row_name, dotted, self.folder.name, tree)


def run_at_import(tree: ast.Module) -> Iterator[ast.AST]:
    """Every node that is executed when the module is imported: not the insides of functions."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += _children_run_at_import(node)


def _children_run_at_import(node: ast.AST) -> list[ast.AST]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            defaults = [d for d in (*node.args.defaults, *node.args.kw_defaults) if d is not None]
            return [*node.decorator_list, *defaults]
        case ast.Lambda():
            return []
        case ast.If() if _is_skipped_at_import(node.test):
            return list(node.orelse)
        case _:
            return list(ast.iter_child_nodes(node))


def _is_skipped_at_import(test: ast.expr) -> bool:
    return "TYPE_CHECKING" in ast.unparse(test) or ast.unparse(test).startswith("__name__ ==")


def _ends_with(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def unit_of(row_name: str) -> str:
    return "" if row_name == "__init__.py" else row_name.split("/", maxsplit=1)[0].removesuffix(".py")
