from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trackline.data.source import DatasetSource

if TYPE_CHECKING:
    from trackline._lineage import Origin


class Dataset:
    """Data that a run reads: its name, digest, schema and sizes."""

    def __init__(
        self,
        data: Any,
        source: DatasetSource,
        description: dict[str, str],
        name: str | None,
        digest: str | None,
        origin: Origin | None = None,
    ) -> None:
        self._data = data
        self._source = source
        self._description = description
        self._name = name or "dataset"
        self._digest = digest or description["digest"]
        self.origin = origin
        """The steps that the data went through, where they were captured."""

    @property
    def name(self) -> str:
        """`dataset` unless said otherwise."""
        return self._name

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits that differ when the content does."""
        return self._digest

    @property
    def source(self) -> DatasetSource:
        """Where the data came from."""
        return self._source

    @property
    def schema(self) -> dict[str, Any]:
        """Columns or tensors, and their types."""
        return dict(json.loads(self._description["schema"]))

    @property
    def profile(self) -> dict[str, Any]:
        """Sizes and statistics."""
        return dict(json.loads(self._description["profile"]))

    def to_dict(self) -> dict[str, str]:
        """What is recorded of it; `source`, `schema` and `profile` are JSON texts."""
        return {
            "name": self.name,
            "digest": self.digest,
            "source_type": self.source.kind,
            "source": self.source.to_json(),
            "schema": self._description["schema"],
            "profile": self._description["profile"],
        }

    def to_json(self) -> str:
        """What is recorded of it, as JSON text."""
        return json.dumps(self.to_dict())

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: name={self.name!r}, digest={self.digest!r}, profile={self.profile}>"


class NumpyDataset(Dataset):
    """Arrays."""

    def __init__(self, features: Any, targets: Any, *rest: Any) -> None:
        super().__init__(features, *rest)
        self._targets = targets

    @property
    def features(self) -> Any:
        """The features as they were given."""
        return self._data

    @property
    def targets(self) -> Any:
        """The labels as they were given."""
        return self._targets


class _Table(Dataset):
    def __init__(self, df: Any, targets: str | None, predictions: str | None, *rest: Any) -> None:
        super().__init__(df, *rest)
        self._targets = targets
        self._predictions = predictions

    @property
    def df(self) -> Any:
        """The table as it was given."""
        return self._data

    @property
    def targets(self) -> str | None:
        """The column of labels."""
        return self._targets

    @property
    def predictions(self) -> str | None:
        """The column of predictions."""
        return self._predictions


class PandasDataset(_Table):
    """A pandas DataFrame."""


class PolarsDataset(_Table):
    """A Polars DataFrame."""
