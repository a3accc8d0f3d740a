"""What a call in the user's code is about: `loss` of `loss.backward()` or of `scaler.scale(loss).backward()`."""

from __future__ import annotations

import ast
import itertools
import sys
from types import FrameType
from typing import NamedTuple

from trackline._script import frames, syntax


class Operand(NamedTuple):
    """The name of the object that a call is made on, or that it gets; `itself` if it is that object, and not something
    computed of it."""

    name: str
    itself: bool


def of(frame: FrameType) -> Operand | None:
    """The operand of the call, or of the iteration, which the frame is in."""
    return frames.once("operand", frame.f_code, frame.f_lasti, lambda: _find(frame))


def _find(frame: FrameType) -> Operand | None:
    module = syntax.tree(frame.f_code.co_filename, frame.f_globals)
    if module is None:
        return None
    if sys.version_info >= (3, 11):
        span = next(itertools.islice(frame.f_code.co_positions(), frame.f_lasti // 2, None))
    else:
        span = (frame.f_lineno, None, None, None)
    found = next((node for node in ast.walk(module) if isinstance(node, ast.expr | ast.For) and _at(node, span)), None)
    match found:
        case ast.For(iter=iterated) | ast.ListComp(generators=[ast.comprehension(iter=iterated), *_]):
            return _operand(iterated)  # Python 3.11 gives a loop the place of the whole statement.
        case ast.expr():
            return _operand(found)
    return None


def _at(node: ast.expr | ast.For, span: syntax.Span) -> bool:
    if span[1] is None:  # Python 3.10 knows the line only.
        return isinstance(node, ast.Call | ast.For) and node.lineno == span[0]
    return (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset) == span


def _operand(node: ast.expr) -> Operand | None:
    if isinstance(node, ast.Call) and (inner := _subject(node)) is not None:
        return _named(inner)
    return _named(node)


def _subject(call: ast.Call) -> ast.expr | None:
    if call.args:
        return call.args[0]
    return call.func.value if isinstance(call.func, ast.Attribute) else None


def _named(node: ast.expr) -> Operand | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            return Operand(name, True)
        case ast.BinOp(op=ast.Div() | ast.Mult(), left=inner):
            pass
        case ast.Call(func=ast.Attribute(), args=[inner]) | ast.Call(func=ast.Attribute(value=inner), args=[]):
            pass
        case _:
            return None
    found = _named(inner)
    return None if found is None else Operand(found.name, False)
