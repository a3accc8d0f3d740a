"""What a script's own loops have learned: arrays that each turn makes anew out of what the turn before has left (weights,
tables of values, cluster centres), looked at when the program ends and kept as one checkpoint. Of a script that trains with a
library, or writes such arrays itself, nothing is kept."""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from typing import Any

from trackline import _ambient, _at_exit, _checkpoints
from trackline._autolog import Config
from trackline._script import learned, syntax
from trackline.observers import _shown

SOURCE = "loop.learned"
NAME = "learned.npz"
LARGEST = 64 << 20
"""Bytes of all the arrays."""
DEEPEST = 4
"""Trees of arrays, as JAX has them, are looked into so far."""
WRITERS = {"save", "savez", "savez_compressed", "savetxt", "dump", "dumps", "tofile"}


def patch(config: Config) -> None:
    """Looks when the program ends."""
    _at_exit.add(_record, SOURCE)


def unpatch() -> None:
    """Looks at nothing any more."""
    _at_exit.remove(_record)


def _record() -> None:
    script = sys.argv[0] if sys.argv else ""
    module = syntax.tree(script) if script.endswith(".py") and "numpy" in sys.modules else None
    run = _ambient.run()
    if module is None or run is None or _ambient.has_fitted() or _writes(module):
        return
    if any(step > 0 for key, _, step in run.handle.latest_metrics() if not key.startswith("system/")):
        arrays = dict(_arrays(module))
        if arrays and sum(array.nbytes for array in arrays.values()) <= LARGEST:
            _checkpoints.record_bytes(_bytes(arrays), NAME, "numpy", source=SOURCE)


def _writes(module: ast.Module) -> bool:
    return any(isinstance(node, ast.Call) and syntax.called(node.func) in WRITERS for node in ast.walk(module))


def _arrays(module: ast.Module) -> Iterator[tuple[str, Any]]:
    held = vars(sys.modules["__main__"])
    for name in sorted(learned.names(module)):
        if not _shown.names_metric(name):
            yield from _flat(name, held.get(name), DEEPEST)
    of_class = learned.attributes(module)
    for name, value in list(held.items()):
        kind = type(value)
        if kind.__module__ == "__main__" and kind.__name__ in of_class:
            for attribute in sorted(of_class[kind.__name__]):
                if not _shown.names_metric(attribute):
                    yield from _flat(f"{name}.{attribute}", getattr(value, "__dict__", {}).get(attribute), DEEPEST)


def _flat(name: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    import numpy

    kind = type(value)
    if kind is numpy.ndarray or (kind.__module__.startswith("jaxlib") and kind.__name__ == "ArrayImpl"):
        if value.ndim and value.size and numpy.issubdtype(value.dtype, numpy.inexact) and value.nbytes <= LARGEST:
            yield name, numpy.asarray(value)
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
