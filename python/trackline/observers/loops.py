"""What the loops of the user's code compute, where nothing else shows or records it. Python 3.12 and newer tell where they are
(`trackline._script.monitoring`); before, they are looked at by code that is put into the script of `trackline run`
(`trackline._script.instrument`) and into cells (`trackline._script.cells`)."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, NamedTuple

from trackline import _ambient, _at_exit, _observed
from trackline._guard import guard
from trackline._native import LoopValues
from trackline._script import cells, looks, monitoring
from trackline._script.place import Moment, Place, Value
from trackline.observers import _shown
from trackline.observers._rounded import Points, Shown, shown_as

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

SOURCE = "loop"
SURE, UNSURE = 0.9, 0.7
EQUAL = 1e-6
_LOOKED_BACK = 5

_on = False
_process = 0
_watched: dict[LoopValues, tuple[Value, ...]] = {}
_curves: dict[str, _Curve] = {}
_of_ended_runs: set[str] = set()
"""The names of curves that runs before have had."""


class _Curve(NamedTuple):
    """Where the values of a name come from, and what becomes of them."""

    values: LoopValues
    recorded: bool
    shown: Shown | None
    """The curve of what the program shows of it, which this one completes."""


def patch() -> None:
    """Records what loops compute."""
    global _on, _process
    _on, _process = True, os.getpid()
    _ambient.watch(_ends)
    _at_exit.add(_take_all, SOURCE)
    looks.add(Moment.TURN, _watch)
    monitoring.begin()
    cells.begin()


def unpatch() -> None:
    """Records nothing more."""
    global _on
    _on = False
    monitoring.end()
    cells.end()
    looks.remove(Moment.TURN, _watch)
    _ambient.unwatch(_ends)
    _at_exit.remove(_take_all)
    _curves.clear()
    _of_ended_runs.clear()


def _watch(place: Place) -> LoopValues:
    values = LoopValues([(value.whole, *value.path[1:]) for value in place.values], _take)
    _watched[values] = place.values
    return values


def settle() -> None:
    """What loops have computed so far goes on record: they are over, and a last value is about to be shown, by whatever name."""
    for values in list(_watched):
        _take(values)


def latest(key: str) -> list[float]:
    """The latest value of the curve that goes under this key, if there is one."""
    curve = _curves.get(key.lower())
    if curve is None or not curve.recorded:
        return []
    named = zip(_watched[curve.values], curve.values.latest(), strict=True)
    return [number for value, number in named if value.name.lower() == key.lower() and number is not None]


def knows(name: str) -> bool:
    """Whether the values of a variable are a curve, recorded here or elsewhere."""
    return name.lower() in _curves or name.lower() in _of_ended_runs


def _take(values: LoopValues, ended: bool = False) -> None:
    if not _on or os.getpid() != _process:
        return
    with guard(SOURCE):
        for value, points in zip(_watched[values], values.points(ended), strict=True):
            if points and (run := _ambient.run(start=True)) is not None:
                _record(run, value, values, points)


def _ends(run: ActiveRun) -> None:
    """A run that the user began ends, and has what was computed in it. The next one has curves of its own."""
    if not run.managed and run is _ambient.run():
        _take_all()
        _of_ended_runs.update(_curves)
        _curves.clear()


def _take_all() -> None:
    for values in list(_watched):
        _take(values, ended=True)


def _record(run: ActiveRun, value: Value, values: LoopValues, points: Points) -> None:
    curve = _curves.get(value.name.lower())
    if curve is None:
        curve = _curves[value.name.lower()] = _decided(run, value, values, points)
    if not curve.recorded or curve.values is not values:
        return
    confidence = SURE if value.sure else UNSURE
    handle = run.handle.with_source(SOURCE, confidence)
    shown = curve.shown or Shown(_observed.key_of(value.name, confidence), {}, 0)
    for step, number, timestamp in points:
        if step + shown.offset not in shown.values:
            handle.log_metric(shown.key, number, step + shown.offset, timestamp)


def _decided(run: ActiveRun, value: Value, values: LoopValues, points: Points) -> _Curve:
    shown = shown_as(value.name, points, _shown.curves(run))
    if shown is not None:
        return _Curve(values, shown.is_thin(points), shown)
    is_curve = not _shown.is_tried(value.name) and not _is_known(run, value.name, points)
    return _Curve(values, is_curve, None)


def _is_known(run: ActiveRun, name: str, points: Points) -> bool:
    """Whether something else has recorded the curve: under its name, or with the same values lately. Two that meet in one value
    are two, and whole numbers are values of many."""
    latest = [number for _, number, _ in points[-_LOOKED_BACK:] if not number.is_integer()]
    return any(
        key.lower() == name.lower()
        or (len(set(recent)) > 1 and all(any(math.isclose(number, known, rel_tol=EQUAL) for number in latest) for known in recent))
        for key, recent in run.handle.recent_metrics()
    )
