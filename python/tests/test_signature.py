"""Signatures say what MLflow's say."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.sparse import csr_matrix

import trackline as mlflow
from trackline.exceptions import MlflowException
from trackline.models import ModelSignature, infer_signature
from trackline.types import ColSpec, Schema, TensorSpec

TABLE = pd.DataFrame({"a": [1, 2], "b": [0.5, 1.5], "c": ["x", "y"], "d": [True, False]})


@pytest.mark.parametrize(
    "example",
    [
        TABLE,
        TABLE["b"],
        np.zeros((2, 3), dtype=np.float32),
        np.array([1, 2]),
        {"x": np.zeros((2, 2)), "y": np.array([1, 2])},
        csr_matrix(np.eye(3)),
        [1, 2, 3],
        ["a", "b"],
    ],
    ids=["table", "series", "array", "vector", "arrays", "sparse", "numbers", "texts"],
)
def test_the_same_as_mlflow(example: Any) -> None:
    from mlflow.models import infer_signature as theirs

    expected = json.loads(theirs(example).to_dict()["inputs"])
    found = json.loads(infer_signature(example).to_dict()["inputs"] or "")
    assert strip(found) == strip(expected)


def strip(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A sparse tensor is marked so by MLflow; for a model it is a tensor like others."""
    return [{key: value for key, value in column.items() if key != "sparse"} for column in columns]


def test_polars_tables() -> None:
    schema = infer_signature(pl.DataFrame({"a": [1], "c": ["x"]})).inputs
    assert schema == Schema([ColSpec("long", "a"), ColSpec("string", "c")])


def test_params_have_types_and_defaults() -> None:
    signature = infer_signature([1], params={"top": 3, "scale": 0.5, "names": ["a"]})
    found = json.loads(signature.to_dict()["params"] or "")
    assert [(p["name"], p["type"], p["default"], p["shape"]) for p in found] == [
        ("top", "long", 3, None),
        ("scale", "double", 0.5, None),
        ("names", "string", ["a"], [-1]),
    ]


def test_signatures_survive_being_written() -> None:
    signature = infer_signature(TABLE, np.zeros(2), {"top": 3})
    assert ModelSignature.from_dict(signature.to_dict()) == signature
    assert "double" in repr(signature)


def test_schemas_by_hand() -> None:
    tensor = Schema([TensorSpec(np.dtype("float64"), (-1, 4))])
    assert tensor.is_tensor_spec()
    assert Schema.from_json(tensor.to_json()) == tensor
    named = Schema([ColSpec("double", "a", required=False), ColSpec("long", "b")])
    assert named.required_input_names() == ["b"]
    nested = '[{"type": "array", "items": {"type": "string"}, "name": "words", "required": true}]'
    assert json.loads(Schema.from_json(nested).to_json()) == json.loads(nested)


def test_what_has_no_signature_is_refused() -> None:
    with pytest.raises(MlflowException, match="object"):
        infer_signature(object())


def test_set_signature(tmp_path: Any, store: Any) -> None:
    folder = str(tmp_path / "m")
    mlflow.pyfunc.save_model(folder, python_model=lambda data: data)
    mlflow.models.set_signature(folder, infer_signature(TABLE))
    assert mlflow.models.get_model_info(folder).signature == infer_signature(TABLE)
