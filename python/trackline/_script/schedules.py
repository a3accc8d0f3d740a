"""Settings that a loop changes by an operator and what stays the same in it: `lr *= 0.5`, `self.epsilon = max(low, self.epsilon * decay)`.
The text alone decides which are."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TypeGuard

from trackline._script import syntax
from trackline._script.syntax import Path

_SCALES = ast.Mult | ast.Div | ast.Pow
_BOUNDS = {"max", "min", "maximum", "minimum"}
_LOOPS = ast.For | ast.While
_BEGIN = {"__init__", "reset"}
_STEADY = ast.expr_context | ast.operator | ast.unaryop


def of(loop: ast.For | ast.While) -> dict[ast.stmt, Path]:
    """The statements of the loop that change such a setting, which nothing else in it sets."""
    names = syntax.counted(loop) if isinstance(loop, ast.While) else syntax.bound(loop.target)
    return _changed(_stores(loop), {(name, None, None) for name in names})


def of_class(kind: ast.ClassDef) -> dict[ast.stmt, Path]:
    """The statements of methods, outside of loops in them, that change such an attribute, which nothing sets but what makes the object
    or brings it back to its beginning."""
    methods = [node for node in kind.body if isinstance(node, ast.FunctionDef) and node.name not in _BEGIN]
    in_loops = {node for method in methods for loop in ast.walk(method) if isinstance(loop, _LOOPS) for node in ast.walk(loop)}
    changed = _changed(chain.from_iterable(map(_stores, methods)), set())
    return {statement: path for statement, path in changed.items() if path[1] is not None and statement not in in_loops}


def _changed(stores: Iterable[tuple[ast.stmt, ast.expr]], counters: set[Path]) -> dict[ast.stmt, Path]:
    stored: dict[Path, list[ast.stmt]] = {}
    for statement, target in stores:
        if (path := syntax.path(target)) is not None:
            stored.setdefault(path, []).append(statement)
    moving = stored.keys() - counters
    return {
        statement: path
        for path, statements in stored.items()
        if path not in counters and all(_changes(statement, path, moving) for statement in statements)
        for statement in statements
    }


def _stores(loop: ast.AST) -> Iterator[tuple[ast.stmt, ast.expr]]:
    """What is assigned anywhere in the loop, with the statement that does it."""
    for node in ast.walk(loop):
        if isinstance(node, ast.stmt):
            for child in ast.iter_child_nodes(node):
                if not isinstance(child, ast.stmt):
                    yield from ((node, part) for part in ast.walk(child) if _is_stored(part))


def _is_stored(node: ast.AST) -> TypeGuard[ast.expr]:
    return isinstance(getattr(node, "ctx", None), ast.Store)


def _changes(statement: ast.stmt, path: Path, moving: set[Path]) -> bool:
    match statement:
        case ast.AugAssign(op=op, value=value):
            return isinstance(op, _SCALES) and _is_steady(value, moving)
        case ast.Assign(targets=[_], value=ast.Call(func=function, args=parts)) if syntax.called(function) in _BOUNDS:
            of_it = [part for part in parts if not _is_steady(part, moving)]
            return len(of_it) == 1 and _is_step(of_it[0], path, moving)
        case ast.Assign(targets=[_], value=ast.BinOp(op=op) as value):
            return isinstance(op, _SCALES) and _is_step(value, path, moving)
    return False


def _is_step(node: ast.expr, path: Path, moving: set[Path]) -> bool:
    """Whether it is the setting and something steady: a bounded one may also be added to."""
    match node:
        case ast.BinOp(left=left, right=right) if syntax.path(left) == path:
            return _is_steady(right, moving)
        case ast.BinOp(left=left, right=right) if syntax.path(right) == path:
            return _is_steady(left, moving)
    return False


def _is_steady(node: ast.AST, moving: set[Path]) -> bool:
    """Whether each turn finds the same there, but for the loop's counter."""
    if isinstance(node, ast.Name | ast.Attribute) and (path := syntax.path(node)) is not None:
        return path not in moving
    if isinstance(node, ast.Constant | ast.BinOp | ast.UnaryOp | _STEADY):
        return all(_is_steady(child, moving) for child in ast.iter_child_nodes(node))
    return False
