"""Which values of which loops are looked at: names of metrics that a loop assigns in each turn, rates that it changes, and
what it compares to see whether it is done. The text of the script alone decides that."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from trackline._native import ShownLines
from trackline._script import schedules, syntax
from trackline._script.place import Moment, Place, Scope, Value
from trackline._script.syntax import Path

DEEPEST = 2
"""Loops in a loop in a loop are looked at, not those inside."""
MOST_REMEMBERED = 200
"""What several observers ask of the same texts is worked out once."""
_LOOPS = ast.For | ast.While
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
_APART = _FUNCTIONS | ast.ClassDef | ast.Lambda
_WITH_BLOCKS = ast.If | ast.With | ast.Try
_COMPILERS = {
    "cfunc", "compile", "grad", "guvectorize", "jit", "kernel", "njit", "optimize", "pmap", "scan", "script", "stencil",
    "value_and_grad", "vectorize", "vmap",
}  # fmt: skip
"""What compiles the functions that it is given, by their byte code or by calling them with stand-ins for values."""
_ASIDE = re.compile(
    r"^(_.*|(best|prev|previous|old|last|min|max|target|tol|init|initial|stop|threshold)(_.*)?|.*_(prev|old|threshold|tol))$",
    re.IGNORECASE,
)
"""Names beside the curve itself."""
_PER_TURN = re.compile(r"(reward|regret|return|score|fitness)", re.IGNORECASE)
"""What an inner loop assigns under such a name is on its way into a sum."""
_JUDGES = re.compile(
    r"(^|_)(eval|evaluate|evaluation|val|valid|validate|validation|test|predict|score|accuracy|metrics?|loss|cost)(_|$)",
    re.IGNORECASE,
)
"""Functions whose loops go over the data of one score, unless they train as well."""
_TRAINS = re.compile(r"(^|_)(cross|fit|fold|folds|kfold|learn|main|optimize|run|train|training)(_|$)", re.IGNORECASE)


def passing(module: ast.Module) -> set[str]:
    """The names, outside of functions, that hold in the end what the last turn of a loop left: those that only loops inside
    of loops assign, and sums of a turn that are divided."""
    scope = _Scope(module)
    loops = list(_loops(module.body))
    inner = [node for loop in loops for inner in _loops(loop.body) for node in (inner, *_inside(inner))]
    theirs = {id(node) for node in inner}
    outside = _names_of([node for node in scope.nodes if id(node) not in theirs])
    sums = scope.divided & _names_of([node for loop in loops for node in _inside(loop)])
    return sums | (_names_of(inner) - outside)


def _names_of(nodes: list[ast.AST]) -> set[str]:
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def places(module: ast.Module) -> Iterator[Place]:
    """Those of a script, in no order."""
    yield from of_scope(module)
    open_to_looks = {id(function) for function in functions(module)}
    for function in functions(module):
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
        if path is not None and (name := path[2] or path[1]) and not _ASIDE.match(name):
            yield Place(Moment.TURN, method, block, statement, None, (Value(name, path),))
        for inner in _blocks(statement):
            yield from _scheduled(method, inner, changed)


@functools.lru_cache(maxsize=MOST_REMEMBERED)
def functions(module: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Those that may be looked at: nothing compiles them, and they are for more than one score."""
    return list(_functions(module))


def _functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    if _compiles_calls(module):
        return
    given = {
        argument.id
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and syntax.called(node.func) in _COMPILERS
        for argument in node.args
        if isinstance(argument, ast.Name)
    }
    for node in ast.walk(module):
        if isinstance(node, _FUNCTIONS) and not any(map(_compiles, node.decorator_list)) and node.name not in given:
            judges = _JUDGES.search(node.name) and not trains(node)
            if not judges and node.name not in ("forward", "__call__"):
                yield node


def trains(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether its name says that it trains."""
    return _TRAINS.search(function.name) is not None


def _compiles(decorator: ast.expr) -> bool:
    """Whether it is `@jit`, `@jax.jit`, `@njit(parallel=True)`, `@partial(jax.jit, static_argnums=0)`."""
    return any(syntax.called(node) in _COMPILERS for node in ast.walk(decorator))


def _compiles_calls(module: ast.Module) -> bool:
    """Whether `torch.compile` is about: it compiles what the functions call that it is given."""
    return any(isinstance(node, ast.Attribute) and node.attr == "compile" for node in ast.walk(module)) and any(
        isinstance(node, ast.Import | ast.ImportFrom) and "torch" in ast.unparse(node) for node in ast.walk(module)
    )


class _Scope:
    """A module or function, without what is defined in it."""

    def __init__(self, node: Scope) -> None:
        self.node = node
        self.nodes = list(_inside(node))
        self.gone = {node.id for node in self.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)}
        self.gone |= {node.name for node in self.nodes if isinstance(node, ast.ExceptHandler) and node.name}
        self.divided = {
            node.left.id
            for node in self.nodes
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and isinstance(node.left, ast.Name)
        }


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    waiting = [*ast.iter_child_nodes(node)][::-1]
    while waiting:
        child = waiting.pop()
        if not isinstance(child, _APART):
            yield child
            waiting += [*ast.iter_child_nodes(child)][::-1]


@functools.lru_cache(maxsize=MOST_REMEMBERED)
def of_scope(node: Scope) -> list[Place]:
    """Those of a script or a function, without what is defined in it."""
    return list(_of_scope(node))


def _of_scope(node: Scope) -> Iterator[Place]:
    scope = _Scope(node)
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


def _of_loop(scope: _Scope, loop: ast.For | ast.While, changed: Mapping[ast.stmt, Path], depth: int) -> Iterator[Place]:
    names = tuple(syntax.counted(loop) if isinstance(loop, ast.While) else syntax.bound(loop.target))
    aside = scope.gone | (set() if isinstance(loop, ast.While) else set(names))
    counter = next((name for name in names if name not in scope.gone), None)
    look = _Look(scope, loop, aside, counter if depth == 0 else None, depth, changed)
    yield from _of_block(look, loop.body, set())
    yield from _kept(look, loop.body)
    if depth < DEEPEST:
        for inner in _loops(loop.body):
            yield from _of_loop(scope, inner, changed, depth + 1)


def _kept(look: _Look, block: list[ast.stmt]) -> Iterator[Place]:
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
        values = [Value(name, path) for path in paths if (name := _metric(path, look, statement))]
        if values:
            yield Place(Moment.TURN, look.scope.node, block, statement, look.counter, tuple(values))
        for inner in _blocks(statement):
            yield from _kept(look, inner)


def _metric(path: Path, look: _Look, statement: ast.stmt) -> str | None:
    name = path[2] or path[1] or path[0]
    wanted = look.changed.get(statement) == path or ShownLines().read(f"{name}=0.5")
    return name if wanted and not _ASIDE.match(name) else None


class _Look(NamedTuple):
    scope: _Scope
    loop: ast.For | ast.While
    aside: set[str]
    counter: str | None
    depth: int
    changed: Mapping[ast.stmt, Path]
    """The statements of the outermost loop that change a setting."""


def _of_block(look: _Look, block: list[ast.stmt], outside: set[str]) -> Iterator[Place]:
    """`outside` are the names that the blocks around assign themselves, which are looked at there."""
    wanted = {name: value for name in _assigned(block) - outside - look.aside if (value := _value(look, block, name))}
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
                found.update(name for target in targets for name in _names(target))
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                found.add(name)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Mult() | ast.Div()):
                found.add(name)
    return found


def _names(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            yield from _names(part)


def _stored(statement: ast.stmt) -> set[str]:
    return _names_of([statement, *_inside(statement)])


def _value(look: _Look, block: list[ast.stmt], name: str) -> Value | None:
    if _ASIDE.match(name) or _is_step_to_another(look, block, name):
        return None
    path = (name, None, None)
    whole = bool(ShownLines().read(f"{name}=5"))
    if whole or ShownLines().read(f"{name}=0.5"):
        inner = look.depth > 0 and (not whole or _PER_TURN.search(name))
        return None if inner else Value(name, path, whole=whole or _is_constant(block, name))
    if any(look.changed.get(statement) == path for statement in block):
        return Value(name, path)
    if look.depth > 0:
        return None
    if ShownLines().read(f"{name}=0.5", [1]):
        return Value(name, path)
    if name in _compared(look.loop):
        return Value(name, path, whole=_is_constant(block, name), sure=False)
    return None


def _is_step_to_another(look: _Look, block: list[ast.stmt], name: str) -> bool:
    """Whether it is a sum that is divided later, or only set to constants."""
    return _is_constant(block, name) and (name in look.scope.divided or name not in _growing(look.loop))


@functools.lru_cache(maxsize=MOST_REMEMBERED)
def _growing(loop: ast.For | ast.While) -> set[str]:
    """What the loop adds to, or changes in the like way. It is asked of each of its names."""
    grown = [node.target for node in _inside(loop) if isinstance(node, ast.AugAssign)]
    return {target.id for target in grown if isinstance(target, ast.Name)}


def _is_constant(block: list[ast.stmt], name: str) -> bool:
    """Whether the block itself sets it to constants only, as it does what is then counted or summed up."""
    given = [value for statement in block if (value := _given(statement, name)) is not None]
    return bool(given) and all(isinstance(value, ast.Constant) for value in given)


def _given(statement: ast.stmt, name: str) -> ast.expr | None:
    match statement:
        case ast.Assign(targets=targets, value=value) if any(name in _names(target) for target in targets):
            return value
        case ast.AnnAssign(target=ast.Name(id=found), value=value) if found == name:
            return value
    return None


@functools.lru_cache(maxsize=MOST_REMEMBERED)
def _compared(loop: ast.For | ast.While) -> set[str]:
    """What decides whether the loop goes on: `if abs(gain) < tol: break`, `if errors == 0: break`, `while gap > tol`."""
    tests = [loop.test] if isinstance(loop, ast.While) else []
    tests += [
        node.test for node in _inside(loop) if isinstance(node, ast.If) and any(isinstance(part, ast.Break) for part in node.body)
    ]
    compared = [node for test in tests for node in ast.walk(test) if isinstance(node, ast.Compare)]
    return {
        node.id
        for comparison in compared
        if isinstance(comparison.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE | ast.Eq)
        for node in ast.walk(comparison)
        if isinstance(node, ast.Name)
    }
