from __future__ import annotations

import json
from typing import Any

from trackline import _native
from trackline.data import columns
from trackline.exceptions import MlflowException
from trackline.models.signature import ModelSignature
from trackline.types import ColSpec, DataType, ParamSchema, ParamSpec, Schema

_SCALARS = {
    bool: DataType.boolean,
    int: DataType.long,
    float: DataType.double,
    str: DataType.string,
    bytes: DataType.binary,
}


def infer_signature(
    model_input: Any = None, model_output: Any = None, params: dict[str, Any] | None = None
) -> ModelSignature:
    """What a model takes and gives, from examples: tables, series, arrays, sparse matrices, dicts of them, lists and
    dicts of plain values. `params` are parameters of inference with their defaults."""
    return ModelSignature(
        None if model_input is None else infer_schema(model_input),
        None if model_output is None else infer_schema(model_output),
        _param_schema(params) if params else None,
    )


def infer_schema(data: Any) -> Schema:
    """The schema of one example."""
    if hasattr(data, "columns") and not isinstance(data, dict):
        return Schema.from_json(_native.column_spec(columns.of_table(data)))
    if hasattr(data, "to_numpy") and hasattr(data, "name"):
        return _of_series(data)
    if hasattr(data, "tocsr"):
        return _tensor(data.data, list(data.shape))
    if hasattr(data, "__array_interface__") or hasattr(data, "__array__"):
        return _tensor(data, None)
    if isinstance(data, dict):
        return _of_dict(data)
    if isinstance(data, (list, tuple)) and data and isinstance(data[0], dict):
        return _of_dict(data[0])
    if isinstance(data, (list, tuple)) and data:
        return Schema([ColSpec(_scalar(data[0]))])
    return Schema([ColSpec(_scalar(data))])


def _of_series(series: Any) -> Schema:
    schema = Schema.from_json(_native.column_spec([columns.of_series(series)]))
    if not series.name:
        schema.inputs[0].name = None
    return schema


def _of_dict(data: dict[str, Any]) -> Schema:
    if all(hasattr(value, "__array__") for value in data.values()):
        schemas = {name: _tensor(value, None) for name, value in data.items()}
        for name, schema in schemas.items():
            schema.inputs[0].name = name
        return Schema([schema.inputs[0] for schema in schemas.values()])
    first = {name: value[0] if isinstance(value, (list, tuple)) and value else value for name, value in data.items()}
    return Schema([ColSpec(_scalar(value), str(name)) for name, value in first.items()])


def _tensor(array: Any, shape: list[int] | None) -> Schema:
    import numpy as np

    spec = json.loads(_native.tensor_spec(np.asarray(array)))
    if shape is not None:
        spec[0]["tensor-spec"]["shape"] = [-1, *shape[1:]]
    return Schema.from_json(json.dumps(spec))


def _scalar(value: Any) -> DataType:
    plain = value.item() if hasattr(value, "item") else value
    kind = _SCALARS.get(type(plain))
    if kind is None:
        raise MlflowException.invalid_parameter_value(
            f"No signature can be told from {type(value).__qualname__}: give a table, an array, or plain values."
        )
    return kind


def _param_schema(params: dict[str, Any]) -> ParamSchema:
    specs = []
    for name, default in params.items():
        many = isinstance(default, (list, tuple))
        kind = _scalar(default[0] if many else default)
        specs.append(ParamSpec(name, kind, list(default) if many else default, (-1,) if many else None))
    return ParamSchema(specs)
