"""Objects that hold the settings of a script: dataclasses, pydantic models, namespaces and dicts named like settings.

They are looked for where the script trains, and at its end among its globals: in the variables of its own functions.
"""

from __future__ import annotations

import enum
import sys
from collections.abc import Mapping
from pathlib import PurePath
from types import BuiltinFunctionType, FunctionType, SimpleNamespace
from typing import Any

from trackline import _ambient, _at_exit, _observed
from trackline._script import constants, frames, sweep_turn, syntax
from trackline.observers import _beginnings

SOURCE = "config"
SURE = 0.95
_CHOSEN = enum.Enum | PurePath | type | FunctionType | BuiltinFunctionType
"""What settings choose among, beside plain values: `{"optimizer": optim.Adam, "activation": F.relu}`."""

_seen: set[int] = set()


def patch() -> None:
    """Looks around when the program begins to train, and at the end."""
    _beginnings.watch(look_around)
    _at_exit.add(_look_at_script, SOURCE)


def unpatch() -> None:
    """Looks no more."""
    _beginnings.unwatch(look_around)
    _at_exit.remove(_look_at_script)
    _seen.clear()


def look_around() -> None:
    """The variables of the functions that the program is in, but for what a turn of a loop or of a pool is about."""
    own = list(frames.own_frames(sys._getframe()))
    mapped = next((at for at, frame in enumerate(own) if sweep_turn.is_mapped(frame)), -1)
    for frame in reversed(own[mapped + 1 :]):  # The whole before its parts.
        passing = {name for loop in frames.loops(frame) for name in loop.body}
        _look({name: value for name, value in frames.variables(frame).items() if name not in passing})


def _look_at_script() -> None:
    """But for what a loop has set: that is what its last turn was about."""
    main, module = sys.modules["__main__"], syntax.script()
    passing = set() if module is None else syntax.set_in_loops(module)
    _look({name: value for name, value in vars(main).items() if name not in passing})


def _look(variables: Mapping[str, Any], *, inside: bool = True) -> None:
    """Variables, and what the user's own objects in them hold under names of settings."""
    for name, value in variables.items():
        # By identity: an object is looked at once. Its id may go to another one later, which then is missed.
        if id(value) in _seen or name.startswith("_"):
            continue
        settings = _settings(name, value)
        if settings is None and inside and frames.is_own_module(type(value).__module__):
            _look({key: held for key, held in getattr(value, "__dict__", {}).items() if constants.is_settings_name(key)}, inside=False)
        if settings:
            _seen.add(id(value))
            _ambient.later(lambda run, settings=settings: _observed.params(run, settings, source=SOURCE, confidence=SURE))  # type: ignore[misc]


def _settings(name: str, value: Any) -> dict[str, Any] | None:
    kind, itself = type(value), frozenset({id(value)})
    if isinstance(value, dict | SimpleNamespace):
        held = value if isinstance(value, dict) else vars(value)
        return _plain(held, None, itself) if constants.is_settings_name(name) and all(isinstance(key, str) for key in held) else None
    if kind is type and "__dataclass_fields__" not in vars(value) and constants.is_settings_name(value.__name__):
        return _plain(_chosen_by(value), None, itself) if frames.is_own_module(value.__module__) else None
    if kind is type or not frames.is_own_module(kind.__module__):
        return None
    if "__dataclass_fields__" in vars(kind) and (constants.is_settings_name(name) or constants.is_settings_name(kind.__name__)):
        return _plain(_fields(value), None, itself)
    if hasattr(kind, "model_fields") or constants.is_settings_name(kind.__name__) or _is_node(name, value):
        return _plain({**_of_class(kind), **getattr(value, "__dict__", {})}, kind, itself)
    return None


def _is_node(name: str, value: Any) -> bool:
    """Whether an object named like settings holds plain values only, and objects of its own kind: `cfg.model.depth`."""
    held = getattr(value, "__dict__", {})
    plain = (type(one) is type(value) or not hasattr(one, "__dict__") for one in held.values())
    return constants.is_settings_name(name) and all(plain) and not any(key.startswith("_") for key in held)


def _chosen_by(kind: type) -> dict[str, Any]:
    """What a class of settings holds, but for its methods and the classes in it."""
    own = f"{kind.__qualname__}."
    return {name: value for name, value in vars(kind).items() if not str(getattr(value, "__qualname__", "")).startswith(own)}


def _fields(value: Any) -> dict[str, Any]:
    """Those of an object of a dataclass, which may have slots."""
    return {field: getattr(value, field, None) for field in type(value).__dataclass_fields__}


def _of_class(kind: type) -> dict[str, Any]:
    return {name: value for name, value in vars(kind).items() if constants.is_setting(value)}


def _plain(values: Mapping[str, Any], kind: type | None, around: frozenset[int]) -> dict[str, Any]:
    """Settings, and settings in them, also in objects of this kind; what else an object holds is left out. Those `around` these,
    by `id`, are not looked at once more: a part may know its whole."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name.startswith("_") or id(value) in around:
            continue
        if isinstance(value, dict | SimpleNamespace):
            held = value if isinstance(value, dict) else vars(value)
            found[name] = _plain({str(key): item for key, item in held.items()}, None, around | {id(value)})
        elif "__dataclass_fields__" in vars(type(value)):
            _seen.add(id(value))
            found[name] = _plain(_fields(value), kind, around | {id(value)})
        elif hasattr(type(value), "model_fields") or type(value) is kind:
            _seen.add(id(value))
            found[name] = _plain(getattr(value, "__dict__", {}), kind, around | {id(value)})
        elif constants.is_setting(value) or isinstance(value, _CHOSEN):
            found[name] = value
    return found
