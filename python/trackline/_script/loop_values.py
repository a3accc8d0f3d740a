"""Which of the names that a loop assigns are looked at: those of metrics, rates that it changes, and what it compares to see
whether it is done. The text alone decides that."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from trackline._native import ShownLines
from trackline._script.functions import MOST_REMEMBERED
from trackline._script.place import Scope, Value
from trackline._script.syntax import Path

_APART = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
_ASIDE = re.compile(
    r"^(_.*|(best|prev|previous|old|last|min|max|target|tol|init|initial|stop|threshold)(_.*)?|.*_(prev|old|threshold|tol))$",
    re.IGNORECASE,
)
_EXTREMES = {"best", "highest", "lowest", "max", "min"}
_HISTORY = re.compile(r"^(.*_)?(history|hist|trace)$", re.IGNORECASE)
"""Names of lists that keep a value of each turn, whatever that is."""
_PER_TURN = re.compile(r"(reward|regret|return|score|fitness)", re.IGNORECASE)
"""What an inner loop assigns under such a name is on its way into a sum."""


def is_aside(name: str) -> bool:
    """Whether it is the name of something beside a curve: `best_loss`, `tol`."""
    return _ASIDE.match(name) is not None


class ScopeNodes:
    """A module or function, without what is defined in it."""

    def __init__(self, node: Scope) -> None:
        self.node = node
        self.nodes = list(inside(node))
        self.gone = {node.id for node in self.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)}
        self.gone |= {node.name for node in self.nodes if isinstance(node, ast.ExceptHandler) and node.name}
        self.divided = {
            node.left.id
            for node in self.nodes
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and isinstance(node.left, ast.Name)
        }


def inside(node: ast.AST) -> Iterator[ast.AST]:
    """All that is in it, without what is defined in it."""
    waiting = [*ast.iter_child_nodes(node)][::-1]
    while waiting:
        child = waiting.pop()
        if not isinstance(child, _APART):
            yield child
            waiting += [*ast.iter_child_nodes(child)][::-1]


def stored(nodes: list[ast.AST]) -> set[str]:
    """The names among these nodes that get a value."""
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


class Look(NamedTuple):
    """A loop of a scope whose values are looked at."""

    scope: ScopeNodes
    loop: ast.For | ast.While
    aside: set[str]
    """Names that are none: what the loop counts by, what is deleted."""
    counter: str | None
    depth: int
    changed: Mapping[ast.stmt, Path]
    """The statements of the outermost loop that change a setting."""


def of_name(look: Look, block: list[ast.stmt], name: str) -> Value | None:
    """What is looked at of a name that a block of the loop assigns; None if nothing is."""
    path = (name, None, None)
    if is_aside(name):
        return Value(name, path) if look.depth == 0 and _is_best_of_turn(block, name) else None
    if _is_step_to_another(look, block, name):
        return None
    whole = bool(ShownLines().read(f"{name}=5"))
    if whole or ShownLines().read(f"{name}=0.5"):
        inner = look.depth > 0 and (not whole or _PER_TURN.search(name))
        return None if inner else Value(name, path, whole=whole or _is_constant(block, name))
    if any(look.changed.get(statement) == path for statement in block):
        return Value(name, path)
    if name in _returns_of(look.loop):
        return Value(name, path, whole=True)
    if look.depth > 0:
        return None
    if ShownLines().read(f"{name}=0.5", [1]):
        return Value(name, path)
    if name in _compared(look.loop):
        return Value(name, path, whole=_is_constant(block, name), sure=False)
    return None


@functools.lru_cache(maxsize=MOST_REMEMBERED)
def _returns_of(loop: ast.For | ast.While) -> set[str]:
    """The sums of rewards that a turn of the loop begins anew, by whatever name: `total += r`, after `state, r, done, info = env.step(action)`."""
    nodes = [node for inner in loop.body if isinstance(inner, ast.For | ast.While) for node in inside(inner)]
    rewards = set()
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=[_, ast.Name(id=reward), _, _, *_])], value=ast.Call(func=ast.Attribute(attr="step"))):
                rewards.add(reward)
    sums = set()
    for node in nodes:
        match node:
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=ast.Name(id=reward)) if reward in rewards:
                sums.add(name)
    return {name for name in sums if _is_constant(loop.body, name)}


def _is_best_of_turn(block: list[ast.stmt], name: str) -> bool:
    """Whether a loop in the turn looks for the best value of a metric, which the turn begins anew: `min_error` of a round of boosting."""
    extreme, _, metric = name.partition("_")
    loops = [statement for statement in block if isinstance(statement, ast.For | ast.While)]
    return extreme in _EXTREMES and bool(ShownLines().read(f"{metric}=0.5")) and any(name in stored([*inside(loop)]) for loop in loops)


def _is_step_to_another(look: Look, block: list[ast.stmt], name: str) -> bool:
    """Whether it is a sum that is divided later, or only set to constants."""
    return _is_constant(block, name) and (name in look.scope.divided or name not in _growing(look.loop))


@functools.lru_cache(maxsize=MOST_REMEMBERED)
def _growing(loop: ast.For | ast.While) -> set[str]:
    """What the loop adds to, or changes in the like way. It is asked of each of its names."""
    grown = [node.target for node in inside(loop) if isinstance(node, ast.AugAssign)]
    return {target.id for target in grown if isinstance(target, ast.Name)}


def _is_constant(block: list[ast.stmt], name: str) -> bool:
    """Whether the block itself sets it to constants only, as it does what is then counted or summed up."""
    given = [value for statement in block if (value := _given(statement, name)) is not None]
    parts = [part for value in given for part in (value.elts if isinstance(value, ast.Tuple) else [value])]
    return bool(parts) and all(isinstance(part, ast.Constant) for part in parts)


def _given(statement: ast.stmt, name: str) -> ast.expr | None:
    match statement:
        case ast.Assign(targets=targets, value=value) if any(name in assigned(target) for target in targets):
            return value
        case ast.AnnAssign(target=ast.Name(id=found), value=value) if found == name:
            return value
    return None


@functools.lru_cache(maxsize=MOST_REMEMBERED)
def _compared(loop: ast.For | ast.While) -> set[str]:
    """What decides whether the loop goes on: `if abs(gain) < tol: break`, `if errors == 0: break`, `while gap > tol`."""
    tests = [loop.test] if isinstance(loop, ast.While) else []
    tests += [
        node.test for node in inside(loop) if isinstance(node, ast.If) and any(isinstance(part, ast.Break) for part in node.body)
    ]
    compared = [node for test in tests for node in ast.walk(test) if isinstance(node, ast.Compare)]
    return {
        node.id
        for comparison in compared
        if isinstance(comparison.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE | ast.Eq)
        for node in ast.walk(comparison)
        if isinstance(node, ast.Name)
    }


def of_path(look: Look, statement: ast.stmt, path: Path) -> Value | None:
    """What is looked at of something that a statement of the loop keeps there; None if nothing is."""
    name = path[2] or path[1] or path[0]
    is_kept = isinstance(statement, ast.Expr) and _HISTORY.match(name) is not None
    wanted = is_kept or look.changed.get(statement) == path or ShownLines().read(f"{name}=0.5")
    return Value(name, path) if wanted and not is_aside(name) else None


def assigned(target: ast.expr) -> Iterator[str]:
    """The names that an assignment to this target gives a value."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            yield from assigned(part)
