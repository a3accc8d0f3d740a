"""Settings that the text leaves to the running program: of a branch (`if args.fast: lr = 0.1`), of an expression that chooses
(`32 if small else 64`), with a value for when nothing is said (`cfg.get("lr", 0.1)`, `args.lr or 0.1`), or a class (`OPTIMIZER = optim.Adam`); and
the sizes that data gives a model (`vocab_size = len(words)`)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackline._script import syntax
from trackline._script.constants import TOP, assignments, is_settings_name, pairs
from trackline._script.syntax import FUNCTION

_FALLS_BACK = {"get", "getenv", "pop"}
_COUNTED = {
    "actions", "categories", "chars", "characters", "classes", "input", "items", "labels", "output", "states", "tags", "tokens", "users",
    "vocab", "words",
}  # fmt: skip
_SIZES = {"dim", "n", "num", "number", "size"}
_CONVERTS = {"int", "float", "str", "bool"}


def choices(module: ast.Module) -> dict[str, frozenset[str]]:
    """The names of such settings, by the function that sets them."""
    scopes: list[tuple[str, ast.AST]] = [(TOP, module)]
    scopes += [(node.name, node) for node in ast.walk(module) if isinstance(node, FUNCTION)]
    found = {name: frozenset(_of_scope(node)) for name, node in scopes}
    return {name: names for name, names in found.items() if names}


def _of_scope(scope: ast.AST) -> Iterator[str]:
    count, changed = assignments(scope)
    given: dict[str, list[tuple[ast.expr, bool]]] = {}
    for name, value, in_branch in _given(scope, in_branch=False):
        given.setdefault(name, []).append((value, in_branch))
    for name, values in given.items():
        is_chosen = any(in_branch or _chooses(value) for value, in_branch in values)
        if is_chosen and not name.startswith("_") and name not in changed and count[name] == len(values):
            if all(_is_setting(value) for value, _ in values):
                yield name
        elif [_names_class(value, name) or _is_size(value, name) for value, _ in values] == [True] and count[name] == 1:
            yield name


def _given(node: ast.AST, *, in_branch: bool) -> Iterator[tuple[str, ast.expr, bool]]:
    """What names are assigned, but in loops, and whether in a branch."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Assign() | ast.AnnAssign():
                yield from ((name, value, in_branch) for name, value in pairs([child]))
            case ast.If(test=test):
                is_main = any(isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(test))
                yield from _given(child, in_branch=in_branch or not is_main)
            case ast.With() | ast.match_case() | ast.Match():
                yield from _given(child, in_branch=in_branch or isinstance(child, ast.match_case))


def _names_class(value: ast.expr, taken_as: str) -> bool:
    """Whether a class seems to be chosen, and is not only called by another name: `Model = keras.Model`, `T = TypeVar`."""
    if not isinstance(value, ast.Name | ast.Attribute) or len(taken_as) == 1 or taken_as.startswith("_"):
        return False
    return syntax.called(value)[:1].isupper() and (taken_as.isupper() or taken_as[:1].islower())


def _is_size(value: ast.expr, taken_as: str) -> bool:
    """Whether it is the length of something, under the name of a size that a model is made for."""
    words = set(taken_as.lower().split("_"))
    is_named = not words.isdisjoint(_COUNTED) and not words.isdisjoint(_SIZES)
    return is_named and isinstance(value, ast.Call) and syntax.called(value.func) == "len"


def _chooses(value: ast.expr) -> bool:
    return any(
        isinstance(node, ast.IfExp | ast.BoolOp) or (isinstance(node, ast.Call) and syntax.called(node.func) in _FALLS_BACK)
        for node in ast.walk(value)
    )


def _is_setting(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=held):
            return isinstance(held, bool | int | float | str)
        case ast.UnaryOp(op=ast.USub(), operand=part):
            return _is_setting(part)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.BoolOp(values=parts):
            return all(map(_is_setting, parts))
        case ast.IfExp(body=body, orelse=other):
            return _is_setting(body) and _is_setting(other)
        case ast.Call(func=function, args=[_, default], keywords=[]) if syntax.called(function) in _FALLS_BACK:
            return _is_setting(default)
        case ast.Call(func=ast.Name(id=name), args=[part], keywords=[]) if name in _CONVERTS:
            return _is_setting(part)
        case ast.Attribute(value=holder) | ast.Subscript(value=holder):
            return is_settings_name(syntax.called(holder))
        case ast.Name(id=name):
            return name.isupper()
        case ast.BinOp(left=left, right=right):
            return _is_setting(left) and _is_setting(right)
    return False
