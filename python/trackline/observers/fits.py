"""What reaches a `fit` or `train` that the user wrote: data, and settings; and the settings of what makes data and models. Those of
scikit-learn's protocol are recorded by its integration, with the model."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import FrameType

from trackline import _ambient, _observed
from trackline._guard import guard
from trackline._script import calls, constants, frames, given, looks
from trackline._script.place import Moment, Place
from trackline._script.uses import Uses
from trackline.integrations import _session
from trackline.observers import _held_data, _shown
from trackline.observers import constants as constants_of_files
from trackline.observers._held_data import Held

SOURCE = "fit"
CONFIDENCE = 0.9
"""Of a setting: another call may have another one."""
MOST_LOOKS = 20
MOST_CALLS = 1000
"""So often is looked whether a call is one to look at."""
MANY = 12
"""A function of a module with more arguments than that serves many programs: what differs from its defaults is a setting of this one."""


def patch() -> None:
    """Looks at what fits are given from now on."""
    looks.add(Moment.BEGUN, _Given)


def unpatch() -> None:
    """Looks at nothing more."""
    looks.remove(Moment.BEGUN, _Given)


class _Given:
    """Looks at what one method is given: until it was data for once, and for settings in some more calls."""

    def __init__(self, place: Place) -> None:
        self._names = place.variables
        self._looks = self._calls = 0
        # From where data is loaded is known by the reading.
        self._kinds = (int, float) if calls.loads(getattr(place.scope, "name", "")) else (bool, int, float, str)
        self._is_described = getattr(place.scope, "name", None) not in given.FITS
        uses = Uses(place.scope)
        self._settings = {name for name in self._names if _is_name_of_setting(name) and not uses.only_shown(name)}
        self._defaults = given.defaults(place.scope) if len(place.variables) > MANY else {}

    def see(self, _counter: object, *variables: object) -> bool:
        """Data, labels, and what else there is."""
        self._calls += 1
        with guard(SOURCE):
            if _held_data.is_asked("fits") and not _session.inside() and not _is_part(fit := sys._getframe(1)):
                self._looks += 1
                self._is_described = self._is_described or self._described(variables, fit)
                if not frames.is_called_often(fit) and not any(frames.loops(frame) for frame in frames.own_frames(fit.f_back)):
                    self._set(variables, {} if fit.f_globals.get("__name__") == "__main__" else self._defaults, fit)
        return self._looks < MOST_LOOKS and self._calls < MOST_CALLS

    def _described(self, variables: Sequence[object], fit: FrameType) -> bool:
        data, labels = [value if _held_data.is_data(value) else None for value in (*variables, None)][:2]
        if data is None:
            return False
        around = list(_held_data.around(fit.f_back))
        name = next((name for name, value in reversed(around) if value is data and not name.startswith("_")), self._names[0])
        return _held_data.record([Held(name, data, labels, "train"), *_held_data.for_judging(around)], SOURCE)

    def _set(self, variables: Sequence[object], defaults: dict[str, object], fit: FrameType) -> None:
        """In a loop they are what it tries out, and no settings of the program."""
        named = zip(self._names, variables, strict=True)
        told = {name: value for name, value in named if name in self._settings and self._is_setting(value)}
        own = {name: value for name, value in told.items() if name not in defaults or defaults[name] != value}
        called = given.called_as(fit, self._names)
        by_caller = {name: other for name, other in called.items() if len(other) > 1 and _is_name_of_setting(other)}
        settings = {by_caller.get(name) or constants_of_files.key_of(fit.f_code.co_filename, name, value): value for name, value in own.items()}
        if settings:
            _ambient.later(lambda run: _observed.params(run, settings, source=SOURCE, confidence=CONFIDENCE))

    def _is_setting(self, value: object) -> bool:
        """Classes are some too: `activation=nn.ReLU`."""
        return isinstance(value, type) or (type(value) in self._kinds and constants.is_setting(value))


def _is_name_of_setting(name: str) -> bool:
    return not calls.is_display(name) and name not in frames.COUNTERS and not _shown.names_metric(name)


def _is_part(fit: FrameType) -> bool:
    """Whether another fit of the user calls this one, as one of an ensemble its members', or something that is made makes its parts."""
    names = {frame.f_code.co_name for frame in frames.own_frames(fit.f_back)}
    return not names.isdisjoint(given.FITS) or "__init__" in names
