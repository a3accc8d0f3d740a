"""Which turn of a search its script takes for the best: it keeps the greatest value of a name, or picks it from what it has collected.
The text alone decides that."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackline._script import syntax
from trackline._script.place import Scope

_PICKS_MOST = {"max", "argmax", "nanargmax", "idxmax", "nlargest"}
_PICKS_LEAST = {"min", "argmin", "nanargmin", "idxmin", "nsmallest"}


def more_is_better(scope: Scope, body: list[ast.stmt], variable: str, key: str) -> bool | None:
    """Whether the greatest value of a variable that the turns assign is the best, or the least; None if the script does not say.
    `key`: the value is what the variable holds under it, if it holds a dict."""
    kept = _kept(body, variable, key)
    return _picked(scope, {variable, *_collections(body, variable)}) if kept is None else kept


def _kept(body: list[ast.stmt], variable: str, key: str) -> bool | None:
    for branch in (node for statement in body for node in ast.walk(statement) if isinstance(node, ast.If)):
        for test in ast.walk(branch.test):
            match test:
                case ast.Compare(left=one, ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE() as op], comparators=[other]):
                    for result, best, more in ((one, other, ast.Gt | ast.GtE), (other, one, ast.Lt | ast.LtE)):
                        if _is_value(result, variable, key) and _keeps(branch, best, variable):
                            return isinstance(op, more)
    return None


def _is_value(node: ast.expr, variable: str, key: str) -> bool:
    return syntax.path(node) in ((variable, None, None), (variable, None, key))


def _keeps(branch: ast.If, best: ast.expr, name: str) -> bool:
    """Whether a branch sets anew what the name was compared with, and by the name: other comparisons ask for a limit."""
    nodes = [node for statement in branch.body for node in ast.walk(statement)]
    is_read = any(isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load) for node in nodes)
    held = ast.Name | ast.Attribute | ast.Subscript
    stored = {root(node) for node in nodes if isinstance(node, held) and isinstance(node.ctx, ast.Store)}
    return is_read and root(best) in stored - {None}


def root(node: ast.expr) -> str | None:
    """The variable that holds it."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _collections(body: list[ast.stmt], name: str) -> Iterator[str]:
    """What the turns collect the values of a name in: `scores[k] = score`, `scores.append(score)`."""
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=held))], value=value) if _reads(value, {name}):
                yield held
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=held), attr="append"), args=[ast.Name(id=found)])):
                if found == name:
                    yield held


def _picked(scope: Scope, names: set[str]) -> bool | None:
    for node in ast.walk(scope):
        if isinstance(node, ast.Call) and any(_reads(part, names) for part in (node.func, *node.args)):
            picks = syntax.called(node.func)
            if picks in _PICKS_MOST | _PICKS_LEAST:
                return picks in _PICKS_MOST
    return None


def _reads(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(node))
