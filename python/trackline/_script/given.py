"""Where functions begin that the user wrote to learn from data or to make it: `fit(self, X, y, epochs=9)`, `train(net, lr=0.1)`, the
`__init__` of a model. What they are given is looked at."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Any

from trackline._script import frames, functions, syntax
from trackline._script.calls import is_static, is_switch, learns, loads, works
from trackline._script.constants import is_settings_name
from trackline._script.place import Moment, Place, Value

FITS = ("fit", "partial_fit", "train", "learn")
_NO_CODE = ast.Global | ast.Nonlocal | ast.Pass


def places(module: ast.Module) -> Iterator[Place]:
    """Of each such function its first statement that does something, and the names of its arguments: of a `fit` data and labels first."""
    yield from fits(module)
    open_to_looks = [node for node in functions.observable(module) if isinstance(node, ast.FunctionDef)]
    made = {id(node) for kind in ast.walk(module) if isinstance(kind, ast.ClassDef) and learns(kind) for node in kind.body}
    at_top = {id(node) for node in module.body}
    for node in open_to_looks:
        if id(node) in at_top and (works(node.name) or loads(node.name)):
            yield from _beginning(node, _arguments(node, 0))
        elif id(node) in made and node.name == "__init__":
            yield from _beginning(node, _arguments(node, 1))


def fits(module: ast.Module) -> Iterator[Place]:
    """Those that are methods like `fit`."""
    for kind in ast.walk(module):
        if isinstance(kind, ast.ClassDef):
            for method in kind.body:
                if isinstance(method, ast.FunctionDef) and method.name in FITS and not is_switch(method):
                    yield from _beginning(method, _arguments(method, 0 if is_static(method) else 1))


def _beginning(function: ast.FunctionDef, names: list[str]) -> Iterator[Place]:
    first = next((statement for statement in function.body if _does_something(statement)), None)
    if names and first is not None:
        values = tuple(Value(name, (name, None, None)) for name in names)
        yield Place(Moment.BEGUN, function, function.body, first, None, values)


def _arguments(function: ast.FunctionDef, first: int) -> list[str]:
    """From the first that counts, which is not the object itself."""
    spec = function.args
    return [argument.arg for argument in (*[*spec.posonlyargs, *spec.args][first:], *spec.kwonlyargs)]


def defaults(function: ast.AST) -> dict[str, Any]:
    """The arguments of a function that need not be given, with the literals that they are then."""
    if not isinstance(function, ast.FunctionDef):
        return {}
    spec = function.args
    positional = [*spec.posonlyargs, *spec.args]
    pairs = [*zip(reversed(positional), reversed(spec.defaults), strict=False), *zip(spec.kwonlyargs, spec.kw_defaults, strict=True)]
    return {argument.arg: value.value for argument, value in pairs if isinstance(value, ast.Constant)}


def called_as(frame: FrameType, names: Sequence[str]) -> dict[str, str]:
    """What the caller of a function calls the arguments: `n_tags` of `Net(n_words, n_tags)`, `arch` of `Net(base=args.arch)`. `names`
    are those of the function's arguments, from the first that counts on."""
    outside = frame.f_back
    if outside is None or not frames.is_own(outside.f_code):
        return {}

    def find() -> dict[str, str]:
        module = syntax.tree(outside.f_code.co_filename, outside.f_globals)
        call = None if module is None else syntax.call(module, frames.position(outside))
        if call is None or any(isinstance(one, ast.Starred) for one in call.args):
            return {}
        named = [(word.arg, word.value) for word in call.keywords if word.arg is not None and _is_of_settings(word.value)]
        pairs = [*zip(names, call.args, strict=False), *named]
        return {name: syntax.called(one) for name, one in pairs if isinstance(one, ast.Name | ast.Attribute)}

    return frames.once("called as", outside.f_code, outside.f_lasti, find)


def _is_of_settings(value: ast.expr) -> bool:
    """Whether it is on record by its own name: `args.arch`, `cfg.model.depth`."""
    return isinstance(value, ast.Attribute) and is_settings_name(syntax.called(value.value))


def _does_something(statement: ast.stmt) -> bool:
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return not is_text and not isinstance(statement, _NO_CODE)
