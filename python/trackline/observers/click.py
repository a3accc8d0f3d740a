"""Parameters of commands made with click or typer."""

from __future__ import annotations

import inspect
from collections.abc import Generator
from types import ModuleType
from typing import Any

from trackline._patch import Call, Outcome, Patches
from trackline._script import frames
from trackline.observers import argparse

SOURCE = "click"

_patches = Patches()
unpatch = _patches.undo


def patch() -> None:
    """Sees commands that are invoked. Newer typers bring a click of their own."""
    for module in ("click.core", "typer._click.core"):
        _patches.on_import(module, _watch)


def _watch(core: ModuleType) -> None:
    _patches.wrap(core.Command, "invoke", invoke)


def invoke(call: Call) -> Generator[None, Outcome, None]:
    """Recorded before the command runs: it is the whole program."""
    command, context = call.args[:2]
    callback = command.callback and inspect.unwrap(command.callback)
    if callback is not None and context.params and frames.is_own(callback.__code__):
        argparse.record(dict(context.params), _defaults(command, context), SOURCE)
    yield


def _defaults(command: Any, context: Any) -> dict[str, Any]:
    """Of those that were not given: click knows where each came from."""
    source = context.get_parameter_source
    return {name: value for name, value in context.params.items() if getattr(source(name), "name", "") in ("DEFAULT", "DEFAULT_MAP")}
