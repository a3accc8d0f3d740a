"""What a script's own loops have learned: arrays that each turn makes anew out of what the turn before has left (weights,
tables of values, cluster centres), looked at when the program ends, those of a function behind its loop, and kept as one checkpoint.
Of a script that trains with a library, or writes such arrays itself, nothing is kept."""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from typing import Any

from trackline import _ambient, _at_exit, _checkpoints
from trackline._guard import guard
from trackline._script import given, learned, looks, syntax
from trackline._script.place import Moment, Place
from trackline.observers import _shown

SOURCE = "loop.learned"
NAME = "learned.npz"
LARGEST = 64 << 20
"""Bytes of all the arrays."""
DEEPEST = 4
"""Trees of arrays, as JAX has them, are looked into so far."""
MOST_LOOKS = 500
"""A loop of a function is looked behind so often; what turns more often is a step of something, and nothing is kept of it."""

_left: dict[str, Any] = {}
"""What the loops of functions have left behind, by name."""
_fits: set[str] = set()
"""The names of these that methods left which the user wrote to fit: they are learned, whether there is a curve of it or not."""


def patch() -> None:
    """Looks behind loops of functions from now on, and when the program ends."""
    looks.add(Moment.LEFT, _Behind)
    _at_exit.add(_record, SOURCE)


def unpatch() -> None:
    """Looks at nothing any more."""
    looks.remove(Moment.LEFT, _Behind)
    _at_exit.remove(_record)
    _left.clear()
    _fits.clear()


class _Behind:
    """Looks behind one loop. What it leaves is copied, the latest counts: the function's own goes on or goes away."""

    def __init__(self, place: Place) -> None:
        self._values = [(n, value) for n, value in enumerate(place.values) if not _shown.names_metric(value.name.rpartition(".")[2])]
        self._is_fit = getattr(place.scope, "name", "") in given.FITS
        self._looks = 0
        self._copied = 0

    def see(self, _counter: object, *variables: object) -> bool:
        """What the variables hold."""
        with guard(SOURCE):
            for n, value in self._values:
                held, attribute = variables[n], value.path[1]
                self._keep(value.name, held if attribute is None else getattr(held, "__dict__", {}).get(attribute))
            self._looks += 1
            if self._looks < MOST_LOOKS and self._copied <= LARGEST:
                return True
            if self._looks > 1:
                self._forget()
        return False

    def _keep(self, name: str, held: object) -> None:
        arrays = dict(_flat(name, held, DEEPEST)) if "numpy" in sys.modules else {}
        size = sum(array.nbytes for array in arrays.values())
        if 0 < size <= LARGEST:
            self._copied += size
            # Those of JAX never change, and may not be computed yet.
            _fits.update([name] if self._is_fit else [])
            _left[name] = {key: array if hasattr(array, "is_deleted") else array.copy() for key, array in arrays.items()}

    def _forget(self) -> None:
        for _, value in self._values:
            _left.pop(value.name, None)


def _record() -> None:
    module = syntax.script() if "numpy" in sys.modules else None
    run = _ambient.run()
    if module is None or run is None or _ambient.has_fitted() or learned.writes(module):
        return
    if not _fits.isdisjoint(_left) or any(step > 0 for key, _, step in run.handle.latest_metrics() if not key.startswith("system/")):
        arrays = {name: array for name, array in _arrays(module) if not _is_gone(array)}
        if arrays and sum(array.nbytes for array in arrays.values()) <= LARGEST:
            _checkpoints.record_bytes(_bytes(arrays), NAME, "numpy", source=SOURCE)


def _arrays(module: ast.Module) -> Iterator[tuple[str, Any]]:
    held = vars(sys.modules["__main__"])
    for name in sorted(learned.names(module)):
        if not _shown.names_metric(name):
            yield from _flat(name, held.get(name), DEEPEST)
    of_class, of_objects = learned.attributes(module), set[str]()
    for name, value in list(held.items()):
        kind = type(value)
        if kind.__module__ == "__main__" and kind.__name__ in of_class:
            for attribute in sorted(of_class[kind.__name__]):
                if not _shown.names_metric(attribute):
                    of_objects.add(f"{kind.__name__}.{attribute}")
                    yield from _flat(f"{name}.{attribute}", getattr(value, "__dict__", {}).get(attribute), DEEPEST)
    for name, arrays in _left.items():
        if name not in of_objects:
            yield from arrays.items()


def _is_gone(array: Any) -> bool:
    """Whether it is one of JAX that was given to a computation, which took its memory."""
    return hasattr(array, "is_deleted") and bool(array.is_deleted())


def _flat(name: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    import numpy

    kind = type(value)
    if kind is numpy.ndarray or (kind.__module__.startswith("jaxlib") and kind.__name__ == "ArrayImpl"):
        if value.ndim and value.size and numpy.issubdtype(value.dtype, numpy.inexact) and value.nbytes <= LARGEST:
            yield name, value
    elif isinstance(value, dict) and depth:
        for key, part in value.items():
            yield from _flat(f"{name}.{key}", part, depth - 1)
    elif isinstance(value, list | tuple) and depth:
        for number, part in enumerate(value[:100]):
            yield from _flat(f"{name}.{number}", part, depth - 1)


def _bytes(arrays: dict[str, Any]) -> bytes:
    import numpy

    file = io.BytesIO()
    numpy.savez(file, **arrays)
    return file.getvalue()
