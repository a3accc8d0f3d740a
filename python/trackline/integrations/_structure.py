"""The tree that a nested estimator is: its parameters with their defaults, and the estimators in it."""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Any

from trackline._log import RunLog

DEEPEST = 20
LONGEST = 2000
"""Texts of values are cut here."""


def log(to: RunLog, root: dict[str, Any]) -> None:
    """Keeps a tree as the structure of what the run made."""
    to.handle.log_document("structure", json.dumps(root).encode())


def fact_node(name: str, kind: str, module: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """A node of what was built rather than chosen: nothing in it differs from a default."""
    params = [{"name": key, "value": str(value), "default": str(value)} for key, value in facts.items()]
    return {"name": name, "class": kind, "module": module, "params": params, "children": []}


def tree(estimator: Any, name: str = "", depth: int = 0) -> dict[str, Any]:
    """The node of an estimator, in the form of the document `structure`."""
    params = estimator.get_params(deep=False)
    kind: Any = type(estimator)
    defaults = arguments(kind)
    nested = list(_nested(params)) if depth < DEEPEST else []
    return {
        "name": name,
        "class": kind.__name__,
        "module": kind.__module__,
        "params": [
            {"name": key, "value": _text(value), "default": defaults.get(key)} for key, value in params.items()
        ],
        "children": [tree(child, key, depth + 1) for key, child in nested],
    }


def _nested(params: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in params.items():
        if _is_estimator(value):
            yield key, value
        elif isinstance(value, list | tuple):
            # Steps of a pipeline, parts of a union, columns of a ColumnTransformer: (name, estimator, …).
            for item in value:
                if isinstance(item, tuple) and len(item) >= 2 and _is_estimator(item[1]):
                    yield str(item[0]), item[1]


def _is_estimator(value: Any) -> bool:
    return hasattr(value, "get_params") and not isinstance(value, type)


@functools.cache
def arguments(kind: Any) -> dict[str, str | None]:
    """The arguments of a class, with their defaults; None for one that must be given."""
    parameters = inspect.signature(kind).parameters.values()
    return {p.name: None if p.default is p.empty else _text(p.default) for p in parameters}


def _text(value: Any) -> str:
    if isinstance(value, list | tuple | dict) and len(value) > LONGEST:
        return f"<{type(value).__name__} of {len(value)} items>"
    return repr(value)[:LONGEST]
