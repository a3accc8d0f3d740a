"""The data that a library's own matrix was made from: the library keeps only a packed copy, or nothing."""

from __future__ import annotations

import inspect
import weakref
from typing import Any, NamedTuple

from trackline._patch import Call
from trackline.data.dataset import Dataset
from trackline.integrations import _dataset, _model, _names, _session


class Source(NamedTuple):
    """What a matrix was made from, not kept alive but for the first rows."""

    data: Any
    labels: Any
    name: str
    first_rows: Any


LARGEST_COPY = 1_000_000
"""A matrix whose data is gone is unpacked to be described only up to so many cells."""

# By identity, since not every library's matrix can be hashed.
_sources: dict[int, tuple[weakref.ref[Any], Source]] = {}


def made(call: Call) -> Any:
    """`__init__` of a matrix with parameters `data` and `label`."""
    outcome = yield
    if outcome.error is not None or _session.inside():
        return
    given = inspect.signature(call.original).bind(*call.args, **call.kwargs).arguments
    data = given.get("data")
    name = _names.variable(data, _names.caller(), "")
    source = Source(_reference(data), _reference(given.get("label")), name, _first_rows(data))
    key = id(call.args[0])
    _sources[key] = weakref.ref(call.args[0], lambda _: _sources.pop(key, None)), source


def _source(matrix: Any) -> Source | None:
    reference, source = _sources.get(id(matrix), (None, None))
    return source if reference is not None and reference() is matrix else None


def data_of(matrix: Any) -> Any:
    """The data the matrix was made from, if it is still there."""
    source = _source(matrix)
    return None if source is None else source.data()


def first_rows_of(matrix: Any) -> Any:
    """The first rows of that data, whether it is still there or not."""
    source = _source(matrix)
    return None if source is None else source.first_rows


def name_of(matrix: Any) -> str:
    """The variable that held the data, or holds the matrix."""
    source = _source(matrix)
    return (source.name if source else "") or _names.variable(matrix, _names.caller(), "dataset")


def describe(matrix: Any, data: Any, labels: Any, name: str | None = None) -> Dataset | None:
    """The matrix as a dataset, under the name of what it was made from unless another is given. `data` and `labels`
    are what the matrix itself holds, for where the source is gone."""
    source = _source(matrix)
    name = name or name_of(matrix)
    if source is not None:
        known, truth = source.data(), source.labels()
        data = data if known is None else known
        labels = labels if truth is None else truth
    if data is None or isinstance(data, str):
        return None
    return _dataset.describe(data, labels, name)


def _first_rows(data: Any) -> Any:
    """A copy, since a slice of an array would keep the whole alive."""
    if not hasattr(data, "shape") or not hasattr(data, "__getitem__"):
        return None
    rows = _model.first_rows(data)
    return rows.copy() if hasattr(rows, "copy") else rows


def _reference(value: Any) -> Any:
    try:
        return weakref.ref(value)
    except TypeError:
        return lambda: None
