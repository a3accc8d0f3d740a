from __future__ import annotations

import os
import sys
from types import CodeType, FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from trackline import _ambient, _code, _ending, _joined, _runs, _tracker
from trackline._ending import Ending
from trackline._experiment import Experiment
from trackline._log import RunLog
from trackline._native import thread_number
from trackline.entities import Run, RunInfo

if TYPE_CHECKING:
    from trackline._native import RunHandle, Tracker
    from trackline.entities import RunData, RunInputs, RunOutputs

Trail = tuple[tuple[int, CodeType, int], ...]
"""Frames by their identity, with code and line, the innermost first."""


class ActiveRun(RunLog, Run):
    """A run to log to. Ends with its `with` block: FAILED if an exception leaves the block.

    `info.run_id` and `info.status` cost nothing; everything else is read from the store when it is asked for, and
    holds all that was logged so far.
    """

    def __init__(
        self,
        handle: RunHandle,
        tracker: Tracker,
        experiment: Experiment,
        *,
        managed: bool = False,
        joined: bool = False,
    ) -> None:
        super().__init__(handle)
        self.experiment = experiment
        self.managed = managed
        self.joined = joined
        self.process_id = os.getpid()
        self.thread = thread_number()
        self.status = "RUNNING"
        self.trail: Trail = () if joined else here()
        self._tracker = tracker

    def __enter__(self) -> ActiveRun:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.is_open:
            self.end(_ending.of(error))

    @property
    def is_open(self) -> bool:
        """Whether it has not ended yet."""
        return self.status == "RUNNING"

    def end(self, ending: str | Ending = "FINISHED", end_time: int | None = None) -> None:
        """Ends the run with a status; a second end is nothing. `end_time` in milliseconds since the epoch, now if
        absent."""
        if not self.is_open:
            return
        if isinstance(ending, str):
            ending = Ending(ending)
        _ambient.ends(self)
        _code.end(self)
        self.handle.end(ending.status, end_time, ending.exit, ending.traceback)
        self.status = ending.status
        if self.joined:
            _joined.tell(_joined.ENDED, ending)
        _runs.closed(self)
        _tracker.tell_problem(self._tracker)

    def fetch(self) -> Run:
        """The run as the store holds it, with everything that was logged so far."""
        return Run.from_native(self._tracker.store().runs.get(self.id))

    @property
    def info(self) -> RunInfo:  # type: ignore[override]
        """What identifies the run, and how it stands."""
        return _LazyInfo(self)

    @property
    def data(self) -> RunData:  # type: ignore[override]
        """Metrics, params and tags logged so far."""
        return self.fetch().data

    @property
    def inputs(self) -> RunInputs:  # type: ignore[override]
        """Datasets and models it read so far."""
        return self.fetch().inputs

    @property
    def outputs(self) -> RunOutputs:  # type: ignore[override]
        """Models it made so far."""
        return self.fetch().outputs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ActiveRun) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<ActiveRun: run_id={self.id!r}, status={self.status!r}>"


def here() -> Trail:
    """The lines that led to the caller."""
    found: list[tuple[int, CodeType, int]] = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        found.append((id(frame), frame.f_code, frame.f_lineno))
        frame = frame.f_back
    return tuple(found)


class _LazyInfo(RunInfo):
    """Fields are read from the store when one is asked for that the process does not know."""

    def __init__(self, run: ActiveRun) -> None:
        object.__setattr__(self, "run_id", run.id)
        object.__setattr__(self, "status", run.status)
        object.__setattr__(self, "_run", run)

    def __getattr__(self, name: str) -> Any:
        if name not in RunInfo.__dataclass_fields__:
            raise AttributeError(name)
        for field, value in self._run.fetch().info:
            object.__setattr__(self, field, value)
        return object.__getattribute__(self, name)

    def __repr__(self) -> str:
        return repr(self._run.fetch().info)
