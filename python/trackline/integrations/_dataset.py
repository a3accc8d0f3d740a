"""What a fit was given, described as a dataset with its labels; the data is looked at where it lies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from trackline import _budget, _lineage, _memory, _native
from trackline.data import columns
from trackline.data.dataset import Dataset
from trackline.data.source import DatasetSource

LONGEST_LIST = 10_000
"""Lists have to be copied to be looked at; longer ones are not described."""

_described = False


def describe(data: Any, labels: Any, name: str, through: Any = None, rows: int | None = None) -> Dataset | None:
    """The dataset of features and labels, which came `through` something else where that is given; None if nothing is
    known of data of that kind. With `rows`, the data are some of so many. Without statistics once the run has cost too much."""
    description = _description(data, labels, _budget.allows("statistics"))
    if description is None:
        return None
    if rows is not None and rows > len(data):
        description = _of_more(description, rows)
    return _dataset(description, name, _lineage.reached(data, labels, through))


def unseen(dtype: str, shape: Sequence[int], name: str, through: Any = None) -> Dataset:
    """A dataset of which type and shape are known."""
    return _dataset(dict(_native.describe_unseen(dtype, list(shape))), name, _lineage.reached(None, None, through))


def has_described() -> bool:
    """Whether any data of this process was described."""
    return _described


def _dataset(description: dict[str, str], name: str, origin: _lineage.Origin | None) -> Dataset:
    global _described
    _described = True
    return Dataset(None, DatasetSource.resolve(None), description, name, None, origin)


def _description(data: Any, labels: Any, statistics: bool) -> dict[str, str] | None:
    if columns.is_table(data):
        table = columns.of_table(data)
        return dict(_native.describe_table(len(data), [*table, *_label_columns(labels, len(table) + 1)], statistics))
    if not _memory.lies_here(data):
        return dict(_native.describe_unseen(_memory.dtype(data), list(data.shape))) if hasattr(data, "shape") else None
    targets = None if labels is None else array(labels)
    if hasattr(data, "nnz") and hasattr(data, "data"):
        return _sparse(data, targets)
    features = array(data)
    return None if features is None else dict(_native.describe_tensors(features, targets, statistics))


def array(values: Any) -> Any | None:
    """The values as a NumPy array, without a copy where they lie in one already; None if they do not lie in memory."""
    import numpy as np

    if (isinstance(values, list | tuple) and len(values) > LONGEST_LIST) or not _memory.lies_here(values):
        return None
    if hasattr(values, "detach"):
        values = values.detach()
    found = values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values)
    return found if isinstance(found, np.ndarray) and found.ndim else None


def _label_columns(labels: Any, count: int) -> list[columns.Column]:
    """Labels as the last of so many columns of the table, under their own name if they have one."""
    if labels is None:
        return []
    if hasattr(labels, "columns"):
        return columns.of_table(labels)
    values = array(labels)
    if values is None or values.ndim != 1:
        return []
    name = str(getattr(labels, "name", None) or "target")
    if values.dtype.kind in "biuf":
        return [(name, values)]
    return [(name, [str(values[row]) for row in _native.sampled_rows(len(values), count)])]


def _of_more(description: dict[str, str], rows: int) -> dict[str, str]:
    profile = json.loads(description["profile"])
    size = profile["num_elements"] // max(1, profile["num_rows"]) * rows
    if "features_shape" in profile:
        profile |= {"features_shape": [rows, *profile["features_shape"][1:]], "features_size": size}
    profile |= {"num_rows": rows, "num_elements": size, "sampled": True}
    return {**description, "profile": json.dumps(profile)}


def _sparse(data: Any, targets: Any) -> dict[str, str]:
    """A sparse matrix stays sparse: its stored values, of no column in particular, give the digest, the matrix gives the shape."""
    rows, width = data.shape
    description = dict(_native.describe_tensors(data.data, targets, False))
    schema, profile = json.loads(description["schema"]), json.loads(description["profile"])
    tensor = {"type": "tensor", "tensor-spec": {"dtype": str(data.dtype), "shape": [-1, width]}}
    schema["mlflow_tensorspec"]["features"] = json.dumps([tensor])
    profile.update(features_shape=[rows, width], features_size=rows * width, features_stored=int(data.nnz), num_rows=rows)
    return {**description, "schema": json.dumps(schema), "profile": json.dumps(profile)}
