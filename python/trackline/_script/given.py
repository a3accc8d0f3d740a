"""Where methods begin that the user wrote to learn from data: `fit(self, X, y, epochs=9)`, `train`. What they are given is looked
at."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackline._script.calls import is_static, is_switch
from trackline._script.place import Moment, Place, Value

FITS = ("fit", "partial_fit", "train", "learn")
_NO_CODE = ast.Global | ast.Nonlocal | ast.Pass


def places(module: ast.Module) -> Iterator[Place]:
    """Of each such method its first statement that does something, and the names of its arguments: data and labels first."""
    for kind in ast.walk(module):
        if not isinstance(kind, ast.ClassDef):
            continue
        for method in kind.body:
            if isinstance(method, ast.FunctionDef) and method.name in FITS:
                names = _arguments(method)
                first = next((statement for statement in method.body if _does_something(statement)), None)
                if names and first is not None and not is_switch(method):
                    values = tuple(Value(name, (name, None, None)) for name in names)
                    yield Place(Moment.BEGUN, method, method.body, first, None, values)


def _arguments(method: ast.FunctionDef) -> list[str]:
    """But for the object itself."""
    spec = method.args
    positional = [*spec.posonlyargs, *spec.args][0 if is_static(method) else 1 :]
    return [argument.arg for argument in (*positional, *spec.kwonlyargs)]


def _does_something(statement: ast.stmt) -> bool:
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return not is_text and not isinstance(statement, _NO_CODE)
