"""The terms of a loss: `divergence` and `error` of `loss = error + 0.1 * divergence`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import FrameType
from typing import Any

from trackline._script import frames, syntax


def of(frame: FrameType, loss: str) -> dict[str, Any]:
    """What the variables hold that the user's code adds up to the variable `loss`."""
    names = frames.once("terms", frame.f_code, frame.f_lasti, lambda: _find(frame, loss))
    return frames.variables(frame, names) if names else {}


def _find(frame: FrameType, loss: str) -> tuple[str, ...]:
    module = syntax.tree(frame.f_code.co_filename, frame.f_globals)
    lines = range(frame.f_code.co_firstlineno, frame.f_lineno + 1)
    assigned = [
        node
        for node in (ast.walk(module) if module is not None else ())
        if isinstance(node, ast.Assign) and node.lineno in lines and [ast.unparse(target) for target in node.targets] == [loss]
    ]
    latest = max(assigned, key=lambda node: node.lineno, default=None)
    terms = [] if latest is None else list(_summands(latest.value))
    return tuple(name for name in dict.fromkeys(terms) if name != loss) if len(terms) > 1 else ()


def _summands(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), left=left, right=right):
            yield from _summands(left)
            yield from _summands(right)
        case ast.UnaryOp(operand=inner):
            yield from _summands(inner)
        case ast.Name(id=name):
            yield name
