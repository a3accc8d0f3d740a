"""Which run is current: in one thread or task, and for explicit calls from anywhere in the process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from trackline import _code, _console, _ending, _notebook, _summary, _tracker
from trackline._log import RunLog
from trackline._native import mode, thread_number

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun
    from trackline._native import RunHandle, Tracker

# A task inherits the stack of the task that made it; a thread begins with an empty one. Runs that have ended
# may still be in the stack of another task.
_stack: ContextVar[tuple[ActiveRun, ...]] = ContextVar("trackline_runs", default=())
_open: dict[str, ActiveRun] = {}
_last_run_id: str | None = None


def current() -> ActiveRun | None:
    """The innermost open run of this thread or task."""
    # Every explicit call comes here: a property would cost more than the look itself.
    for run in reversed(_stack.get()):
        if run.status == "RUNNING":
            return run
    return _last_of_the_notebook() if _notebook.is_kernel() else None


def for_explicit_call() -> ActiveRun | None:
    """Where `log_metric` and its like go: the current run; where this thread or task has none, the only run
    that the user has open in the process."""
    return current() or _the_only_open_run()


def _the_only_open_run() -> ActiveRun | None:
    mine = _opened_by_the_user()
    return mine[0] if len(mine) == 1 else None


def _last_of_the_notebook() -> ActiveRun | None:
    """A kernel runs each cell in a context of its own, so what an earlier cell started is not in this one. All cells
    run in one thread."""
    mine = [run for run in _opened_by_the_user() if run.thread == thread_number()]
    return mine[-1] if mine else None


def _opened_by_the_user() -> list[ActiveRun]:
    return [run for run in list(_open.values()) if not run.managed and run.process_id == os.getpid()]


def start(
    *,
    run_name: str | None = None,
    experiment_id: str | None = None,
    parent: ActiveRun | None = None,
    parent_run_id: str | None = None,
    tags: dict[str, str] | None = None,
    start_time: int | None = None,
    log_system_metrics: bool | None = None,
    managed: bool = False,
) -> ActiveRun:
    """Starts a run without making it current. `managed` runs are those that no user call started: they get no
    explicit calls of other threads. Without an experiment, a child is put beside its parent."""
    from trackline import _process
    from trackline._active_run import ActiveRun
    from trackline._experiment import active

    if experiment_id is not None:
        experiment = {"experiment_id": experiment_id}
    else:
        experiment = active() if parent is None else parent.experiment
    tracker = _tracker.get()
    handle = tracker.start_run(
        **experiment,
        run_name=run_name,
        parent_run_id=parent.id if parent is not None else parent_run_id,
        start_time=start_time,
        source_name=_process.source_name(),
        tags=list((tags or {}).items()),
        environment=_process.environment() if mode() != "off" else {},
        log_system_metrics=log_system_metrics,
    )
    run = ActiveRun(handle, tracker, experiment, managed=managed)
    if parent is None and parent_run_id is None:
        _console.follow(handle)
        _code.begin(run)
        _summary.began(run, tracker)
    return opened(run)


def opened(run: ActiveRun) -> ActiveRun:
    """Counts the run among the open ones."""
    from trackline import _ambient

    _ambient.begins()
    _open[run.id] = run
    _ending.watch()
    _ambient.began(run)
    return run


def closed(run: ActiveRun) -> None:
    """Counts the run among the open ones no more."""
    _open.pop(run.id, None)
    if not _open:
        _console.release()
        _ending.unwatch()
    _stack.set(tuple(other for other in _stack.get() if other.is_open))


def of_this_process() -> list[ActiveRun]:
    """The open runs that end with this process, the innermost first: those that began in it, and what it adds as a rank to the
    run of `trackline run`, which goes on."""
    mine = [run for run in reversed(list(_open.values())) if run.process_id == os.getpid()]
    return [run for run in mine if not (run.joined and run.managed) or run.handle.is_attended]


def of_this_thread() -> list[ActiveRun]:
    """Those of them that began in this thread."""
    return [run for run in of_this_process() if run.thread == thread_number()]


def push(run: ActiveRun) -> None:
    """Makes the run current in this thread or task until it ends."""
    global _last_run_id
    _last_run_id = run.id
    _stack.set((*(other for other in _stack.get() if other.is_open), run))


@contextmanager
def use(run: ActiveRun) -> Iterator[ActiveRun]:
    """Makes the run current in the block; it stays open."""
    global _last_run_id
    _last_run_id = run.id
    token = _stack.set((*_stack.get(), run))
    try:
        yield run
    finally:
        _stack.reset(token)


def log_of(tracker: Tracker, run_id: str) -> RunLog:
    """Logging to a run that must be there."""
    handle = open_handle(run_id)
    if handle is None:
        tracker.store().runs.get(run_id)
        handle = tracker.run(run_id)
    return RunLog(handle)


def open_handle(run_id: str) -> RunHandle | None:
    """The handle of a run that is open in this process."""
    run = _open.get(run_id)
    return None if run is None else run.handle


def last_run_id() -> str | None:
    """The run that was made current last in this process; a candidate of a search never is."""
    return _last_run_id
