"""The columns of a table as the extension looks at them: without a copy wherever their memory allows it."""

from __future__ import annotations

from typing import Any

from trackline import _native

Column = tuple[str, Any]
"""A name, and an array, a pair of array and mask, a list of texts, or None for values of another kind."""


def is_table(data: Any) -> bool:
    """Whether it has columns that `of_table` knows to look at."""
    return hasattr(data, "columns") and _library(data) in ("pandas", "polars", "pyarrow")


def of_table(table: Any) -> list[Column]:
    """The columns of a pandas or Polars DataFrame or of an Arrow table."""
    count = table.shape[1]
    if is_polars(table):
        return [(series.name, _of_polars(series, count)) for series in table.get_columns()]
    if _library(table) == "pyarrow":
        return [(name, _of_arrow(table.column(place), count)) for place, name in enumerate(table.column_names)]
    return [(str(name), _of_pandas(series, count)) for name, series in table.items()]


def of_series(series: Any) -> Column:
    """A single pandas or Polars series."""
    name = "" if series.name is None else str(series.name)
    return name, _of_polars(series, 1) if is_polars(series) else _of_pandas(series, 1)


def is_polars(data: Any) -> bool:
    """Whether the object is of Polars; the rest is taken for pandas."""
    return _library(data) == "polars"


def _library(data: Any) -> str:
    return type(data).__module__.partition(".")[0]


def _of_pandas(series: Any, count: int) -> Any:
    array = series.array
    if hasattr(array, "_pa_array"):
        return _of_arrow(array._pa_array, count)
    if hasattr(array, "_mask") and hasattr(array, "_data"):
        return array._data, array._mask
    if getattr(series.dtype, "kind", "O") in "biufM" and getattr(series.dtype, "tz", None) is None:
        return series.to_numpy()
    # Texts have to be copied to be looked at, so only those are taken that will be.
    return _texts(series.iloc[_native.sampled_rows(len(series), count)].tolist())


def _of_polars(series: Any, count: int) -> Any:
    if not (series.dtype.is_numeric() or series.dtype.is_temporal() or str(series.dtype) == "Boolean"):
        return _texts(series.gather(_native.sampled_rows(len(series), count)).to_list())
    if series.null_count() == 0 and series.n_chunks() == 1 and series.dtype.is_numeric():
        return series.to_numpy()
    # In another form than NumPy's, so only what will be looked at is copied.
    return series.gather(_native.sampled_rows(len(series), count)).to_numpy()


def _of_arrow(column: Any, count: int) -> Any:
    kind = str(column.type)
    if kind.startswith(("int", "uint", "float", "double")) and column.null_count == 0 and column.num_chunks == 1:
        return column.chunk(0).to_numpy(zero_copy_only=True)
    taken = column.take(_native.sampled_rows(len(column), count))
    if kind.startswith(("int", "uint", "float", "double", "halffloat", "bool", "timestamp", "date", "duration")):
        return taken.to_numpy()
    return _texts(taken.to_pylist())


def _texts(values: list[Any]) -> list[str | None] | None:
    found = [None if value is None or value != value else value for value in values]
    return found if all(value is None or isinstance(value, str) for value in found) else None
