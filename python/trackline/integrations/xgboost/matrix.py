"""The data a DMatrix was made from: XGBoost keeps only a packed copy."""

from __future__ import annotations

import inspect
import weakref
from typing import Any, NamedTuple

from trackline._patch import Call
from trackline.data.dataset import Dataset
from trackline.integrations import _dataset, _names, _session
from trackline.integrations.xgboost import state

LARGEST_COPY = 1_000_000
"""A matrix whose data is gone is unpacked to be described only up to so many cells."""


class Source(NamedTuple):
    """What a matrix was made from, not kept alive."""

    data: Any
    labels: Any
    name: str


_sources: weakref.WeakKeyDictionary[Any, Source] = weakref.WeakKeyDictionary()


def made(call: Call) -> Any:
    """`DMatrix.__init__`."""
    outcome = yield
    if outcome.error is not None or state.config is None or _session.inside():
        return
    given = inspect.signature(call.original).bind(*call.args, **call.kwargs).arguments
    name = _names.variable(given.get("data"), _names.caller(), "")
    _sources[call.args[0]] = Source(_reference(given.get("data")), _reference(given.get("label")), name)


def data_of(matrix: Any) -> Any:
    """The data the matrix was made from, if it is still there."""
    source = _sources.get(matrix)
    return None if source is None else source.data()


def describe(matrix: Any) -> Dataset | None:
    """The matrix as a dataset with its labels."""
    source = _sources.get(matrix)
    name = (source.name if source else "") or _names.variable(matrix, _names.caller(), "dataset")
    data, labels = data_of(matrix), source.labels() if source else None
    if labels is None:
        labels = matrix.get_label()
    if data is None and matrix.num_row() * matrix.num_col() <= LARGEST_COPY:
        data = matrix.get_data()
    return None if data is None else _dataset.describe(data, labels if len(labels) else None, name)


def _reference(value: Any) -> Any:
    try:
        return weakref.ref(value)
    except TypeError:
        return lambda: None
