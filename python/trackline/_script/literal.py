"""The value of an expression that the text alone decides: literals, arithmetic with numbers, and names of such values."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from trackline._script import syntax

_OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}  # fmt: skip
_LARGEST_POWER = 64
_PATHS = {"Path", "PurePath", "PosixPath"}


def literal(node: ast.expr, known: Mapping[str, Any]) -> Any:
    """The value; `known` are the names that have one.

    Raises:
        ValueError: if only the running program knows it.
    """
    if isinstance(node, ast.Name) and node.id in known:
        return known[node.id]
    if isinstance(node, ast.List | ast.Tuple):
        items = [literal(item, known) for item in node.elts]
        return items if isinstance(node, ast.List) else tuple(items)
    if isinstance(node, ast.BinOp):
        return _computed(node, literal(node.left, known), literal(node.right, known))
    if isinstance(node, ast.Call) and len(node.args) == 1 and syntax.called(node.func) in _PATHS:
        return literal(node.args[0], known)
    if isinstance(node, ast.JoinedStr):
        return "".join(_part(part, known) for part in node.values)
    try:
        return ast.literal_eval(node)
    except (TypeError, SyntaxError, MemoryError, RecursionError) as error:
        raise ValueError(str(error)) from error


def as_dict(node: ast.expr) -> ast.Dict | None:
    """A dict, also one that is made by `dict(name=value)`."""
    match node:
        case ast.Dict():
            return node
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=words) if all(word.arg for word in words):
            return ast.Dict([ast.Constant(word.arg) for word in words], [word.value for word in words])
    return None


def entries(node: ast.Dict, known: Mapping[str, Any]) -> dict[Any, Any]:
    """Those entries of a dict, and of the dicts in it, that the text decides."""
    found: dict[Any, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is not None:
            try:
                name = literal(key, known)
                inner = as_dict(value)
                found[name] = literal(value, known) if inner is None else entries(inner, known)
            except (TypeError, ValueError):
                continue
    return found


def _computed(node: ast.BinOp, left: Any, right: Any) -> Any:
    if isinstance(left, int | float) and isinstance(right, int | float):
        if isinstance(node.op, ast.Pow) and abs(right) <= _LARGEST_POWER and abs(left) <= _LARGEST_POWER:
            return left**right
        if type(node.op) in _OPERATORS and right != 0:
            return _OPERATORS[type(node.op)](left, right)
    raise ValueError("no arithmetic of numbers")


def _part(node: ast.expr, known: Mapping[str, Any]) -> str:
    if not isinstance(node, ast.FormattedValue):
        return str(literal(node, known))
    if node.conversion != -1:
        raise ValueError("shown as repr")
    return format(literal(node.value, known), "" if node.format_spec is None else literal(node.format_spec, known))
