"""What loops leave behind: names that each turn makes anew out of what the turn before has left, as weights, tables of values
and cluster centres are. The text alone decides which may."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_LOOPS = ast.For | ast.While
_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


def names(module: ast.Module) -> set[str]:
    """The names outside of functions."""
    return _of(module.body, None)


def attributes(module: ast.Module) -> dict[str, set[str]]:
    """Those that methods give their object, by the class."""
    found: dict[str, set[str]] = {}
    for kind in ast.walk(module):
        if isinstance(kind, ast.ClassDef):
            methods = [node for node in kind.body if isinstance(node, ast.FunctionDef) and node.args.args]
            carried = set().union(*(_of(method.body, method.args.args[0].arg) for method in methods))
            if carried:
                found[kind.name] = carried
    return found


def _of(block: list[ast.stmt], owner: str | None) -> set[str]:
    found: set[str] = set()
    for loop in _loops(block):
        carried = _Carried(owner)
        for statement in loop.body:
            carried.walk(statement)
        found |= carried.names
    return found


def _loops(block: list[ast.stmt]) -> Iterator[ast.For | ast.While]:
    for statement in block:
        if isinstance(statement, _LOOPS):
            yield statement
        elif not isinstance(statement, _SCOPES):
            inner = [child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.stmt)]
            yield from _loops(inner)


class _Carried:
    """What a turn of a loop reads before it writes it: names, or the attributes of `owner`."""

    def __init__(self, owner: str | None) -> None:
        self.names: set[str] = set()
        self._owner = owner
        self._read: set[str] = set()
        self._written: set[str] = set()

    def walk(self, node: ast.AST) -> None:
        """Goes through a statement in the order in which it runs."""
        match node:
            case ast.AugAssign(target=target, value=value):
                self.walk(value)
                self._reads(target)
                self._writes(target)
            case ast.Assign(targets=targets, value=value):
                self.walk(value)
                for written in targets:
                    self._writes(written)
            case ast.Name() | ast.Attribute():
                self._reads(node)
            case _ if not isinstance(node, _SCOPES):
                for child in ast.iter_child_nodes(node):
                    self.walk(child)

    def _reads(self, node: ast.AST) -> None:
        name = self._named(node)
        if name is None:
            for child in ast.iter_child_nodes(node):
                self.walk(child)
        elif name not in self._written:
            self._read.add(name)

    def _writes(self, target: ast.AST) -> None:
        match target:
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self._writes(part)
            case ast.Subscript(value=whole, slice=place):  # A part of an array is written, the rest is what it was.
                self.walk(place)
                self._reads(whole)
                if (name := self._named(whole)) is not None:
                    self.names |= {name} & self._read
            case _ if (name := self._named(target)) is not None:
                self.names |= {name} & self._read
                self._written.add(name)

    def _named(self, node: ast.AST) -> str | None:
        match node:
            case ast.Name(id=name) if self._owner is None:
                return name
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner == self._owner:
                return name
        return None
