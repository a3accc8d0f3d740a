from __future__ import annotations

from trackline import _runs, _tracker
from trackline._log import RunLog


def target(run_id: str | None = None) -> RunLog:
    """What an explicit call logs to: the run of this id, else the current one, else the one of `trackline run`, else a new one."""
    if run_id is not None:
        return of_run(run_id)
    run = _runs.for_explicit_call()
    if run is None:
        from trackline.fluent.runs import of_command, start_run

        run = of_command() or start_run()
    return run


def of_run(run_id: str) -> RunLog:
    """Logging to a run that must be there."""
    return _runs.log_of(_tracker.get(), run_id)


class RunOperations:
    """What `synchronous=False` gives: everything is kept already, and `wait` waits for the store."""

    def wait(self) -> None:
        """Waits until everything logged so far is in the store."""
        _tracker.flush()


def operations(synchronous: bool | None) -> RunOperations | None:
    """The return value of a logging call."""
    return None if synchronous is None or synchronous else RunOperations()
