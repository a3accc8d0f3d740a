from __future__ import annotations

from dataclasses import dataclass, field

from trackline.entities._entity import Entity, Native


@dataclass(frozen=True)
class Dataset(Entity):
    """A description of data; `source`, `schema` and `profile` are JSON texts."""

    name: str
    digest: str
    source_type: str
    source: str
    schema: str | None = None
    profile: str | None = None


@dataclass(frozen=True)
class InputTag(Entity):
    """A tag of a dataset input; `mlflow.data.context` says what the data was for."""

    key: str
    value: str


@dataclass(frozen=True)
class DatasetInput(Entity):
    """A dataset that a run read."""

    dataset: Dataset
    tags: list[InputTag] = field(default_factory=list)

    @classmethod
    def from_native(cls, native: Native) -> DatasetInput:
        """From the extension's dict."""
        return cls(Dataset(**native["dataset"]), [InputTag(**tag) for tag in native["tags"]])
