"""The columns of a table as the extension looks at them: without a copy wherever their memory allows it."""

from __future__ import annotations

from typing import Any

from trackline import _native

Column = tuple[str, Any]
"""A name, and an array, a pair of array and mask, a list of texts, or None for values of another kind."""


def of_table(table: Any) -> list[Column]:
    """The columns of a pandas or Polars DataFrame."""
    count = table.shape[1]
    if is_polars(table):
        return [(series.name, _of_polars(series, count)) for series in table.get_columns()]
    return [(str(name), _of_pandas(series, count)) for name, series in table.items()]


def of_series(series: Any) -> Column:
    """A single pandas or Polars series."""
    name = "" if series.name is None else str(series.name)
    return name, _of_polars(series, 1) if is_polars(series) else _of_pandas(series, 1)


def is_polars(data: Any) -> bool:
    """Whether the object is of Polars; the rest is taken for pandas."""
    return type(data).__module__.partition(".")[0] == "polars"


def _of_pandas(series: Any, count: int) -> Any:
    array = series.array
    if hasattr(array, "_mask") and hasattr(array, "_data"):
        return array._data, array._mask
    if getattr(series.dtype, "kind", "O") in "biufM" and getattr(series.dtype, "tz", None) is None:
        return series.to_numpy()
    # Texts have to be copied to be looked at, so only those are taken that will be.
    return _texts(series.iloc[_native.sampled_rows(len(series), count)].tolist())


def _of_polars(series: Any, count: int) -> Any:
    if series.dtype.is_numeric() or series.dtype.is_temporal() or str(series.dtype) == "Boolean":
        return series.to_numpy()
    return _texts(series.gather(_native.sampled_rows(len(series), count)).to_list())


def _texts(values: list[Any]) -> list[str | None] | None:
    found = [None if value is None or value != value else value for value in values]
    return found if all(value is None or isinstance(value, str) for value in found) else None
