from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from trackline import _native
from trackline.data import columns
from trackline.data.dataset import Dataset, NumpyDataset, PandasDataset, PolarsDataset
from trackline.data.source import DatasetSource
from trackline.exceptions import MlflowException

if TYPE_CHECKING:
    import numpy
    import pandas
    import polars

Source = str | os.PathLike[str] | DatasetSource | None


def from_numpy(
    features: numpy.ndarray | dict[str, numpy.ndarray],
    source: Source = None,
    targets: numpy.ndarray | dict[str, numpy.ndarray] | None = None,
    name: str | None = None,
    digest: str | None = None,
) -> NumpyDataset:
    """Describes arrays; `source` is a path or URI."""
    description = _native.describe_tensors(features, targets)
    return NumpyDataset(features, targets, DatasetSource.resolve(source), description, name, digest)


def from_pandas(
    df: pandas.DataFrame,
    source: Source = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> PandasDataset:
    """Describes a DataFrame; `targets` and `predictions` name columns of it, `source` is a path or URI."""
    _check_columns(df.columns, targets, predictions)
    description = _native.describe_table(len(df), columns.of_table(df))
    return PandasDataset(df, targets, predictions, DatasetSource.resolve(source), description, name, digest)


def from_polars(
    df: polars.DataFrame,
    source: Source = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> PolarsDataset:
    """Describes a DataFrame, as `from_pandas`."""
    _check_columns(df.columns, targets, predictions)
    description = _native.describe_table(len(df), columns.of_table(df))
    return PolarsDataset(df, targets, predictions, DatasetSource.resolve(source), description, name, digest)


def get_source(dataset: Any) -> DatasetSource:
    """Where a dataset came from."""
    if isinstance(dataset, Dataset):
        return dataset.source
    import json

    recorded = getattr(dataset, "dataset", dataset)
    return DatasetSource(recorded.source_type, json.loads(recorded.source))


def _check_columns(names: Any, *chosen: str | None) -> None:
    for name in chosen:
        if name is not None and name not in names:
            raise MlflowException.invalid_parameter_value(
                f"The table has no column `{name}`; it has {', '.join(map(str, names))}."
            )
