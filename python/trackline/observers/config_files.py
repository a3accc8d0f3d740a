"""Configurations that a script reads from YAML, TOML or JSON files."""

from __future__ import annotations

import functools
import os
from collections.abc import Generator
from types import ModuleType
from typing import Any

from trackline import _ambient, _observed
from trackline._patch import Call, Hook, Outcome, Patches
from trackline._script import constants
from trackline.observers import _caller

READERS = {"yaml": "load", "tomllib": "load loads", "tomli": "load loads", "json": "load"}
LARGEST = 100_000
"""Bytes of a file that may be a configuration."""
MOST = 300
"""Values in it."""
SURE = 0.95

_patches = Patches()
unpatch = _patches.undo


def patch() -> None:
    """Sees files that are read."""
    for module, names in READERS.items():
        hook = {"json": read_json}.get(module, read)
        _patches.on_import(module, functools.partial(_watch, names.split(), hook))


def _watch(names: list[str], hook: Hook, module: ModuleType) -> None:
    _patches.wrap_functions([getattr(module, name) for name in names], hook)


def read(call: Call) -> Generator[None, Outcome, None]:
    """YAML and TOML are read for settings."""
    outcome = yield
    if outcome.error is None and isinstance(outcome.value, dict) and _caller.is_user("yaml", "tomllib", "tomli"):
        _record(_name_of(call.args[0] if call.args else None), outcome.value)


def read_json(call: Call) -> Generator[None, Outcome, None]:
    """JSON is read for data too: it is settings if its name says so."""
    outcome = yield
    if outcome.error is None and isinstance(outcome.value, dict) and _caller.is_user("json"):
        name = _name_of(call.args[0] if call.args else None)
        if name is not None and any(constants.is_settings_name(part) for part in _words(name)):
            _record(name, outcome.value)


def _words(path: str) -> list[str]:
    folder, file = os.path.split(path)
    return [os.path.basename(folder).rstrip("s"), *os.path.splitext(file)[0].replace("-", "_").split(".")]


def _name_of(stream: Any) -> str | None:
    name = getattr(stream, "name", None)
    return name if isinstance(name, str) else None


def _record(name: str | None, values: dict[str, Any]) -> None:
    if name is not None and os.path.isfile(name) and os.path.getsize(name) > LARGEST:
        return
    if _size(values) <= MOST:
        source = f"file {os.path.basename(name)}" if name else "yaml"
        _ambient.later(lambda run: _observed.params(run, values, source=source, confidence=SURE))


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    return len(value) if isinstance(value, list) else 1
