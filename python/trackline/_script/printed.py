"""What the text of a `print` is made of: what the code calls the values in it, and where they stand."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from typing import NamedTuple

from trackline._script import syntax

Part = str | ast.expr
"""What stands there, or what gives the value that does."""

_PLACE = re.compile(r"%(?:[-+ #0]*[\d*]*(?:\.[\d*]+)?[a-zA-Z])|%%")
"""Where `%` puts a value."""


class Line(NamedTuple):
    """A line of the text: what finds the values in it, and their names in the code."""

    pattern: re.Pattern[str]
    names: tuple[str | None, ...]


class Printed(NamedTuple):
    """What the code calls the values that it shows, and the lines with text beside them."""

    names: tuple[str | None, ...] = ()
    lines: tuple[Line, ...] = ()


def at(module: ast.Module, span: syntax.Span) -> Printed:
    """What the call at these positions, a `print`, is given."""
    call = syntax.call(module, span)
    if call is None:
        return Printed()
    arguments = [[*_parts(argument)] for argument in call.args]
    names = tuple(_label(part) for parts in arguments for part in parts if isinstance(part, ast.expr))
    if all(len(parts) == 1 and isinstance(parts[0], ast.expr) for parts in arguments):
        return Printed(names)
    joined = [part for parts in arguments for part in (" ", *parts)][1:]
    return Printed(names, tuple(_lines(joined)))


def _lines(parts: list[Part]) -> Iterator[Line]:
    pattern, names = "", list[str | None]()
    for part in [*parts, "\n"]:
        if not isinstance(part, str):
            pattern += "(.*?)"
            names.append(_label(part))
            continue
        first, *rest = part.split("\n")
        pattern += re.escape(first)
        for text in rest:
            if names:
                yield Line(re.compile(pattern), tuple(names))
            pattern, names = re.escape(text), []


def _parts(argument: ast.expr) -> Iterator[Part]:
    match argument:
        case ast.Constant(value=value):
            yield str(value)
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield part.value if isinstance(part, ast.FormattedValue) else str(getattr(part, "value", ""))
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(template)), attr="format"), args=given, keywords=named):
            yield from _formatted(template, given, {one.arg: one.value for one in named})
        case ast.BinOp(left=ast.Constant(value=str(template)), op=ast.Mod(), right=right):
            yield from _put_in(template, right.elts if isinstance(right, ast.Tuple) else [right])
        case ast.BinOp(left=left, op=ast.Add(), right=right) if isinstance(left, ast.Constant | ast.BinOp | ast.JoinedStr):
            yield from (*_parts(left), *_parts(right))
        case ast.Call(func=ast.Name(id="str"), args=[shown]):
            yield shown
        case _:
            yield argument


def _formatted(template: str, given: list[ast.expr], named: dict[str | None, ast.expr]) -> Iterator[Part]:
    try:
        pieces = list(string.Formatter().parse(template))
    except ValueError:
        return
    for number, (text, field, _, _) in enumerate(pieces):
        yield text
        if field is not None:
            name = re.split(r"[.\[]", field)[0]
            at = number if not name else int(name) if name.isdigit() else None
            yield (given[at] if at < len(given) else ast.Constant("")) if at is not None else named.get(name, ast.Constant(""))


def _put_in(template: str, given: list[ast.expr]) -> Iterator[Part]:
    values, end = iter(given), 0
    for place in _PLACE.finditer(template):
        yield template[end : place.start()]
        yield "%" if place[0] == "%%" else next(values, ast.Constant(""))
        end = place.end()
    yield template[end:]


def _label(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=ast.Attribute(attr="mean" | "median" as what), args=[held, *_]) if (own := _label(held)):
            return f"{what}_{own}"
        case ast.Call(func=ast.Attribute(value=held, attr="item" | "mean" | "cpu" | "numpy" | "detach")):
            return _label(held)
        case ast.Call(func=function, args=[held, *_]) if syntax.called(function) in syntax.KEEPS_VALUE:
            return _label(held)
        case ast.Call(func=function):
            return syntax.called(function)
        case ast.Subscript(value=held, slice=key):
            return syntax.text(key) or _label(held)
        case ast.BinOp(left=left, right=right):
            return _label(left) or _label(right)
    return None
