"""Data that a loop of the user's reads by hand: `X[i: i + size]`, `for x, y in zip(xs, ys)`. It is described where the loop begins,
in its last form, with what the functions around it hold to judge with."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any

from trackline import _ambient, _at_exit
from trackline._guard import guard
from trackline._script import frames, loop_data, looks
from trackline._script.place import Moment, Place
from trackline._script.syntax import Path
from trackline.integrations import _dataset, _session
from trackline.observers import _beginnings, _held_data

SOURCE = "loop.data"
MOST_LOOKS = 20


def patch() -> None:
    """Looks at what loops read from now on."""
    looks.add(Moment.LEARNS, _Read)
    _beginnings.watch_unseen(_record_held)
    _at_exit.add(_record_rest, SOURCE)


def unpatch() -> None:
    """Looks at nothing more."""
    looks.remove(Moment.LEARNS, _Read)
    _beginnings.unwatch(_record_held)
    _at_exit.remove(_record_rest)


class _Read:
    """Looks at what one loop reads, until it was data for once."""

    def __init__(self, place: Place) -> None:
        self._loop = place.statement
        self._looks = 0

    def see(self, _counter: object, *_variables: object) -> bool:
        """The loop is about to begin."""
        with guard(SOURCE):
            self._looks += 1
            frame = sys._getframe(1)
            if _held_data.is_asked("loop_data") and not _session.inside() and not _computes(frame):
                read = _held_data.of(_called(frame, _read(frame, loop_data.read(self._loop))))
                if read and _held_data.record([*read, *_held_data.for_judging(_held_data.around(frame))], SOURCE):
                    return False
        return self._looks < MOST_LOOKS


def _computes(frame: FrameType) -> bool:
    """Whether a model computes something of data there."""
    return any(own.f_code.co_name == "forward" for own in frames.own_frames(frame))


def _read(frame: FrameType, paths: list[Path]) -> Iterator[tuple[str, Any]]:
    held = frames.variables(frame)
    for name, attribute, _ in paths:
        value = held.get(name, frame.f_globals.get(name))
        if attribute is not None:
            value = getattr(value, "__dict__", {}).get(attribute)
        yield attribute or name, value


def _called(frame: FrameType, variables: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """The same, as the function calls them that has called this one: `X_train` for `X`."""
    names = {id(value): name for name, value in _held_data.around(frame.f_back) if _held_data.named(name)}
    for name, value in variables:
        yield names.get(id(value), name), value


def _record_held() -> None:
    """What the running functions hold, if nothing else has described data by the first result."""
    _record_parts(_held_data.around(sys._getframe()))


def _record_rest() -> None:
    """Data at the top level of a script whose data nothing else has described."""
    if (main := sys.modules.get("__main__")) is not None and _ambient.run() is not None:
        _record_parts(vars(main).copy().items())


def _record_parts(variables: Iterable[tuple[str, Any]]) -> None:
    if not _dataset.has_described() and _held_data.is_asked("loop_data") and not _session.inside():
        held = _held_data.of(variables)
        parts = [one for one in held if one.role]
        _held_data.record(parts or [one for one in held if one.labels is not None], SOURCE)
