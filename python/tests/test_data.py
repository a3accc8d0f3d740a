"""Datasets: described without a copy, told apart by their digest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import torch

import trackline as mlflow
from trackline.data.columns import of_table
from trackline.exceptions import MlflowException
from trackline.integrations._dataset import describe

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


def test_columns_are_the_same_in_every_library() -> None:
    columns = {"n": [1.0, None, 3.0, 3.0], "s": ["a", None, "b", "a"], "i": [1, 2, 3, 4]}
    tables = [pa.table(columns), pl.DataFrame(columns), pd.DataFrame(columns)]
    found = [describe(table, None, "table") for table in tables]
    assert all(one is not None for one in found)
    first, *others = [one.profile["columns"] for one in found if one is not None]
    assert others == [first, first]
    number, text, whole = first
    assert (number["count"], number["null_count"], number["mean"]) == (3, 1, pytest.approx(7 / 3))
    assert (text["distinct"], text["null_count"]) == (2, 1)
    assert (whole["min"], whole["max"], whole["std"]) == (1, 4, pytest.approx(np.std([1, 2, 3, 4], ddof=1)))


def test_nothing_is_copied_out_of_arrow_and_polars() -> None:
    numbers = np.arange(2_000_000.0)
    for column in (pa.chunked_array([numbers]), pl.Series("x", numbers)):
        table = pa.table({"x": column}) if isinstance(column, pa.ChunkedArray) else pl.DataFrame([column])
        ((_, looked_at),) = of_table(table)
        assert not looked_at.flags.owndata


def test_tensors_are_looked_at_where_they_lie() -> None:
    tensor = torch.arange(12.0).reshape(4, 3)
    found = describe(tensor.requires_grad_(), torch.tensor([0, 1, 0, 1]), "X")
    assert found is not None
    assert found.digest == describe(tensor.detach().numpy(), np.array([0, 1, 0, 1]), "X").digest  # type: ignore[union-attr]
    assert [column["mean"] for column in found.profile["columns"]] == [4.5, 5.5, 6.5, 0.5]


@pytest.mark.parametrize(
    "tensor", [torch.zeros(4, 3, device="meta"), torch.zeros(4, 3, dtype=torch.bfloat16), torch.zeros(4, 3).to_sparse()]
)
def test_what_does_not_lie_in_memory_has_type_and_shape(tensor: torch.Tensor) -> None:
    found = describe(tensor, None, "X")
    assert found is not None
    assert (found.profile["features_shape"], found.profile["unseen"]) == ([4, 3], True)
    assert "columns" not in found.profile
