from __future__ import annotations

from dataclasses import dataclass, field

from trackline.entities._entity import Entity, Native, pairs
from trackline.entities.metric import Metric
from trackline.entities.status import LoggedModelStatus


@dataclass(frozen=True)
class LoggedModelParameter(Entity):
    """A parameter of a logged model."""

    key: str
    value: str


@dataclass(frozen=True)
class LoggedModelTag(Entity):
    """A tag of a logged model."""

    key: str
    value: str


@dataclass(frozen=True)
class LoggedModelInput(Entity):
    """A logged model that a run read."""

    model_id: str


@dataclass(frozen=True)
class LoggedModelOutput(Entity):
    """A logged model that a run made, and at which step."""

    model_id: str
    step: int


@dataclass(frozen=True)
class LoggedModel(Entity):
    """A model with files, parameters and metrics of its own; times in milliseconds since the epoch."""

    experiment_id: str
    model_id: str
    name: str
    artifact_location: str
    creation_timestamp: int
    last_updated_timestamp: int
    model_type: str | None = None
    source_run_id: str | None = None
    status: LoggedModelStatus = LoggedModelStatus.READY
    tags: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    metrics: list[Metric] = field(default_factory=list)
    lifecycle_stage: str = "active"

    @property
    def model_uri(self) -> str:
        """What `load_model` takes."""
        return f"models:/{self.model_id}"

    @classmethod
    def from_native(cls, native: Native) -> LoggedModel:
        """From the extension's dict."""
        fields = {name: value for name, value in native.items() if name != "artifact_uri"}
        return cls(
            **{
                **fields,
                "artifact_location": native["artifact_uri"],
                "status": LoggedModelStatus.from_native(native["status"]),
                "tags": pairs(native["tags"]),
                "params": pairs(native["params"]),
                "metrics": [Metric.from_native(item["metric"], item["run_id"]) for item in native["metrics"]],
            }
        )
