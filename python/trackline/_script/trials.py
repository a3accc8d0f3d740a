"""Searches that are written as loops around the script's own functions and classes, `for lr in rates: loss = train(lr)`: what a turn tries, and what
comes of it. The text alone decides that."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackline._native import ShownLines
from trackline._script import functions, learned, loop_data, syntax
from trackline._script.frames import COUNTERS
from trackline._script.place import Moment, Place, Scope, Value
from trackline._script.syntax import FUNCTION

TURNS = {*COUNTERS, "j", "idx", "index", "n", "trial", "turn", "x"}
"""Loop variables that say which turn it is."""
_DRAWS = {"choice", "choices", "gauss", "integers", "loguniform", "normal", "randint", "random", "randrange", "sample", "uniform"}
_RECORDED = loop_data.LEARN | {"start_run"}
"""Calls whose turns are runs already. Fits are, too, but of some nothing is recorded: that is seen when they run."""


def places(module: ast.Module) -> Iterator[Place]:
    """The ends of the turns of such loops: what was tried and what came of it, by the names of metrics."""
    own = {node.name for node in module.body if isinstance(node, FUNCTION | ast.ClassDef)}
    called = {syntax.called(node.func) for node in ast.walk(module) if isinstance(node, ast.Call)}
    if not own or called & _RECORDED:
        return
    for scope in (module, *functions.observable(module)):
        for _, loop, _ in learned.loops(scope.body):
            yield from _of(scope, loop, [], own)


def is_result(name: str) -> bool:
    """Whether it is the name of a metric."""
    return bool(ShownLines().read(f"{name}=0.5"))


def more_is_better(body: list[ast.stmt], name: str) -> bool | None:
    """Whether the turn keeps the greatest value of a name, or the least; None if it does not say."""
    for branch in (node for statement in body for node in ast.walk(statement) if isinstance(node, ast.If)):
        for test in ast.walk(branch.test):
            match test:
                case ast.Compare(left=one, ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE() as op], comparators=[other]):
                    for result, best, more in ((one, other, ast.Gt | ast.GtE), (other, one, ast.Lt | ast.LtE)):
                        if isinstance(result, ast.Name) and result.id == name and _keeps(branch, best, name):
                            return isinstance(op, more)
    return None


def _keeps(branch: ast.If, best: ast.expr, name: str) -> bool:
    """Whether a branch sets anew what the name was compared with, and by the name: other comparisons ask for a limit."""
    nodes = [node for statement in branch.body for node in ast.walk(statement)]
    is_read = any(isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load) for node in nodes)
    held = ast.Name | ast.Attribute | ast.Subscript
    stored = {_root(node) for node in nodes if isinstance(node, held) and isinstance(node.ctx, ast.Store)}
    return is_read and _root(best) in stored - {None}


def _root(node: ast.expr) -> str | None:
    """The variable that holds it."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _of(scope: Scope, loop: ast.For | ast.While, around: list[str], own: set[str]) -> Iterator[Place]:
    if isinstance(loop, ast.While):
        return
    names = [*around, *(name for name in syntax.bound(loop.target) if name not in TURNS)]
    assigned = dict(_assigned(loop.body))
    results = [name for name in assigned if is_result(name)]
    tried = [*names, *(name for name, value in assigned.items() if name not in results and _draws(value))]
    if results and tried and any(_is_given(statement, own, {*tried}) for statement in loop.body):
        if not isinstance(loop.body[-1], ast.Break | ast.Continue | ast.Return | ast.Raise):
            values = tuple(Value(name, (name, None, None)) for name in (*tried, *results))
            yield Place(Moment.TRIED, scope, loop.body, loop.body[-1], None, values)
        return
    for statement in loop.body:
        if isinstance(statement, ast.For):
            yield from _of(scope, statement, names, own)


def _assigned(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for statement in body:
        if isinstance(statement, ast.Assign):
            names = {node.id: node for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)}
            yield from ((name, statement.value) for name, node in names.items() if isinstance(node.ctx, ast.Store))


def _draws(value: ast.expr) -> bool:
    return any(isinstance(node, ast.Call) and syntax.called(node.func) in _DRAWS for node in ast.walk(value))


def _is_given(statement: ast.stmt, own: set[str], tried: set[str]) -> bool:
    """Whether a function or class of the script is given what the turn tries."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in own:
            given = [*node.args, *(word.value for word in node.keywords)]
            if any(isinstance(part, ast.Name) and part.id in tried for argument in given for part in ast.walk(argument)):
                return True
    return False
