"""How data is made up and split: settings of the experiment as much as those of its models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trackline import _ambient, _observed
from trackline._script import constants

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

SOURCE = "sklearn.data"

_first: dict[str, Any] = {}
_now: dict[str, Any] = {}


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


def _fits(run: ActiveRun) -> None:
    changed = {key: value for key, value in _now.items() if _first[key] != value}
    if changed:
        _observed.params(run, changed, source=SOURCE)
