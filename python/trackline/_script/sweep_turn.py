"""Searches that are written as loops: which turn of which loop of the script a call is in, and what it tries out there."""

from __future__ import annotations

import ast
import enum
import os
import sys
import types
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any, NamedTuple

from trackline._active_run import Trail
from trackline._script import frames, loop_length, syntax
from trackline._script.constants import is_setting
from trackline._script.syntax import Loop

_POOLS = tuple(
    os.path.join(*parts)
    for parts in (("multiprocessing", "pool.py"), ("concurrent", "futures", "process.py"), ("concurrent", "futures", "thread.py"), ("joblib", "parallel.py"))
)
"""Files that call the functions which pools are given."""
LONGEST = 20
"""Items of a list that is a setting; longer ones are data."""


class Turn(NamedTuple):
    """One turn of the loops that lead to a call."""

    execution: tuple[Any, ...]
    """The outermost of the loops, in this one of the times that it runs."""
    site: tuple[Any, ...]
    """The calls that lead from there here."""
    settings: dict[str, Any]
    """What the loops set."""
    arguments: dict[str, Any]
    """What functions that are called in the loops are given."""
    is_split: bool
    """Whether a loop goes over splits of data that it does not number."""
    beside_folds: dict[str, Any] | None
    """What the loops set beside one that goes over splits of data; None if there is none."""


def turn(since: Trail = (), of: object = None) -> Turn | None:
    """The turn of the script's loops that the caller is in. Of the frames in `since` only those loops count that began
    after they were on that line; what called a script (a runner, an import, `exec`) is none of its loops. Nor do loops count
    that train one object, `of`, step by step: a search makes it anew in each turn."""
    marks = {frame: (code, line) for frame, code, line in since}
    inner: list[FrameType] = []
    outermost: tuple[int, tuple[Loop, ...]] | None = None
    for frame in script(sys._getframe(1)):
        inner.append(frame)
        around = _loops(frame, of)
        mark = marks.get(id(frame))
        if mark is not None and mark[0] is frame.f_code:
            before = _at(*mark)
            around = tuple(loop for loop in around if loop not in before)
        if not all(_has_one_turn(frame, loop) for loop in around):
            outermost = len(inner), around
        if mark is not None and mark[0] is frame.f_code:
            break
    if outermost is None:
        return None
    depth, around = outermost
    outer = tuple((id(frame.f_code), frame.f_lasti) for frame in inner[depth:])
    held = inner[:depth]
    set_here = settings(of)
    return Turn(
        (id(held[-1]), id(held[-1].f_code), around[0].line, outer),
        tuple((id(frame.f_code), frame.f_lasti) for frame in held),
        set_here,
        dict(pair for frame in reversed(held[:-1]) for pair in _arguments(frame)),
        any(_is_unnumbered(frame) for frame in held),
        _beside_folds(held, set_here),
    )


def mapped(since: Trail = ()) -> Turn | None:
    """The turn that a call is which a pool of processes or threads, or joblib, makes for one entry of what it goes over: what it tries
    are its arguments. None in functions that run since before the frames in `since`."""
    known = {frame for frame, _, _ in since}
    for frame in frames.own_frames(sys._getframe(1)):
        if id(frame) in known:
            return None
        if is_mapped(frame):
            tried = dict(_arguments(frame))
            site = ((id(frame.f_code), 0),)
            return Turn(site, site, tried, {}, is_split=False, beside_folds=None) if tried else None
    return None


def is_mapped(frame: FrameType) -> bool:
    """Whether a pool has called the function."""
    return frame.f_back is not None and frame.f_back.f_code.co_filename.endswith(_POOLS)


def settings(of: object = None) -> dict[str, Any]:
    """What all the loops of the script that lead here set in this turn, but for those that train `of`."""
    found: dict[str, Any] = {}
    for frame in reversed(list(script(sys._getframe(1)))):
        for name, value in frames.loop_variables(frame, _loops(frame, of)).items():
            found.update(settings_of(name.rstrip("_"), value))
    return found


def given() -> dict[str, Any]:
    """What the functions around the caller were given, of those that the script calls in several places: `score("svm", SVC())`."""
    found: dict[str, Any] = {}
    for frame in reversed(list(script(sys._getframe(1)))):
        if frames.is_called_often(frame):
            found.update((name, value) for name, value in _given(frame) if is_setting(value))
    return found


def _loops(frame: FrameType, of: object) -> tuple[Loop, ...]:
    around = frames.loops(frame)
    if of is None or not around:
        return around
    names = {name for name, value in frames.variables(frame).items() if value is of}
    return tuple(loop for loop in around if not names or not names.isdisjoint(loop.body))


def places() -> frozenset[tuple[int, Loop]]:
    """The loops that lead to the caller, each with the code that it is in."""
    calls = script(sys._getframe(1))
    return frozenset((id(frame.f_code), loop) for frame in calls for loop in frames.loops(frame))


def script(frame: FrameType | None) -> Iterator[FrameType]:
    """The frames of the user's own code from this one to the top level of a module: who runs that is no part of it."""
    for own in frames.own_frames(frame):
        yield own
        if own.f_code.co_name == "<module>":
            return


def _has_one_turn(frame: FrameType, loop: Loop) -> bool:
    if loop.over is None:
        return False
    return loop_length.of(loop.over, {**frame.f_globals, **frames.variables(frame)}) == 1


def _at(code: CodeType, line: int) -> tuple[Loop, ...]:
    module = syntax.tree(code.co_filename)
    return () if module is None else syntax.loops(module, line)


def settings_of(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """What of a value is a setting. Of a dict, as `ParameterGrid` gives, each entry is; data (folds, batches, tables) is
    none."""
    if isinstance(value, dict):
        for key, entry in value.items():
            inner = settings_of(str(key), entry)
            yield from ((f"{key}.{name}", one) for name, one in inner) if isinstance(entry, dict) else inner
    elif _is_plain(value):
        yield name, value
    elif isinstance(value, list | tuple) and len(value) <= LONGEST and all(map(_is_plain, value)):
        yield name, value
    elif hasattr(type(value), "get_params"):
        yield name, type(value).__name__


def _is_plain(value: Any) -> bool:
    kind = (str, bool, int, float, complex, enum.Enum, os.PathLike, type, types.FunctionType, types.BuiltinFunctionType)
    return isinstance(value, kind) or (type(value).__module__ == "numpy" and getattr(value, "shape", None) == ())


def _arguments(frame: FrameType) -> Iterator[tuple[str, Any]]:
    for name, value in _given(frame):
        yield from settings_of(name, value)


def _given(frame: FrameType) -> Iterator[tuple[str, Any]]:
    code = frame.f_code
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    held = frames.variables(frame)
    for name in names:
        if name in held and not name.startswith((".", "_")) and name not in ("self", "cls"):
            yield name, held[name]


def _is_unnumbered(frame: FrameType) -> bool:
    held = frames.loop_variables(frame)
    return any(
        loop.over is not None and _splits(loop.over) and not any(isinstance(held.get(name), int) for name in loop.names)
        for loop in frames.loops(frame)
    )


def _beside_folds(held: list[FrameType], set_here: dict[str, Any]) -> dict[str, Any] | None:
    folds = [loop for frame in held for loop in frames.loops(frame) if loop.over is not None and _splits(loop.over)]
    names = {name for loop in folds for name in loop.names}
    return {name: value for name, value in set_here.items() if name not in names} if folds else None


def _splits(over: ast.expr) -> bool:
    """Whether a loop goes over `KFold(5).split(X)` or the like."""
    calls = [node.func for node in ast.walk(over) if isinstance(node, ast.Call)]
    return any(isinstance(function, ast.Attribute) and function.attr == "split" for function in calls)
