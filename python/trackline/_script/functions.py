"""Which functions of a script may be looked at while they run. The text alone decides that."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator

from trackline._script import syntax

MOST_REMEMBERED = 200
"""What several observers ask of the same texts is worked out once."""
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
_COMPILERS = {
    "cfunc", "compile", "grad", "guvectorize", "jit", "kernel", "njit", "optimize", "pmap", "scan", "script", "stencil",
    "value_and_grad", "vectorize", "vmap",
}  # fmt: skip
"""What compiles the functions that it is given, by their byte code or by calling them with stand-ins for values."""
_JUDGES = re.compile(
    r"(^|_)(eval|evaluate|evaluation|val|valid|validate|validation|test|predict|score|accuracy|metrics?|loss|cost)(_|$)",
    re.IGNORECASE,
)
"""Functions whose loops go over the data of one score, unless they train as well."""
_TRAINS = re.compile(r"(^|_)(cross|fit|fold|folds|kfold|learn|main|optimize|run|train|training)(_|$)", re.IGNORECASE)


@functools.lru_cache(maxsize=MOST_REMEMBERED)
def observable(module: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Those that may be looked at: nothing compiles them, and they are for more than one score."""
    return list(_observable(module))


def _observable(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    if _compiles_calls(module):
        return
    given = {
        argument.id
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and syntax.called(node.func) in _COMPILERS
        for argument in node.args
        if isinstance(argument, ast.Name)
    }
    for node in ast.walk(module):
        if isinstance(node, _FUNCTIONS) and not any(map(_compiles, node.decorator_list)) and node.name not in given:
            judges = _JUDGES.search(node.name) and not trains(node)
            if not judges and node.name not in ("forward", "__call__"):
                yield node


def trains(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether its name says that it trains."""
    return _TRAINS.search(function.name) is not None


def trains_or_judges(name: str) -> bool:
    """Whether a function of this name trains, or gives a score."""
    return _TRAINS.search(name) is not None or _JUDGES.search(name) is not None


def _compiles(decorator: ast.expr) -> bool:
    """Whether it is `@jit`, `@jax.jit`, `@njit(parallel=True)`, `@partial(jax.jit, static_argnums=0)`."""
    return any(syntax.called(node) in _COMPILERS for node in ast.walk(decorator))


def _compiles_calls(module: ast.Module) -> bool:
    """Whether `torch.compile` is about: it compiles what the functions call that it is given."""
    return any(isinstance(node, ast.Attribute) and node.attr == "compile" for node in ast.walk(module)) and any(
        isinstance(node, ast.Import | ast.ImportFrom) and "torch" in ast.unparse(node) for node in ast.walk(module)
    )
