from __future__ import annotations

from dataclasses import dataclass, field

from trackline.entities._entity import Entity, Native, pairs


@dataclass(frozen=True)
class ExperimentTag(Entity):
    """A tag of an experiment."""

    key: str
    value: str


@dataclass(frozen=True)
class Experiment(Entity):
    """A named group of runs; times in milliseconds since the epoch."""

    experiment_id: str
    name: str
    artifact_location: str
    lifecycle_stage: str
    tags: dict[str, str] = field(default_factory=dict)
    creation_time: int | None = None
    last_update_time: int | None = None

    @classmethod
    def from_native(cls, native: Native) -> Experiment:
        """From the extension's dict."""
        return cls(**{**native, "tags": pairs(native["tags"])})
