from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trackline import _ambient, _experiment, _joined, _runs, _tracker
from trackline._active_run import ActiveRun, here
from trackline.entities import Run
from trackline.exceptions import MlflowException

if TYPE_CHECKING:
    from trackline._native import Tracker

PARENT = "mlflow.parentRunId"
DESCRIPTION = "mlflow.note.content"


def start_run(
    run_id: str | None = None,
    experiment_id: str | None = None,
    run_name: str | None = None,
    nested: bool = False,
    parent_run_id: str | None = None,
    tags: Mapping[str, Any] | None = None,
    description: str | None = None,
    log_system_metrics: bool | None = None,
) -> ActiveRun:
    """Starts a run, or goes on with the one of `run_id`, and makes it current until it ends.

    Under `trackline run`, the first call of the program goes on with the run of the command; later ones start children of it.

    Use it as `with start_run() as run:`, or end it with `end_run()`. With `nested=True` it becomes a child of the
    current run; `parent_run_id` names another parent. `log_system_metrics` says whether the use of processors, memory
    and devices is logged; absent, it is for every run that is no child, unless they are switched off.
    """
    current = _runs.current()
    if current is not None and not nested and current.process_id != os.getpid():
        # A forked worker has its own runs, as a spawned one has.
        current = None
    if current is not None and not nested:
        raise MlflowException(
            f"Run {current.id} is active already. End it with end_run(), or start a child of it with nested=True.",
            "INVALID_STATE",
        )
    all_tags = {key: str(value) for key, value in (tags or {}).items()}
    if description is not None:
        all_tags[DESCRIPTION] = description
    run_id = run_id or os.environ.pop("MLFLOW_RUN_ID", None)
    program = None if run_id or parent_run_id or current else _ambient.of_program()
    if run_id is not None:
        run = _resume(run_id, experiment_id, run_name, all_tags, log_system_metrics)
    elif program is not None and program.joined and _is_first(program):
        run = _adopt(program, experiment_id, run_name, all_tags)
    else:
        joined = program if program is not None and program.joined else None
        parent = None if parent_run_id is not None else current or joined
        if parent_run_id is not None and _runs.open_handle(parent_run_id) is None:
            get_run(parent_run_id)
        run = _runs.start(
            run_name=run_name,
            experiment_id=experiment_id,
            parent=parent,
            parent_run_id=parent_run_id,
            tags=all_tags,
            log_system_metrics=log_system_metrics,
        )
    _runs.push(run)
    return run


def of_command() -> ActiveRun | None:
    """The run of `trackline run`, for calls that no run was started for: all processes below log to it, and the first one goes on
    with it, as by `start_run`."""
    program = _ambient.of_program()
    if program is None or not (program.joined and program.is_open):
        return None
    if _is_first(program):
        _runs.push(_adopt(program, None, None, {}))
    return program


def _is_first(program: ActiveRun) -> bool:
    """Whether this is the first run that the program starts; each rank does so."""
    return program.handle.is_attended or _joined.claim("start_run")


def _adopt(run: ActiveRun, experiment_id: str | None, run_name: str | None, tags: dict[str, str]) -> ActiveRun:
    """The run of `trackline run` becomes the one that the script starts, in the experiment that the script has chosen."""
    run.managed = False
    run.trail = here()
    experiment = {"experiment_id": experiment_id} if experiment_id is not None else _experiment.active()
    if experiment != run.experiment:
        run.handle.move_to(**experiment)
        run.experiment = experiment
    if run_name is not None:
        tags["mlflow.runName"] = run_name
    if tags:
        run.set_tags(tags)
    return _runs.opened(run)


def _resume(
    run_id: str,
    experiment_id: str | None,
    run_name: str | None,
    tags: dict[str, str],
    log_system_metrics: bool | None,
) -> ActiveRun:
    tracker = _tracker.get()
    if _tracker.asks_nobody():
        return _resume_unseen(tracker, run_id, tags, log_system_metrics)
    native = _tracker.store().runs.get(run_id)
    found = Run.from_native(native)
    info = found.info
    if info.lifecycle_stage != "active":
        raise MlflowException(f"Run {run_id} was deleted. Restore it before going on with it.", "INVALID_STATE")
    if experiment_id is not None and experiment_id != info.experiment_id:
        raise MlflowException.invalid_parameter_value(
            f"Run {run_id} belongs to experiment {info.experiment_id}, not to {experiment_id}."
        )
    handle = tracker.resume(run_id)
    if log_system_metrics is None and PARENT in found.data.tags:
        log_system_metrics = False
    steps = [metric["step"] for metric in native["data"]["metrics"] if metric["key"].startswith("system/")]
    handle.log_system_metrics(log_system_metrics, max(steps, default=-1) + 1)
    run = ActiveRun(handle, tracker, {"experiment_id": info.experiment_id})
    if run_name is not None:
        tags["mlflow.runName"] = run_name
    if tags:
        run.set_tags(tags)
    return _runs.opened(run)


def _resume_unseen(
    tracker: Tracker, run_id: str, tags: dict[str, str], log_system_metrics: bool | None
) -> ActiveRun:
    """Goes on with a run of which only the id is known."""
    handle = tracker.resume(run_id)
    handle.log_system_metrics(log_system_metrics, 0)
    run = ActiveRun(handle, tracker, _experiment.active())
    if tags:
        run.set_tags(tags)
    return _runs.opened(run)


def end_run(status: str = "FINISHED") -> None:
    """Ends the current run; without one, nothing happens."""
    run = _runs.current()
    if run is not None:
        run.end(status)


def active_run() -> ActiveRun | None:
    """The innermost open run of this thread or task."""
    return _runs.current()


def last_active_run() -> Run | None:
    """The run that was made current last in this process, open or ended, as the store holds it."""
    run_id = _runs.last_run_id()
    return None if run_id is None else get_run(run_id)


def get_run(run_id: str) -> Run:
    """A run as the store holds it, with everything logged before this call."""
    return Run.from_native(_tracker.store().runs.get(run_id))


def get_parent_run(run_id: str) -> Run | None:
    """The parent of a run, if it is a child."""
    parent_run_id = get_run(run_id).data.tags.get(PARENT)
    return None if parent_run_id is None else get_run(parent_run_id)


def delete_run(run_id: str) -> None:
    """Deletes a run softly: it can be restored."""
    _tracker.store().runs.delete(run_id)


def restore_run(run_id: str) -> None:
    """Takes a deletion back."""
    _tracker.store().runs.restore(run_id)
