from __future__ import annotations

from typing import Any

from trackline.exceptions import MlflowException
from trackline.types import DataType, Schema

_NUMPY = {
    DataType.boolean: "bool",
    DataType.integer: "int32",
    DataType.long: "int64",
    DataType.float: "float32",
    DataType.double: "float64",
}


def enforce(data: Any, schema: Schema) -> Any:
    """The data as the schema wants it: columns in its order and, where nothing is lost, of its types."""
    if schema.is_tensor_spec():
        return _tensor(data, schema)
    if not schema.has_input_names():
        return data
    import pandas as pd

    table = data if hasattr(data, "columns") and not isinstance(data, dict) else _table(data, schema, pd)
    missing = [name for name in schema.required_input_names() if name not in table.columns]
    if missing:
        raise MlflowException.invalid_parameter_value(
            f"The model takes columns that are missing: {', '.join(map(str, missing))}. "
            f"Given are {', '.join(map(str, table.columns))}."
        )
    if not isinstance(table, pd.DataFrame):
        return table.select([name for name in schema.input_names() if name in table.columns])
    table = table[[name for name in schema.input_names() if name in table.columns]]
    return table.astype({name: kind for name, kind in _casts(table, schema).items()})


def _casts(table: Any, schema: Schema) -> dict[str, str]:
    """Whole numbers become floats and small numbers larger ones; all else stays as it is."""
    import numpy as np

    casts = {}
    for spec in schema.inputs:
        wanted = _NUMPY.get(spec.type)
        found = table.dtypes.get(spec.name)
        if wanted is None or not isinstance(found, np.dtype) or found.name == wanted:
            continue
        if np.can_cast(found, wanted, casting="safe") or (found.kind in "iu" and wanted == "float64"):
            casts[str(spec.name)] = wanted
    return casts


def _table(data: Any, schema: Schema, pd: Any) -> Any:
    if isinstance(data, dict):
        scalars = all(not hasattr(value, "__len__") or isinstance(value, str) for value in data.values())
        return pd.DataFrame([data]) if scalars else pd.DataFrame(data)
    if isinstance(data, list) and data and isinstance(data[0], dict):
        return pd.DataFrame(data)
    return pd.DataFrame(data, columns=schema.input_names())


def _tensor(data: Any, schema: Schema) -> Any:
    import numpy as np

    spec = schema.inputs[0]
    if not isinstance(data, (list, tuple)):
        return data
    return np.asarray(data, dtype=spec.type)
