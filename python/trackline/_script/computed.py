"""Whether the code computes a value, or was told it: a setting, an argument, the size of something."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator

from trackline._script import constants, syntax

_TOLD = {
    "choice", "get", "getenv", "input", "load", "now", "parse_args", "parse_known_args", "perf_counter", "pop", "process_time",
    "rand", "randint", "randn", "suggest_categorical", "suggest_float", "suggest_int", "time", "uniform",
}  # fmt: skip
"""Calls that say what is set, drawn or counted, or how late it is."""
_DEEPEST = 6
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


class Scope:
    """The function that an expression is in, and the script around it."""

    def __init__(self, module: ast.Module, line: int) -> None:
        around = [node for node in syntax.around(module, line) if isinstance(node, _FUNCTIONS)]
        self._blocks = [*around[-1:], module]
        self._known: dict[tuple[str, int], bool] = {}
        """What was found of a name that deep. Names that are set again and again lead to each other by many ways."""

    def computes(self, node: ast.expr, depth: int = 0) -> bool:
        """Whether the value is a result of this code: of a call, of arithmetic with results, an attribute that a fit has set."""
        if depth > _DEEPEST:
            return False
        match node:
            case ast.Call(func=function, args=[held, *_]) if syntax.called(function) in syntax.KEEPS_VALUE:
                owner = function.value if isinstance(function, ast.Attribute) else held  # slope.round(3), np.round(slope, 3)
                return self.computes(held, depth + 1) or self.computes(owner, depth + 1)
            case ast.Call(func=function):
                return syntax.called(function) not in _TOLD and not _is_of_settings(function)
            case ast.BinOp(left=left, right=right):
                return self.computes(left, depth + 1) or self.computes(right, depth + 1)
            case ast.UnaryOp(operand=held):
                return self.computes(held, depth + 1)
            case ast.IfExp(body=one, orelse=other):
                return self.computes(one, depth + 1) or self.computes(other, depth + 1)
            case ast.Attribute(value=held, attr=name):
                fitted = name.endswith("_") and not name.startswith("_")
                return fitted or (not _is_of_settings(node) and self._is_returned(held))
            case ast.Subscript(value=held):
                return not _is_of_settings(node) and self.computes(held, depth + 1)
            case ast.Name(id=name):
                if (name, depth) not in self._known:
                    values = self._values(name)
                    self._known[name, depth] = self._counts(name) or any(self.computes(value, depth + 1) for value in values)
                return self._known[name, depth]
        return False

    def _is_returned(self, node: ast.expr) -> bool:
        """Whether a function has returned it, as `linregress(x, y)` or `model.fit()`; what a class makes holds what it is told."""
        made = self._values(node.id) if isinstance(node, ast.Name) else [node]
        names = [syntax.called(value.func) for value in made if isinstance(value, ast.Call)]
        return any(name[:1].islower() and name not in _TOLD for name in names)

    def _counts(self, name: str) -> bool:
        return any(name in _counted(block) for block in self._blocks)

    def _values(self, name: str) -> list[ast.expr]:
        return next((known[name] for block in self._blocks if name in (known := _assigned(block))), [])


def _is_of_settings(node: ast.expr) -> bool:
    names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
    return any(constants.is_settings_name(name) for name in names)


@functools.lru_cache(maxsize=1000)
def _assigned(block: ast.AST) -> dict[str, list[ast.expr]]:
    """What a module or function assigns to each name; the parts of what is taken apart count as the whole."""
    found: dict[str, list[ast.expr]] = {}
    for node in _inside(block):
        match node:
            case ast.Assign(targets=targets, value=value):
                names = [part.id for target in targets for part in _parts(target) if isinstance(part, ast.Name)]
            case ast.AugAssign(target=ast.Name(id=name), value=value) | ast.NamedExpr(target=ast.Name(id=name), value=value):
                names = [name]
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                names = [name]
            case _:
                continue
        for name in names:
            found.setdefault(name, []).append(value)
    return found


@functools.lru_cache(maxsize=1000)
def _counted(block: ast.AST) -> frozenset[str]:
    """What a module or function counts or adds up: `errors += 1`."""
    sums = (node for node in _inside(block) if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add))
    return frozenset(node.target.id for node in sums if isinstance(node.target, ast.Name))


def _parts(target: ast.expr) -> list[ast.expr]:
    return list(target.elts) if isinstance(target, ast.Tuple | ast.List) else [target]


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _FUNCTIONS | ast.ClassDef):
            yield child
            yield from _inside(child)
