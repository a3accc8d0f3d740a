"""Where the values of loops are looked at: behind the statements that make what `loop_values` names. The text of the script
alone decides that."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Mapping

from trackline._script import functions, loop_values, schedules, syntax
from trackline._script.loop_values import Look, ScopeNodes
from trackline._script.place import Moment, Place, Scope, Value
from trackline._script.syntax import Path

DEEPEST = 2
"""Loops in a loop in a loop are looked at, not those inside."""
_LOOPS = ast.For | ast.While
_WITH_BLOCKS = ast.If | ast.With | ast.Try


def passing(module: ast.Module) -> set[str]:
    """The names, outside of functions, that hold in the end what the last turn of a loop left: those that only loops inside
    of loops assign, sums of a turn that are divided, and what a loop goes over: `for name, score in scores.items()`."""
    scope = ScopeNodes(module)
    loops = list(_loops(module.body))
    inner = [node for loop in loops for inner in _loops(loop.body) for node in (inner, *loop_values.inside(inner))]
    theirs = {id(node) for node in inner}
    outside = loop_values.stored([node for node in scope.nodes if id(node) not in theirs])
    sums = scope.divided & loop_values.stored([node for loop in loops for node in loop_values.inside(loop)])
    heads = [part for loop in loops if isinstance(loop, ast.For) for part in ast.walk(loop.target)]
    in_heads = {id(part) for part in heads}
    elsewhere = loop_values.stored([node for node in scope.nodes if id(node) not in in_heads])
    return sums | (loop_values.stored(inner) - outside) | (loop_values.stored(heads) - elsewhere)


def places(module: ast.Module) -> Iterator[Place]:
    """Those of a script, in no order."""
    yield from of_scope(module)
    open_to_looks = {id(function) for function in functions.observable(module)}
    for function in functions.observable(module):
        yield from of_scope(function)
    for kind in ast.walk(module):
        if isinstance(kind, ast.ClassDef):
            changed = schedules.of_class(kind)
            for method in kind.body:
                if isinstance(method, ast.FunctionDef) and id(method) in open_to_looks:
                    yield from _scheduled(method, method.body, changed)


def _scheduled(method: ast.FunctionDef, block: list[ast.stmt], changed: Mapping[ast.stmt, Path]) -> Iterator[Place]:
    """What a method changes turn by turn whose loop is elsewhere: `self.epsilon *= self.decay`."""
    for statement in block:
        path = changed.get(statement)
        if path is not None and (name := path[2] or path[1]) and not loop_values.is_aside(name):
            yield Place(Moment.TURN, method, block, statement, None, (Value(name, path),))
        for inner in _blocks(statement):
            yield from _scheduled(method, inner, changed)


@functools.lru_cache(maxsize=functions.MOST_REMEMBERED)
def of_scope(node: Scope) -> list[Place]:
    """Those of a script or a function, without what is defined in it."""
    return list(_of_scope(node))


def _of_scope(node: Scope) -> Iterator[Place]:
    scope = ScopeNodes(node)
    for loop in _loops(node.body):
        yield from _of_loop(scope, loop, schedules.of(loop), 0)


def _loops(block: list[ast.stmt]) -> Iterator[ast.For | ast.While]:
    """The loops of a block, not those in them."""
    for statement in block:
        if isinstance(statement, _LOOPS):
            yield statement
        else:
            for inner in _blocks(statement):
                yield from _loops(inner)


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    if isinstance(statement, _WITH_BLOCKS):
        yield statement.body
        yield from (handler.body for handler in getattr(statement, "handlers", ()))
        yield from (block for part in ("orelse", "finalbody") if (block := getattr(statement, part, None)))


def _of_loop(scope: ScopeNodes, loop: ast.For | ast.While, changed: Mapping[ast.stmt, Path], depth: int) -> Iterator[Place]:
    names = tuple(syntax.counted(loop) if isinstance(loop, ast.While) else syntax.bound(loop.target))
    aside = scope.gone | (set() if isinstance(loop, ast.While) else set(names))
    counter = next((name for name in names if name not in scope.gone), None)
    look = Look(scope, loop, aside, counter if depth == 0 else None, depth, changed)
    yield from _of_block(look, loop.body, set())
    yield from _kept(look, loop.body)
    if depth < DEEPEST:
        for inner in _loops(loop.body):
            yield from _of_loop(scope, inner, changed, depth + 1)


def _kept(look: Look, block: list[ast.stmt]) -> Iterator[Place]:
    """What is kept in something else than a variable: `self.loss = …`, `metrics = {"acc": …}`, and, as they may be gone when
    the function returns, lists: `losses.append(total / n)`, `self.history["loss"].append(…)`. A name that is appended is looked
    at itself. Of attributes also those that are settings which the loop changes: `self.epsilon *= 0.9`."""
    for statement in block:
        paths: list[Path] = []
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=held, attr="append"), args=[given])):
                is_kept = not isinstance(look.scope.node, ast.Module) and not isinstance(given, ast.Name)
                if is_kept and (path := syntax.path(held)):
                    paths = [path]
            case ast.Assign(targets=[ast.Name() | ast.Attribute() as target], value=ast.Dict(keys=keys)) if path := syntax.path(target):
                paths = [(*path[:2], key.value) for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
            case ast.Assign(targets=[ast.Attribute() as target]) if path := syntax.path(target):
                paths = [path]
            case ast.AugAssign(target=ast.Attribute() | ast.Subscript()) if statement in look.changed:
                paths = [look.changed[statement]]
        values = [value for path in paths if (value := loop_values.of_path(look, statement, path))]
        if values:
            yield Place(Moment.TURN, look.scope.node, block, statement, look.counter, tuple(values))
        for inner in _blocks(statement):
            yield from _kept(look, inner)


def _of_block(look: Look, block: list[ast.stmt], outside: set[str]) -> Iterator[Place]:
    """`outside` are the names that the blocks around assign themselves, which are looked at there."""
    wanted = {name: value for name in _assigned(block) - outside - look.aside if (value := loop_values.of_name(look, block, name))}
    by_end: dict[int, list[Value]] = {}
    for name in sorted(wanted):
        last = max(at for at, statement in enumerate(block) if name in _stored(statement))
        by_end.setdefault(last, []).append(wanted[name])
    for at, values in by_end.items():
        yield Place(Moment.TURN, look.scope.node, block, block[at], look.counter, tuple(values))
    for statement in block:
        for inner in _blocks(statement):
            yield from _of_block(look, inner, outside | wanted.keys())


def _assigned(block: list[ast.stmt]) -> set[str]:
    """The names that the statements of a block assign themselves."""
    found: set[str] = set()
    for statement in block:
        match statement:
            case ast.Assign(targets=targets, value=value) if not isinstance(value, ast.Name):
                found.update(name for target in targets for name in loop_values.assigned(target))
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                found.add(name)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Mult() | ast.Div()):
                found.add(name)
    return found


def _stored(statement: ast.stmt) -> set[str]:
    return loop_values.stored([statement, *loop_values.inside(statement)])
