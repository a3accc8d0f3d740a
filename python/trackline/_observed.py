"""Writing down what was seen rather than told. Nothing here raises, and what the user logged explicitly stays as it is."""

from __future__ import annotations

import enum
import json
import os
import types
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from trackline import _native
from trackline._guard import guard

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun
    from trackline._native import RunHandle

SURE = 0.9
"""What is less sure goes under `inferred/`, so that it never mixes with what was declared."""

_LONGEST = 500
"""Characters of a param: of a longer value, which is data rather than a setting, the beginning is kept."""
_DEEPEST = 6
_MOST_ITEMS = 50
_SHORT = ("date", "datetime", "Decimal", "device", "dtype", "range", "slice", "timedelta")
"""Types, by name, whose objects are settings as numbers are."""


def metric(
    run: ActiveRun, key: str, value: float, step: int = 0, *, source: str, confidence: float = 1.0
) -> None:
    """One value of a metric."""
    with guard(source):
        _handle(run, source, confidence).log_metric(key_of(key, confidence), float(value), step)


def params(run: ActiveRun, values: Mapping[str, Any], *, source: str, confidence: float = 1.0) -> None:
    """Hyperparameters as text. Nested ones get dotted keys; None says nothing; secrets are taken out by their name and
    their shape."""
    with guard(source):
        pairs = [
            (key_of(key, confidence), _native.redacted(key, text))
            for key, text in _flat(values, "", _DEEPEST)
        ]
        if pairs:
            _handle(run, source, confidence).log_params(pairs)


def artifact_bytes(run: ActiveRun, data: bytes, path: str, *, source: str) -> None:
    """A file made of bytes, under this path."""
    with guard(source):
        _handle(run, source, 1.0).log_bytes(data, path)


def artifact_file(run: ActiveRun, local: str | os.PathLike[str], path: str, *, source: str) -> None:
    """A copy of a local file; `path` is where it goes, its name included."""
    with guard(source):
        handle = _handle(run, source, 1.0)
        folder, _, name = path.rpartition("/")
        if os.path.basename(os.fspath(local)) == name:
            handle.log_artifact(local, folder or None)
        else:
            with open(local, "rb") as file:
                handle.log_bytes(file.read(), path)


def document(run: ActiveRun, kind: str, value: Any, *, source: str) -> None:
    """Facts beside the run, as JSON; a second document of a kind takes the place of the first."""
    with guard(source):
        _handle(run, source, 1.0).log_document(kind, json.dumps(value, default=str).encode())


def _handle(run: ActiveRun, source: str, confidence: float) -> RunHandle:
    return run.handle.with_source(source, None if confidence >= 1.0 else confidence)


def key_of(key: str, confidence: float) -> str:
    """What is less sure goes under `inferred/`."""
    return key if confidence >= SURE else f"inferred/{key}"


def _flat(values: Mapping[Any, Any], prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping) and value and depth:
            yield from _flat(value, f"{key}.", depth - 1)
        elif value is not None:
            whole = text(value)
            yield key, whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 1]}…"


def text(value: Any) -> str:
    """As the user wrote it, as far as that is short. Of other objects only what they are: their text may be long in the
    making, or wait for a device."""
    if isinstance(value, (str, bool, int, float, complex, os.PathLike, enum.Enum)):
        return str(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return _items_text(value)
    if isinstance(value, Mapping):
        return "{…}" if value else "{}"
    if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
        return value.__qualname__
    kind = type(value)
    numpy_number = kind.__module__ == "numpy" and getattr(value, "shape", None) == ()
    return str(value) if numpy_number or kind.__name__ in _SHORT else kind.__qualname__


def _items_text(items: Collection[Any]) -> str:
    shown = [repr(item) if isinstance(item, str) else text(item) for item in islice(items, _MOST_ITEMS)]
    if len(items) > _MOST_ITEMS:
        shown.append(f"… {len(items)} in all")
    inside = ", ".join(shown)
    return f"[{inside}]" if isinstance(items, list) else f"({inside})" if isinstance(items, tuple) else f"{{{inside}}}"
