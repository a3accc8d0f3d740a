from __future__ import annotations

from enum import Enum, IntEnum

from trackline.exceptions import MlflowException


class RunStatus(IntEnum):
    """How a run stands; `run.info.status` is the name."""

    RUNNING = 1
    SCHEDULED = 2
    FINISHED = 3
    FAILED = 4
    KILLED = 5

    @staticmethod
    def from_string(status_str: str) -> RunStatus:
        """The status of this name."""
        try:
            return RunStatus[status_str]
        except KeyError:
            raise MlflowException.invalid_parameter_value(
                f"`{status_str}` is no status of a run: use {', '.join(s.name for s in RunStatus)}"
            ) from None

    @staticmethod
    def to_string(status: int) -> str:
        """The name of the status."""
        return RunStatus(status).name

    @staticmethod
    def is_terminated(status: int) -> bool:
        """Whether a run of this status has ended."""
        return status in (RunStatus.FINISHED, RunStatus.FAILED, RunStatus.KILLED)

    @staticmethod
    def all_status() -> list[RunStatus]:
        """All of them."""
        return list(RunStatus)


class ViewType(IntEnum):
    """Which lifecycle stages a search returns."""

    ACTIVE_ONLY = 1
    DELETED_ONLY = 2
    ALL = 3

    @staticmethod
    def from_string(view_str: str) -> ViewType:
        """The view of this name, whatever its case."""
        try:
            return ViewType[view_str.upper()]
        except KeyError:
            raise MlflowException.invalid_parameter_value(
                f"`{view_str}` is no view type: use active_only, deleted_only or all"
            ) from None

    @staticmethod
    def to_string(view_type: int) -> str:
        """The name of the view, in lower case."""
        return ViewType(view_type).name.lower()


class LifecycleStage:
    """Whether an experiment or a run was deleted (softly)."""

    ACTIVE = "active"
    DELETED = "deleted"


class SourceType(IntEnum):
    """What started a run."""

    NOTEBOOK = 1
    JOB = 2
    PROJECT = 3
    LOCAL = 4
    UNKNOWN = 5

    @staticmethod
    def to_string(status: int) -> str:
        """The name."""
        return SourceType(status).name


class LoggedModelStatus(str, Enum):
    """How far a logged model has come."""

    UNSPECIFIED = "UNSPECIFIED"
    PENDING = "PENDING"
    READY = "READY"
    FAILED = "FAILED"

    def __str__(self) -> str:
        return self.value

    @staticmethod
    def is_finalized(status: LoggedModelStatus) -> bool:
        """Whether nothing more is going to happen to a model of this status."""
        return status in (LoggedModelStatus.READY, LoggedModelStatus.FAILED)

    @staticmethod
    def from_native(name: str) -> LoggedModelStatus:
        """From the name that goes over the wire."""
        return {
            "LOGGED_MODEL_PENDING": LoggedModelStatus.PENDING,
            "LOGGED_MODEL_READY": LoggedModelStatus.READY,
            "LOGGED_MODEL_UPLOAD_FAILED": LoggedModelStatus.FAILED,
        }.get(name, LoggedModelStatus.UNSPECIFIED)
