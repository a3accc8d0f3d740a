"""The script of `trackline run`, and the modules of its project, with a look at what their loops compute. Of Python before 3.12:
newer ones tell where loops are, see `trackline._script.monitoring`.

After the statement of a loop that assigns `loss` last, the script gets `if MARK.on: MARK.on = MARK.see(epoch, loss)`, on the
same line. The mark is a constant of the code: no name of the script is taken, and where the code is pickled (cloudpickle,
joblib) the mark is one that is off and needs no Trackline.
"""

from __future__ import annotations

import ast
import copy
import linecache
import os
import sys
from collections.abc import Callable, Container
from functools import partial
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any

from trackline import _code, _import_hook
from trackline._guard import guard
from trackline._native import ModuleCode, ScriptHook
from trackline._script import looks, syntax
from trackline._script.place import Moment, Place


class Mark:
    """Whether a place is looked at, and by what. Slots are the cheapest to read."""

    __slots__ = ("on", "see", "tracer")

    def __init__(self, see: Callable[..., bool]) -> None:
        self.on = True
        self.see = see
        self.tracer = sys.gettrace

    def __reduce__(self) -> tuple[Any, ...]:
        return partial, (bool,), (bool, (), {}, {"on": False})


def begin() -> None:
    """Looks at the loops of the script that this process is about to run, if it is one, and of modules that it imports."""
    if sys.flags.inspect or sys.gettrace() is not None:
        return  # A prompt after the script, or a debugger: they see all that is run.

    def replaced(original: CodeType) -> CodeType | None:
        with guard("loops"):
            return code(original.co_filename)
        return None

    def found(spec: Any) -> None:
        if type(spec.loader) is SourceFileLoader and _code.is_of_project(spec.loader.path):
            vars(spec.loader)["get_code"] = ModuleCode(spec.loader, replaced)

    file = sys.argv[0] if sys.argv else ""
    if file.endswith(".py") and os.path.isfile(file):
        sys.addaudithook(ScriptHook(os.path.abspath(file), replaced))
    if file != "-c":
        _import_hook.on_found(found)


def code(file: str) -> CodeType | None:
    """The code of a file with a look at its loops; None if it has none to look at."""
    if syntax.tree(file) is None:
        return None
    with open(file, "rb") as source:
        own = ast.parse(source.read(), file)  # The other tree is everybody's.
    marks = _mark(own)
    if not marks:
        return None
    return _with_marks(compile(own, file, "exec", dont_inherit=True), marks)


def part(module: ast.Module, file: str, flags: int) -> CodeType | None:
    """The code of statements of a cell, as it is compiled one by one; None if there is nothing to look at, or if it is
    not what the cell says."""
    if not looks.places(module):
        return None
    whole = syntax.parsed("".join(linecache.getlines(file))) or copy.deepcopy(module)
    written = {ast.dump(statement, include_attributes=True): statement for statement in whole.body}
    known = [written.get(ast.dump(statement, include_attributes=True)) for statement in module.body]
    found = [statement for statement in known if statement is not None]
    marks = _mark(whole, {node for statement in found for node in ast.walk(statement)})
    if not marks or len(found) < len(known):
        return None
    return _with_marks(compile(ast.Module(found, module.type_ignores), file, "exec", flags, dont_inherit=True), marks)


def _mark(module: ast.Module, only: Container[ast.AST] | None = None) -> dict[str, Mark]:
    """Puts a look at each place into the text, and gives the marks by the names that stand for them there."""
    marks: dict[str, Mark] = {}
    for place in looks.places(module):
        if only is None or place.statement in only:
            for looker in looks.lookers(place):
                name = f"\0trackline {len(marks)}"
                marks[name] = Mark(looker.see)
                _insert(place, name)
    return marks


def _insert(place: Place, mark: str) -> None:
    line, column = place.statement.lineno, place.statement.col_offset
    at: dict[str, Any] = {"lineno": line, "end_lineno": line, "col_offset": column, "end_col_offset": column}

    def name(text: str) -> ast.expr:
        return ast.Name(text, ast.Load(), **at)

    def attribute(text: str, context: ast.expr_context) -> ast.expr:
        return ast.Attribute(ast.Constant(mark, **at), text, context, **at)

    counter = name(place.counter) if place.counter else ast.Constant(None, **at)
    call = ast.Call(attribute("see", ast.Load()), [counter, *map(name, place.variables)], [], **at)
    look = ast.Assign([attribute("on", ast.Store())], call, **at)
    test: ast.expr = attribute("on", ast.Load())
    if place.moment is not Moment.TURN:  # What is written in Python a debugger would see.
        untraced = ast.Compare(ast.Call(attribute("tracer", ast.Load()), [], [], **at), [ast.Is()], [ast.Constant(None, **at)], **at)
        test = ast.BoolOp(ast.And(), [test, untraced], **at)
    behind = 0 if place.moment.is_before else 1
    place.block.insert(place.block.index(place.statement) + behind, ast.If(test, [look], [], **at))


def _with_marks(code: CodeType, marks: dict[str, Mark]) -> CodeType:
    constants = tuple(
        _with_marks(one, marks) if isinstance(one, CodeType) else marks.get(one, one) if type(one) is str else one
        for one in code.co_consts
    )
    return code.replace(co_consts=constants)
