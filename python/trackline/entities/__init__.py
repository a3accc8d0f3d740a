"""What a store holds, as plain values: equal when their fields are, and printed whole.

Modules are loaded when their names are first used: to start a run few of them are needed.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_NAMES = {
    "dataset": "Dataset DatasetInput InputTag",
    "experiment": "Experiment ExperimentTag",
    "file_info": "FileInfo",
    "logged_model": "LoggedModel LoggedModelInput LoggedModelOutput LoggedModelParameter LoggedModelTag",
    "metric": "Metric",
    "registry": "ModelVersion ModelVersionTag RegisteredModel RegisteredModelTag",
    "run": "Param Run RunData RunInfo RunInputs RunOutputs RunTag",
    "status": "LifecycleStage LoggedModelStatus RunStatus SourceType ViewType",
}

_WHERE = {name: f"trackline.entities.{module}" for module, names in _NAMES.items() for name in names.split()}

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


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'trackline.entities' has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(_WHERE[name]), name)
    return value
