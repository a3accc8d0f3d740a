"""Datasets: described without a copy, told apart by their digest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import trackline as mlflow
from trackline.exceptions import MlflowException

pytestmark = pytest.mark.usefixtures("store")


def recorded(run: mlflow.ActiveRun) -> list[Any]:
    return mlflow.get_run(run.info.run_id).inputs.dataset_inputs


def test_arrays() -> None:
    features = np.arange(12.0).reshape(4, 3)
    data = mlflow.data.from_numpy(features, targets=np.arange(4), name="iris")
    assert data.profile["features_shape"] == [4, 3]
    assert data.profile["targets_shape"] == [4]
    with mlflow.start_run() as run:
        mlflow.log_input(data, context="train", tags={"part": "first"})
    (found,) = recorded(run)
    assert (found.dataset.name, found.dataset.digest) == ("iris", data.digest)
    assert '"float64"' in found.dataset.schema.replace("\\", "")
    assert {tag.key: tag.value for tag in found.tags} == {"mlflow.data.context": "train", "part": "first"}


@pytest.mark.parametrize(
    "array",
    [
        np.asfortranarray(np.arange(12.0).reshape(4, 3)),
        np.arange(24.0).reshape(4, 6)[:, ::2],
        np.arange(12, dtype=">i4").reshape(4, 3),
        np.array([["a", "b"], ["c", "d"]]),
        np.array([True, False]),
        np.zeros((0, 3)),
    ],
    ids=["fortran", "strided", "swapped", "text", "bool", "empty"],
)
def test_arrays_of_any_layout(array: np.ndarray) -> None:
    assert len(mlflow.data.from_numpy(array).digest) == 8
    assert mlflow.data.from_numpy(array).digest == mlflow.data.from_numpy(array.copy()).digest


def test_other_content_gives_another_digest() -> None:
    array = np.arange(12.0).reshape(4, 3)
    changed = array.copy()
    changed[2, 1] += 1e-9
    assert mlflow.data.from_numpy(array).digest != mlflow.data.from_numpy(changed).digest


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "n": [1, 2, 3],
            "x": [0.5, None, 1.5],
            "s": ["a", None, "c"],
            "m": pd.array([1, None, 3], dtype="Int64"),
            "d": pd.to_datetime(["2026-01-01", "2026-01-02", None]),
            "o": [{}, [], ()],
            "b": [True, False, True],
            "c": pd.Categorical(["u", "v", "u"]),
        }
    )


def test_pandas() -> None:
    data = mlflow.data.from_pandas(frame(), targets="b", source="https://example.org/x.csv")
    types = {column["name"]: (column["type"], column["required"]) for column in data.schema["mlflow_colspec"]}
    assert types["n"] == ("long", True)
    assert types["x"][0] == "double"
    assert types["s"] == ("string", False)
    assert types["m"] == ("long", False)
    assert types["d"][0] == "datetime"
    assert types["b"] == ("boolean", True)
    assert types["c"][0] == "string"
    assert data.profile["num_rows"] == 3
    assert data.source.kind == "http"
    with pytest.raises(MlflowException, match="nothing"):
        mlflow.data.from_pandas(frame(), targets="nothing")


def test_texts_count_in_the_digest() -> None:
    changed = frame()
    changed.loc[2, "s"] = "d"
    assert mlflow.data.from_pandas(frame()).digest != mlflow.data.from_pandas(changed).digest


def test_polars() -> None:
    table = pl.DataFrame({"n": [1, 2, None], "s": ["a", None, "c"], "x": [0.5, 1.0, 1.5]})
    data = mlflow.data.from_polars(table, targets="x", name="table")
    types = {column["name"]: column["type"] for column in data.schema["mlflow_colspec"]}
    assert (types["s"], types["x"]) == ("string", "double")
    with mlflow.start_run() as run:
        mlflow.log_input(data)
    assert recorded(run)[0].dataset.name == "table"


def test_large_tables_of_text_are_sampled() -> None:
    table = pd.DataFrame({"s": [f"text {i}" for i in range(1_200_000)]})
    data = mlflow.data.from_pandas(table)
    assert data.profile["num_rows"] == 1_200_000
    assert data.profile["sampled"] is True
