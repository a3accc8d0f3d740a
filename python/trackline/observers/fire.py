"""Arguments of functions that Fire calls from the command line."""

from __future__ import annotations

import inspect
from collections.abc import Generator
from types import ModuleType
from typing import Any

from trackline._patch import Call, Outcome, Patches
from trackline._script import frames
from trackline.observers import argparse

SOURCE = "fire"

_patches = Patches()
unpatch = _patches.undo
_core: Any = None


def patch() -> None:
    """Sees what Fire calls."""
    _patches.on_import("fire.core", _watch)


def _watch(core: ModuleType) -> None:
    global _core
    _core = core
    _patches.wrap(core, "_CallAndUpdateTrace", call)


def call(seen: Call) -> Generator[None, Outcome, None]:
    """Fire parses for each call; the same is parsed here, before it calls."""
    component, words = seen.args[:2]
    function = component.__init__ if inspect.isclass(component) else component
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is not None and frames.is_own(code):
        metadata = _core.decorators.GetMetadata(component)
        (varargs, kwargs), *_ = _core._MakeParseFn(component, metadata)(list(words))
        bound = inspect.signature(component).bind(*varargs, **kwargs)
        given = dict(bound.arguments)
        bound.apply_defaults()
        values = dict(bound.arguments)
        argparse.record(values, {name: value for name, value in values.items() if name not in given}, SOURCE)
    yield
