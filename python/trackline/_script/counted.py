"""What the user's code counts its steps by: `global_step += 1`, `self.iteration += 1`. The text alone decides that."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from trackline._script import syntax
from trackline._script.syntax import Path

_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
_LOOPS = ast.For | ast.AsyncFor | ast.While
_STEP = re.compile(r"(^|_)(steps?|iters?|iterations?|updates?|batch|batches|it|t)(_|$)", re.IGNORECASE)
"""Names that say how far a loop is, and not how often something happened in it."""


class Counted(NamedTuple):
    """A variable, or an attribute of one; whether each call of the function has its own."""

    path: Path
    is_local: bool


def at(module: ast.Module, line: int) -> Counted | None:
    """What the loops around a line, in its function, count one by one, and nothing begins anew. Loops inside of these
    go on counting while the line waits."""
    function: ast.AST = module
    loops: list[ast.AST] = []
    for node in syntax.around(module, line):
        if isinstance(node, _FUNCTIONS | ast.ClassDef):
            function, loops = node, []
        elif isinstance(node, _LOOPS):
            loops.append(node)
    stored = _stored(loops[:1])
    counts = [one for loop in loops for node in _turn(loop) if (one := _step(node)) is not None and stored[one] == 1]
    if len(counts) != 1:
        return None
    path = counts[0]
    is_local = function is not module and path[1] is None and not _is_declared(function, path[0])
    # What outlives the function is begun anew where any other one sets it, but where its object is made.
    others = [node for node in ast.walk(module) if isinstance(node, _FUNCTIONS) and node.name != "__init__"]
    return Counted(path, is_local) if is_local or _stored(others)[path] <= 1 else None


def _turn(loop: ast.AST) -> Iterator[ast.AST]:
    """What a turn of a loop does itself, without the loops in it."""
    for child in ast.iter_child_nodes(loop):
        if not isinstance(child, _LOOPS | _FUNCTIONS | ast.ClassDef):
            yield child
            yield from _turn(child)


def _step(node: ast.AST) -> Path | None:
    match node:
        case ast.AugAssign(target=target, op=ast.Add(), value=ast.Constant(value=1)):
            path = syntax.path(target)
            return path if path is not None and path[2] is None and _STEP.search(path[1] or path[0]) else None
    return None


def _stored(within: Iterable[ast.AST]) -> Counter[Path | None]:
    nodes = {id(node): node for outer in within for node in ast.walk(outer)}.values()
    return Counter(syntax.path(node) for node in nodes if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store))


def _is_declared(function: ast.AST, name: str) -> bool:
    return any(isinstance(node, ast.Global | ast.Nonlocal) and name in node.names for node in ast.walk(function))
