"""Loops that learn from data they are not given by a loader: which they are, and the names of what they read. The text alone
decides that."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackline._script import functions, given, learned, loop_places, syntax
from trackline._script.place import Moment, Place, Scope
from trackline._script.syntax import Path

LEARN = {"apply_gradients", "apply_updates", "backward", "train_on_batch"}
"""Calls of a step of training."""
FIT = {"cross_val_score", "cross_validate", "fit", "fit_predict", "fit_transform"}
"""Calls that are given the data themselves."""


def places(module: ast.Module) -> Iterator[Place]:
    """Before the loops of a script and of its functions that learn, not before those in them. What methods like `fit` are given
    is looked at where they begin."""
    fits = {id(place.scope) for place in given.fits(module)}
    for scope in (module, *functions.observable(module)):
        if id(scope) in fits:
            continue
        computed = {id(place.statement) for place in loop_places.of_scope(scope)}
        for block, loop, _ in learned.loops(scope.body):
            if _learns(scope, loop, computed):
                yield Place(Moment.LEARNS, scope, block, loop, None, ())


def _learns(scope: Scope, loop: ast.For | ast.While, computed: set[int]) -> bool:
    nodes = list(ast.walk(loop))
    called = {syntax.called(node.func) for node in nodes if isinstance(node, ast.Call)}
    if called & FIT:
        return False
    trains = not isinstance(scope, ast.Module) and functions.trains(scope)
    return trains or bool(called & LEARN) or any(id(node) in computed for node in nodes) or learned.carries(loop)


def read(loop: ast.stmt) -> list[Path]:
    """What a loop reads and does not make: variables, and attributes of these."""
    found: dict[Path, None] = {}
    made: set[Path] = set()
    called = {id(node.func) for node in ast.walk(loop) if isinstance(node, ast.Call)}
    for node in ast.walk(loop):
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load) and (whole := syntax.path(node.value)):
            made.add(whole)
        elif isinstance(node, ast.Name | ast.Attribute) and id(node) not in called and (path := syntax.path(node)):
            if isinstance(node.ctx, ast.Load):
                found.setdefault(path)
            else:
                made.add(path)
    return [path for path in found if path not in made and (path[0], None, None) not in made]
