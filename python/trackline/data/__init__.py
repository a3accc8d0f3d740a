"""Datasets: descriptions of data, never the data itself."""

from __future__ import annotations

from trackline.data.dataset import Dataset, NumpyDataset, PandasDataset, PolarsDataset
from trackline.data.make import from_numpy, from_pandas, from_polars, get_source
from trackline.data.source import DatasetSource

__all__ = [
    "Dataset",
    "DatasetSource",
    "NumpyDataset",
    "PandasDataset",
    "PolarsDataset",
    "from_numpy",
    "from_pandas",
    "from_polars",
    "get_source",
]
