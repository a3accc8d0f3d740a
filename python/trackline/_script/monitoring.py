"""The loops of the user's code, as the interpreter tells where it is in them (`sys.monitoring`, Python 3.12 and newer).

Only code that has places to look at gets events: that of scripts, of modules of the project, of cells. Its instructions that
are no such place are switched off when they are first met. The code itself stays as it is.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

from trackline import _code, _own_modules
from trackline._guard import guard
from trackline._native import CodeHook, LoopEvents
from trackline._script import frames, looks, syntax
from trackline._script.place import Place, Scope

NAME = "trackline"
_IDS = (4, 3)
"""Those that are nobody's by convention: others are of debuggers, coverage, profilers, optimizers."""

_Key = tuple[str, int]
"""Name and first line of a function's code, of a module's empty and 0."""

_hooked = False
_tool: int | None = None
_events: LoopEvents | None = None
_watched: dict[int, CodeType] = {}
"""By identity: the hash of a code object reads all of it."""
_places: dict[str, dict[_Key, list[Place]]] = {}


def begin() -> None:
    """Looks at loops from now on, also of code that runs already."""
    global _hooked
    if not _take_tool():
        return
    for code in _present():
        _begins(code)
    if not _hooked:  # After what `_begins` itself imports when it is first called. It stays for as long as the process.
        sys.addaudithook(CodeHook(_begins))
        _hooked = True


def end() -> None:
    """Looks at no loop any more."""
    global _tool, _events
    if sys.version_info >= (3, 12) and _tool is not None:
        for code in _watched.values():
            sys.monitoring.set_local_events(_tool, code, 0)
        sys.monitoring.register_callback(_tool, sys.monitoring.events.INSTRUCTION, None)
        sys.monitoring.free_tool_id(_tool)
    _tool = _events = None
    _watched.clear()
    _places.clear()


def _take_tool() -> bool:
    global _tool, _events
    if sys.version_info < (3, 12):
        return False
    if _tool is None:
        _tool = next((number for number in _IDS if sys.monitoring.get_tool(number) is None), None)
        if _tool is not None:
            sys.monitoring.use_tool_id(_tool, NAME)
            _events = LoopEvents(sys.monitoring.DISABLE)
            sys.monitoring.register_callback(_tool, sys.monitoring.events.INSTRUCTION, _events.about_to_run)
    return _tool is not None


def _present() -> Iterator[CodeType]:
    """The code that runs now, and that of functions which were made before."""
    for frame in frames.own_frames(sys._getframe()):
        yield frame.f_code
    for module in [sys.modules.get(name) for name in ("__main__", *_own_modules.files())]:
        file = getattr(module, "__file__", None)
        if module is not None and isinstance(file, str) and _code.is_of_project(file):
            yield from _functions(vars(module), module.__name__)


def _functions(names: dict[str, Any], module: str) -> Iterator[CodeType]:
    for value in list(names.values()):
        value = getattr(value, "__func__", value) if type(value) in (staticmethod, classmethod) else value
        if type(value) is FunctionType:
            if value.__module__ == module:
                yield value.__code__
        elif issubclass(type(value), type) and value.__module__ == module and vars(value) is not names:
            yield from _functions(dict(vars(value)), module)


def _begins(code: object) -> None:
    """Code is about to run."""
    if _tool is None or type(code) is not CodeType:
        return
    with guard("loops", charged=False):
        if frames.is_typed(code.co_filename) or _code.is_of_project(code.co_filename):
            places = _places_of(code.co_filename)
            if places:
                _look_at(code, places, is_module=not code.co_flags & frames.OF_A_FUNCTION)


def _places_of(file: str) -> dict[_Key, list[Place]]:
    found = _places.get(file)
    if found is None:
        found = _places[file] = {}
        tree = syntax.tree(file)
        for place in looks.places(tree) if tree is not None else ():
            found.setdefault(_key(place.scope), []).append(place)
    return found


def _key(node: Scope) -> _Key:
    if isinstance(node, ast.Module):
        return "", 0
    return node.name, min(part.lineno for part in (node, *node.decorator_list))


def _look_at(code: CodeType, places: dict[_Key, list[Place]], *, is_module: bool = False) -> None:
    here = places.get(("", 0) if is_module else (code.co_name, code.co_firstlineno))
    if here is not None and id(code) not in _watched:
        _watched[id(code)] = code
        _add(code, here)
    for constant in code.co_consts:
        if type(constant) is CodeType:
            _look_at(constant, places)


def _add(code: CodeType, places: list[Place]) -> None:
    from trackline._script.loop_points import Flow

    if sys.version_info < (3, 12) or _events is None or _tool is None:
        return
    flow = Flow(code)
    added = False
    for place in places:
        found = flow.beginning(place.statement) if place.moment.is_before else flow.points(place.statement)
        if found:
            points = [(offset, point.value) for offset, point in found.items()]
            for looker in looks.lookers(place):
                _events.add(code, looker, place.counter, place.variables, points)
            added = True
    if added:
        sys.monitoring.set_local_events(_tool, code, sys.monitoring.events.INSTRUCTION)
