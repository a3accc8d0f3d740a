"""Where methods begin that the user wrote to fit to data: `fit(self, X, y)`, `partial_fit`. What they are given is looked at."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackline._script.place import Moment, Place, Value

FITS = ("fit", "partial_fit")
_NO_CODE = ast.Global | ast.Nonlocal | ast.Pass


def places(module: ast.Module) -> Iterator[Place]:
    """Of each such method its first statement that does something, and the names of data and labels."""
    for kind in ast.walk(module):
        if not isinstance(kind, ast.ClassDef):
            continue
        for method in kind.body:
            if isinstance(method, ast.FunctionDef) and method.name in FITS:
                names = [argument.arg for argument in (*method.args.posonlyargs, *method.args.args)][1:3]
                first = next((statement for statement in method.body if _does_something(statement)), None)
                if names and first is not None:
                    values = tuple(Value(name, (name, None, None)) for name in names)
                    yield Place(Moment.BEGUN, method, method.body, first, None, values)


def _does_something(statement: ast.stmt) -> bool:
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return not is_text and not isinstance(statement, _NO_CODE)
