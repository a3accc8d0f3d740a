"""Results that the program keeps in variables: histories that grow (`losses.append(loss)`, `history["loss"]`) and final
scores, looked at when it ends. The variables of a function are gone by then, so its lists are noted when it shows
something."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from itertools import chain
from types import CodeType, FrameType
from typing import Any, NamedTuple

from trackline import _ambient, _at_exit, _observed
from trackline._script import frames, learned, loop_places, syntax
from trackline.observers import _shown, loops
from trackline.observers._on_record import EQUAL, OnRecord

SOURCE = "variables"
CONFIDENCE = 0.9
HISTORIES = ("history", "hist", "metrics", "results", "logs", "log", "stats", "curves", "scores", "records")
"""Names of dicts whose entries are looked at."""
LONGEST_ARRAY = 100_000
MOST_POINTS = 10_000
"""Of a longer list every second number is a point, or every third…"""
MOST_NOTED = 200
MOST_AT_ONCE = 20
"""So many numbers of a list are looked for among the metrics: the first ones tell."""


class Curve(NamedTuple):
    """Numbers of a list, the last one among them, and where they are in it."""

    numbers: list[float]
    steps: range


_noted: dict[tuple[CodeType, str], Any] = {}


def patch() -> None:
    """Looks at the variables when the program ends."""
    _at_exit.add(_record_all, SOURCE)


def unpatch() -> None:
    """Looks at nothing any more."""
    _at_exit.remove(_record_all)
    _noted.clear()


def note(frame: FrameType | None) -> None:
    """Holds the lists of numbers that the user's functions around this frame keep under names of metrics."""
    for own in frames.own_frames(frame):
        names = _names(own.f_code)
        if not names or len(_noted) >= MOST_NOTED:
            continue
        held = frames.variables(own)
        for name in names:
            value = held.get(name)
            if value is not None and _noted.get((own.f_code, name)) is not value and any(_curves(name, value)):
                _noted[own.f_code, name] = value


def _names(code: CodeType) -> tuple[str, ...]:
    def find() -> tuple[str, ...]:
        local = code.co_varnames if code.co_flags & frames.OF_A_FUNCTION else ()
        return tuple(name for name in local if _is_result(name))

    return frames.once("results", code, 0, find)


def _is_result(name: str) -> bool:
    return not name.startswith("_") and not name.isupper() and (name in HISTORIES or _shown.names_metric(name))


def _record_all() -> None:
    main = sys.modules.get("__main__")
    module = syntax.script()
    filled = set() if module is None else learned.names(module)
    held = list(vars(main).items()) if main else []
    found = {name: _as_list(value) if name in filled else value for name, value in held if _is_result(name)}
    passing = set() if module is None else loop_places.passing(module)
    kept = chain(_of_functions(), _of_objects(held), found.items())  # The script's own come last and count.
    curves = {key: curve for name, value in kept for key, curve in _curves(name, value)}
    scores = {key: number for name, value in found.items() if name not in passing for key, number in _scores(name, value)}
    if curves or scores:
        _write(curves, scores)


def _as_list(value: Any) -> Any:
    """An array that a loop has filled turn by turn, as the list that it stands for."""
    is_array = type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 1 and value.dtype.kind == "f"
    return value.tolist() if is_array and len(value) <= LONGEST_ARRAY else value


def _of_objects(held: list[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """What objects of the user's own classes hold: `self.losses.append(loss)`."""
    for _, value in held:
        if not isinstance(value, type) and frames.is_own_module(type(value).__module__):
            yield from ((name, one) for name, one in list(getattr(value, "__dict__", {}).items()) if _is_result(name))


def _of_functions() -> Iterator[tuple[str, Any]]:
    yield from ((name, value) for (_, name), value in _noted.items())


def _write(curves: dict[str, Curve], scores: dict[str, float]) -> None:
    run = _ambient.run()
    known = OnRecord(run)
    results = [*known.latest.values(), *scores.values()]
    curves = {
        key: curve
        for key, curve in curves.items()
        if not known.has_curve(key, curve.numbers) and not _are_results(curve.numbers, results)
    }
    scores = {
        key: value
        for key, value in scores.items()
        if key not in known.latest and not known.has_score(key, value) and not loops.knows(key)
    }
    if run is None and (curves or scores):
        run = _ambient.run(start=True)
    if run is None:
        return
    for key, curve in curves.items():
        for step, number in zip(curve.steps, curve.numbers, strict=True):
            _observed.metric(run, key, number, step, source=SOURCE, confidence=CONFIDENCE)
    for key, value in scores.items():
        _observed.metric(run, key, value, source=SOURCE, confidence=CONFIDENCE)


def _are_results(numbers: list[float], results: list[float]) -> bool:
    """Whether the list is no history, but holds results that are on record one by one, as what Keras's `evaluate` gives."""
    return all(any(math.isclose(number, result, rel_tol=EQUAL) for result in results) for number in numbers[:MOST_AT_ONCE])


def _curves(name: str, value: Any) -> Iterator[tuple[str, Curve]]:
    if isinstance(value, dict):
        for key, entry in list(value.items()):
            if isinstance(key, str) and (curve := _curve(entry)) and _shown.names_metric(key):
                yield key, curve
    elif type(value) is list and value and type(value[0]) is dict:
        for key in [key for key in value[0] if isinstance(key, str) and _shown.names_metric(key)]:
            if curve := _curve([row.get(key) if type(row) is dict else None for row in value]):
                yield key, curve
    elif (curve := _curve(value)) and _shown.names_metric(name):
        yield name, curve


def _scores(name: str, value: Any) -> Iterator[tuple[str, float]]:
    if _shown.is_real(value):
        if _shown.names_metric(name):
            yield name, float(value)
    elif isinstance(value, dict):
        entries = [(key, entry) for key, entry in list(value.items()) if isinstance(key, str)]
        scores = {key for key, entry in entries if _shown.is_real(entry) and _shown.names_metric(key)}
        for key, entry in entries:
            # Beside a score, the other numbers are results as well: how many clusters there are, say.
            if key in scores or (scores and name in HISTORIES and (_shown.is_real(entry) or _is_count(entry))):
                yield key, float(entry)
            elif _shown.is_real(entry) and _shown.names_metric(name):
                yield f"{name}.{key}", float(entry)


def _curve(value: Any) -> Curve | None:
    if type(value) is not list or len(value) < 2:
        return None
    apart = -(-len(value) // MOST_POINTS)
    steps = range((len(value) - 1) % apart, len(value), apart)
    numbers = value[steps.start :: apart]
    return Curve(numbers, steps) if all(map(_shown.is_real, numbers)) else None


def _is_count(value: Any) -> bool:
    return type(value) is int or (type(value).__module__ == "numpy" and type(value).__name__.startswith("int"))
