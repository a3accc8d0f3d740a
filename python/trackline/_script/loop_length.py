"""How many turns a loop has, as far as its head and the variables tell. Nothing of the user's is called for it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from trackline._script import syntax

KEEPS_LENGTH = {"enumerate", "list", "tuple", "sorted", "reversed", "tqdm", "zip", "items", "keys", "values"}
CONTAINERS = (list, tuple, set, frozenset, dict, range, str)
"""Types, and none made of them, whose length is known without asking the user's code."""


def of(over: ast.expr, held: Mapping[str, Any]) -> int | None:
    """The number of turns of `for … in over`, None if only running it tells. `held` are the variables there."""
    match over:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return None if any(isinstance(item, ast.Starred) for item in items) else len(items)
        case ast.Call(func=ast.Name(id="range" | "trange"), args=given, keywords=[]):
            bounds = [_value(argument, held) for argument in given]
            return len(range(*bounds)) if bounds and all(type(bound) is int for bound in bounds) else None
        case ast.Call(func=function, args=given) if syntax.called(function) in KEEPS_LENGTH:
            inner = given[0] if given else function.value if isinstance(function, ast.Attribute) else None
            return None if inner is None else of(inner, held)
    value = _value(over, held)
    return len(value) if type(value) in CONTAINERS else None


def _value(node: ast.expr, held: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return held.get(name)
        case ast.Attribute(value=owner, attr=name):
            return getattr(_value(owner, held), "__dict__", {}).get(name)
        case ast.Call(func=ast.Name(id="len"), args=[inner]):
            return of(inner, held)
    return None
