"""What a store holds, as plain values: equal when their fields are, and printed whole."""

from __future__ import annotations

from trackline.entities.dataset import Dataset, DatasetInput, InputTag
from trackline.entities.experiment import Experiment, ExperimentTag
from trackline.entities.file_info import FileInfo
from trackline.entities.logged_model import (
    LoggedModel,
    LoggedModelInput,
    LoggedModelOutput,
    LoggedModelParameter,
    LoggedModelTag,
)
from trackline.entities.metric import Metric
from trackline.entities.registry import (
    ModelVersion,
    ModelVersionTag,
    RegisteredModel,
    RegisteredModelTag,
)
from trackline.entities.run import Param, Run, RunData, RunInfo, RunInputs, RunOutputs, RunTag
from trackline.entities.status import LifecycleStage, LoggedModelStatus, RunStatus, SourceType, ViewType

__all__ = [
    "Dataset",
    "DatasetInput",
    "Experiment",
    "ExperimentTag",
    "FileInfo",
    "InputTag",
    "LifecycleStage",
    "LoggedModel",
    "LoggedModelInput",
    "LoggedModelOutput",
    "LoggedModelParameter",
    "LoggedModelStatus",
    "LoggedModelTag",
    "Metric",
    "ModelVersion",
    "ModelVersionTag",
    "Param",
    "RegisteredModel",
    "RegisteredModelTag",
    "Run",
    "RunData",
    "RunInfo",
    "RunInputs",
    "RunOutputs",
    "RunStatus",
    "RunTag",
    "SourceType",
    "ViewType",
]
