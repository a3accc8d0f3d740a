from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trackline.entities._entity import Entity, Native, pairs

if TYPE_CHECKING:
    from trackline.entities.dataset import DatasetInput
    from trackline.entities.logged_model import LoggedModelInput, LoggedModelOutput


@dataclass(frozen=True)
class Param(Entity):
    """A hyperparameter."""

    key: str
    value: str


@dataclass(frozen=True)
class RunTag(Entity):
    """A tag of a run."""

    key: str
    value: str


@dataclass(frozen=True)
class RunInfo(Entity):
    """What identifies a run, and how it stands; times in milliseconds since the epoch."""

    run_id: str
    run_name: str
    experiment_id: str
    user_id: str
    status: str
    start_time: int
    end_time: int | None
    artifact_uri: str
    lifecycle_stage: str


@dataclass(frozen=True)
class RunData(Entity):
    """The latest value of every metric, all params and all tags, by key."""

    metrics: dict[str, float] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_native(cls, native: Native) -> RunData:
        """From the extension's dict."""
        metrics = {metric["key"]: metric["value"] for metric in native["metrics"]}
        return cls(metrics, pairs(native["params"]), pairs(native["tags"]))


@dataclass(frozen=True)
class RunInputs(Entity):
    """What a run read."""

    dataset_inputs: list[DatasetInput] = field(default_factory=list)
    model_inputs: list[LoggedModelInput] = field(default_factory=list)


@dataclass(frozen=True)
class RunOutputs(Entity):
    """What a run made."""

    model_outputs: list[LoggedModelOutput] = field(default_factory=list)


@dataclass
class Run(Entity):
    """A run, whole."""

    info: RunInfo
    data: RunData
    inputs: RunInputs = field(default_factory=RunInputs)
    outputs: RunOutputs = field(default_factory=RunOutputs)

    @classmethod
    def from_native(cls, native: Native) -> Run:
        """From the extension's dict."""
        from trackline.entities.dataset import DatasetInput
        from trackline.entities.logged_model import LoggedModelInput, LoggedModelOutput

        return cls(
            RunInfo(**native["info"]),
            RunData.from_native(native["data"]),
            RunInputs(
                [DatasetInput.from_native(item) for item in native["dataset_inputs"]],
                [LoggedModelInput(model_id) for model_id in native["model_inputs"]],
            ),
            RunOutputs([LoggedModelOutput(**output) for output in native["model_outputs"]]),
        )
