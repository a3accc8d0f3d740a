"""What a script calls of other files of the user's: the functions and classes there, as their text has them. Nothing is
imported for that."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from trackline._script import frames, syntax

MOST = 100
"""So many functions and classes are looked at."""
DEEPEST = 3
"""So many files may hand a name on, as an `__init__.py` with `from .train import train` does."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Imported(NamedTuple):
    """A function or class, under the name that the script calls it by (`Net`, `models.Net`), and the text that it is in."""

    name: str
    node: Definition
    module: ast.Module


def imported(module: ast.Module, file: str) -> list[Imported]:
    """Those that are called in the text of a file."""
    return list(islice(_imported(module, file), MOST))


def _imported(module: ast.Module, file: str) -> Iterator[Imported]:
    called = set(_called(module))
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                bound = alias.asname or alias.name
                if ("", bound) in called:
                    yield from _defined(bound, _file(node.module, node.level, file), alias.name)
                inner = f"{node.module}.{alias.name}" if node.module else alias.name
                yield from _of_module(bound, called, inner, node.level, file)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield from _of_module(alias.asname or alias.name, called, alias.name, 0, file)


def _of_module(bound: str, called: set[tuple[str, str]], name: str, level: int, file: str) -> Iterator[Imported]:
    inside = sorted(inner for held, inner in called if held == bound)
    place = _file(name, level, file) if inside else None
    for inner in inside:
        yield from _defined(f"{bound}.{inner}", place, inner)


def _called(module: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                yield "", name
            case ast.Call(func=ast.Attribute(value=ast.Name(id=held), attr=name)):
                yield held, name


def _defined(name: str, file: str | None, inner: str) -> Iterator[Imported]:
    found = _definition(file, inner, DEEPEST)
    if found is not None:
        yield Imported(name, *found)


def _definition(file: str | None, name: str, deepest: int) -> tuple[Definition, ast.Module] | None:
    if file is None or deepest == 0 or (module := syntax.tree(file)) is None:
        return None
    for node in module.body:
        if isinstance(node, Definition) and node.name == name:
            return node, module
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    return _definition(_file(node.module, node.level, file), alias.name, deepest - 1)
    return None


def _file(name: str | None, level: int, file: str) -> str | None:
    """The file of a module that another file imports, if it is the user's own."""
    folder = os.path.dirname(os.path.abspath(file))
    for _ in range(level - 1):
        folder = os.path.dirname(folder)
    path = os.path.join(*name.split(".")) if name else ""
    for root in [folder] if level else [folder, *filter(_is_own_folder, sys.path)]:
        for found in (f"{os.path.join(root, path)}.py", os.path.join(root, path, "__init__.py")):
            if os.path.isfile(found) and frames.is_own_file(found):
                return found
    return None


def _is_own_folder(folder: str) -> bool:
    return frames.is_own_file(os.path.join(folder, "__init__.py"))
