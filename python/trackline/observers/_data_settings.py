"""How data is made up, split and transformed: settings of the experiment as much as those of its models."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from trackline import _ambient, _observed
from trackline._script import constants

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

SOURCE = "sklearn.data"

_first: dict[str, Any] = {}
_now: dict[str, Any] = {}
_known: WeakKeyDictionary[type, dict[str, Any]] = WeakKeyDictionary()
"""What the parts of a class are by default."""


def patch() -> None:
    """Tells a fit what it does not share with those before."""
    _ambient.on_fit(_fits)


def unpatch() -> None:
    """Forgets all settings."""
    _ambient.off_fit(_fits)
    _first.clear()
    _now.clear()


def tell(of: str, given: Mapping[str, Any]) -> None:
    """The program's run gets the first setting of a name; another one goes to the fits that come after it."""
    settings = {f"{of}.{name}": value for name, value in given.items() if constants.is_setting(value)}
    new = {key: value for key, value in settings.items() if key not in _first}
    _first.update(new)
    _now.update(settings)
    if new:
        _ambient.later(lambda run: _observed.params(run, new, source=SOURCE))


def tell_splits(by: object) -> None:
    """How folds are made, if an object makes them, and not a number or a list."""
    if hasattr(by, "split"):
        tell_made(by)


def tell_made(by: object) -> None:
    """What a splitter or a transformer is told to do: into how many parts, and what else is not as it is by default."""
    known = _defaults(type(by))
    own = {name: value for name, value in vars(by).items() if name in known and constants.is_setting(value)}
    changed = {name: value for name, value in own.items() if not _is_same(value, known[name])}
    parts = {"n_splits": own["n_splits"]} if "n_splits" in own else {}
    tell(type(by).__name__, parts | changed)


def _is_same(value: Any, default: Any) -> bool:
    # A default that is no setting, as an array, is not compared.
    return value is default or (constants.is_setting(default) and value == default)


def _defaults(kind: type) -> dict[str, Any]:
    if kind not in _known:
        _known[kind] = {name: parameter.default for name, parameter in inspect.signature(kind).parameters.items()}
    return _known[kind]


def _fits(run: ActiveRun) -> None:
    changed = {key: value for key, value in _now.items() if _first[key] != value}
    if changed:
        _observed.params(run, changed, source=SOURCE)
