"""What is known of the data in a DMatrix."""

from __future__ import annotations

from typing import Any

from trackline.data.dataset import Dataset
from trackline.integrations import _matrix


def describe(matrix: Any, name: str | None = None) -> Dataset | None:
    """The matrix as a dataset with its labels."""
    labels, data = matrix.get_label(), None
    if _matrix.data_of(matrix) is None and matrix.num_row() * matrix.num_col() <= _matrix.LARGEST_COPY:
        data = matrix.get_data()
    return _matrix.describe(matrix, data, labels if len(labels) else None, name)
