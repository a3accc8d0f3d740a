"""What the code says of the values that it shows: `print(f"{name}: {score:.2f}")`, `logger.info("slope %s", slope)`."""

from __future__ import annotations

import ast
import itertools
import re
import string
from collections.abc import Iterator
from types import FrameType
from typing import NamedTuple

from trackline._script import computed, frames, syntax

_NUMBER = r"[-+]?(?:(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|inf)"
_ONE_NUMBER = re.compile(rf"(?:[\w.]+\(|\[)*({_NUMBER})[\])]*\s*%?")
"""A number, perhaps as NumPy or PyTorch show it: `[0.5]`, `tensor(0.5)`."""
_AFTER_LABEL = re.compile(rf"[^:=\d]+[:=]\s*({_NUMBER})\s*")
"""One behind what the `print` before has begun the line with: `print("KNN: ", end="")`."""
_SPECIFIER = re.compile(r"(%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[a-zA-Z%])")


class Hole(NamedTuple):
    """A value amid text: what the code calls it, and whether it has computed it there."""

    name: str | None
    is_result: bool


class Number(NamedTuple):
    """A number on a line, as it was shown, with the text since the number before, and that until the next one."""

    before: str
    text: str
    hole: Hole
    behind: str = ""

    @property
    def value(self) -> float:
        """The number itself."""
        return float(self.text.replace(",", ""))


class Line(NamedTuple):
    """One of the lines that a call shows."""

    texts: tuple[str, ...]
    """What stands before, between and behind the holes: one more than these."""
    holes: tuple[Hole, ...]

    def numbers(self, text: str) -> list[Number]:
        """The numbers in its holes, if the text is such a line."""
        spans = self._spans(text)
        found: list[Number] = []
        end = spans[0][0] - len(self.texts[0]) if spans else 0
        for (begin, behind), hole in zip(spans, self.holes, strict=False):
            if number := _number(text[begin:behind]):
                found.append(Number(text[end : begin + number.start(1)], number[1], hole))
                end = behind
        behind_each = [*(number.before for number in found[1:]), text[end:]]
        return [number._replace(behind=behind) for number, behind in zip(found, behind_each, strict=False)]

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Where the holes are, each as short as can be; none if the text is no such line."""
        # No regular expression: with many holes it would try all ways to cut a long line.
        first, *between, last = self.texts
        last = last.rstrip()
        end = len(text.rstrip()) - len(last)
        place = text.find(first)
        if place < 0 or not text.startswith(last, max(end, 0)):
            return []
        place += len(first)
        spans = []
        for separator in between:
            found = text.find(separator, place)
            if found < 0:
                return []
            spans.append((place, found))
            place = found + len(separator)
        return [*spans, (place, max(place, end))] if place <= end or not last else []


class Shown(NamedTuple):
    """What a call shows, line by line."""

    lines: tuple[Line, ...] = ()

    def numbers(self, text: str) -> list[Number]:
        """The numbers on a line that it has shown, each with what the code calls it."""
        return next((numbers for line in self.lines if (numbers := line.numbers(text))), [])


def at(frame: FrameType) -> Shown:
    """What the call shows which the frame is in."""

    def find() -> Shown:
        module = syntax.tree(frame.f_code.co_filename, frame.f_globals)
        return Shown() if module is None else shown(module, frames.position(frame))

    return frames.once("shown", frame.f_code, frame.f_lasti, find)


def shown(module: ast.Module, span: syntax.Span) -> Shown:
    """What the call at these positions, a `print` or one that logs, shows."""
    call = syntax.call(module, span)
    if call is None or any(isinstance(argument, ast.Starred) for argument in call.args):
        return Shown()
    scope = computed.Scope(module, call.lineno)
    lines: list[list[str | Hole]] = [[]]
    for piece in _pieces(call):
        first, *others = piece.split("\n") if isinstance(piece, str) else [piece]
        text: str | Hole = first if isinstance(first, str) else Hole(_label(first), scope.computes(first))
        lines[-1].append(text)
        lines += [[other] for other in others if isinstance(other, str)]
    return Shown(tuple(_line(line) for line in lines if any(isinstance(piece, Hole) for piece in line)))


def _line(pieces: list[str | Hole]) -> Line:
    texts = [""]
    for piece in pieces:
        if isinstance(piece, Hole):
            texts.append("")
        else:
            texts[-1] += piece
    return Line(tuple(texts), tuple(piece for piece in pieces if isinstance(piece, Hole)))


def _number(shown: str) -> re.Match[str] | None:
    """The number, if what is shown in a hole is one; its first group is the number itself."""
    begin = len(shown) - len(shown.lstrip())
    return _ONE_NUMBER.fullmatch(shown, begin, len(shown.rstrip())) or _AFTER_LABEL.fullmatch(shown)


def _pieces(call: ast.Call) -> Iterator[str | ast.expr]:
    match call:
        case ast.Call(func=ast.Attribute(), args=[ast.Constant(value=str(text)), _, *_]):
            yield from _filled(text, call.args[1:])
        case _:
            told = next((syntax.text(word.value) for word in call.keywords if word.arg == "sep"), None)
            for number, argument in enumerate(call.args):
                if number:
                    yield " " if told is None else told
                yield from _of_argument(argument)


def _of_argument(argument: ast.expr) -> Iterator[str | ast.expr]:
    """Text, and the values that stand in it."""
    match argument:
        case ast.Constant():
            yield str(argument.value)
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from [part.value] if isinstance(part, ast.FormattedValue) else _of_argument(part)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            yield from _formatted(text, argument)
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod(), right=right):
            yield from _filled(text, right.elts if isinstance(right, ast.Tuple) else [right])
        case ast.BinOp(left=left, op=ast.Add(), right=right) if any(map(_is_text, (left, right))):
            yield from (piece for side in (left, right) for piece in _of_argument(side))
        case ast.Call(func=ast.Name(id="str" | "repr"), args=[value]):
            yield value
        case _:
            yield argument


def _is_text(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr() | ast.Call(func=ast.Name(id="str")):
            return True
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _is_text(left) or _is_text(right)
    return False


def _filled(text: str, given: list[ast.expr]) -> Iterator[str | ast.expr]:
    """`"loss %.2f" % loss`"""
    waiting = iter(given)
    for piece in _SPECIFIER.split(text):
        yield "%" if piece == "%%" else next(waiting, ast.Constant("")) if _SPECIFIER.fullmatch(piece) else piece


def _formatted(text: str, call: ast.Call) -> Iterator[str | ast.expr]:
    """`"loss {:.2f}".format(loss)`"""
    named = {word.arg: word.value for word in call.keywords}
    try:
        pieces = list(string.Formatter().parse(text))
    except ValueError:
        return
    unnumbered = itertools.count()
    for before, field, _, _ in pieces:
        yield before
        if field is not None:
            name = re.split(r"[.\[]", field)[0]
            place = int(name) if name.isdigit() else len(call.args) if name else next(unnumbered)
            yield named.get(name) or (call.args[place] if place < len(call.args) else ast.Constant(""))


def _label(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=ast.Attribute(attr="mean" | "median" | "std" as what), args=[held, *_]) if (own := _label(held)):
            return f"{what}_{own}"
        case ast.Call(func=ast.Attribute(value=held, attr="std")) if own := _label(held):
            return f"std_{own}"
        case ast.Call(func=ast.Attribute(value=held, attr="item" | "mean" | "cpu" | "numpy" | "detach")):
            return _label(held)
        case ast.Call(func=ast.Attribute(value=held, attr="round"), args=[] | [ast.Constant()]):
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
