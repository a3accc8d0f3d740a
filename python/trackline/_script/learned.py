"""What loops leave behind: names that each turn makes anew out of what the turn before has left, as weights, tables of values
and cluster centres are. The text alone decides which may."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackline._script import functions, loop_places, syntax
from trackline._script.place import Moment, Place, Value

_LOOPS = ast.For | ast.While
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = _FUNCTIONS | ast.ClassDef | ast.Lambda
_WRITERS = {"save", "savez", "savez_compressed", "savetxt", "dump", "dumps", "tofile"}

Found = tuple[list[ast.stmt], ast.For | ast.While, frozenset[str]]
"""The block that a loop is in, the loop, and the names that have a value before it whatever happened."""


def names(module: ast.Module) -> set[str]:
    """The names outside of functions."""
    return _of(module.body, None)


def attributes(module: ast.Module) -> dict[str, set[str]]:
    """Those that methods give their object, by the class."""
    found: dict[str, set[str]] = {}
    for kind in ast.walk(module):
        if isinstance(kind, ast.ClassDef):
            methods = [node for node in kind.body if isinstance(node, _FUNCTIONS) and node.args.args]
            carried = set().union(*(_of(method.body, _owner(method)) for method in methods))
            if carried:
                found[kind.name] = carried
    return found


def places(module: ast.Module) -> Iterator[Place]:
    """Behind loops that train in a function: its variables, and attributes of a method's object, as `Class.attribute`."""
    if writes(module):
        return
    kinds = {id(method): kind.name for kind in ast.walk(module) if isinstance(kind, ast.ClassDef) for method in kind.body}
    for function in functions.observable(module):
        deleted = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)}
        computed = [place.statement for place in loop_places.of_scope(function)]
        for block, loop, bound in loops(function.body, _arguments(function)):
            if not functions.trains(function) and not set(computed) & set(ast.walk(loop)):
                continue
            values = [Value(name, (name, None, None)) for name in sorted(_of([loop], None) & bound - deleted)]
            if (owner := _owner(function)) in bound - deleted and id(function) in kinds:
                own = sorted(_of([loop], owner))
                values += [Value(f"{kinds[id(function)]}.{name}", (owner, name, None)) for name in own if owner is not None]
            if values:
                yield Place(Moment.LEFT, function, block, loop, None, tuple(values))


def writes(module: ast.Module) -> bool:
    """Whether the script keeps arrays in files itself."""
    return any(isinstance(node, ast.Call) and syntax.called(node.func) in _WRITERS for node in ast.walk(module))


def carries(loop: ast.For | ast.While) -> bool:
    """Whether its turns make something anew out of what the turn before has left."""
    return bool(_of([loop], None))


def _owner(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """What a method calls its object."""
    return function.args.args[0].arg if function.args.args else None


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    return frozenset(argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg))


def _of(block: list[ast.stmt], owner: str | None) -> set[str]:
    found: set[str] = set()
    for _, loop, _ in loops(block):
        carried = _Carried(owner)
        for statement in loop.body:
            carried.walk(statement)
        found |= carried.names
    return found


def loops(block: list[ast.stmt], bound: frozenset[str] = frozenset()) -> Iterator[Found]:
    """The loops of a block, not those in them."""
    for statement in block:
        if isinstance(statement, _LOOPS):
            yield block, statement, bound
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            bound |= {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        elif not isinstance(statement, _SCOPES):
            for inner in _blocks(statement):
                yield from loops(inner, bound)


def _blocks(statement: ast.AST) -> Iterator[list[ast.stmt]]:
    for _, held in ast.iter_fields(statement):
        if isinstance(held, list) and held and isinstance(held[0], ast.stmt):
            yield held
        elif isinstance(held, list):
            for part in held:
                if isinstance(part, ast.ExceptHandler | ast.match_case):
                    yield from _blocks(part)


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
