"""The door to the store that this process logs to, and the user's choice of it."""

from __future__ import annotations

import atexit
import os
import sys
import time
from typing import TYPE_CHECKING

from trackline import _ending
from trackline._native import Tracker, mode
from trackline.exceptions import TracklineException

if TYPE_CHECKING:
    from pathlib import Path

    from trackline._native import Store

EXIT_BOUND_SECONDS = 30.0
"""How long the end of a program waits for the store, unless `TRACKLINE_EXIT_TIMEOUT` says otherwise; what is left then stays
in the journal."""

FULL, LATE = "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"
"""Kinds of trouble."""

_uri: str | None = None
_by_uri: dict[str | None, Tracker] = {}
_by_folder: dict[str, Tracker] = {}
_told: set[str] = set()


def get(uri: str | None = None) -> Tracker:
    """The tracker of the store at `uri`, or of the chosen one; opened at the first call."""
    place = uri or _uri or from_environment()
    tracker = _by_uri.get(place)
    if tracker is None:
        opened = Tracker(place)
        # A store has one tracker, whatever it was called by: only its own reads wait for what it has logged.
        tracker = _by_uri[place] = _by_folder.setdefault(opened.folder, opened)
    return tracker


def store() -> Store:
    """The chosen store, holding everything that was logged before this call."""
    return get().store()


def set_tracking_uri(uri: str | Path) -> None:
    """Chooses a store by its path or `file:` URI, or a server by its address; runs that are open go on where they are."""
    global _uri
    chosen = os.fspath(uri) or None
    get(chosen)
    _uri = chosen


def get_tracking_uri() -> str:
    """What was chosen, else the environment's choice, else the folder that was found."""
    return _uri or from_environment() or get().folder


def set_registry_uri(uri: str) -> None:
    """Accepted for MLflow's sake: models are registered where their runs are, which another place than that is told of once."""
    if uri not in (_uri, from_environment()):
        tell("INVALID_PARAMETER_VALUE", f"models are registered in {get_tracking_uri()}, with their runs, not in {uri}")


def get_registry_uri() -> str:
    """Where models are registered: where runs are logged."""
    return get_tracking_uri()


def from_environment() -> str | None:
    """The store that the environment chooses."""
    return os.environ.get("TRACKLINE_URI") or os.environ.get("MLFLOW_TRACKING_URI") or None


def is_tracking_uri_set() -> bool:
    """Whether the store was chosen, by a call or by the environment."""
    return bool(_uri or from_environment())


def asks_nobody() -> bool:
    """Whether nothing is read: nothing is recorded, or the server is not to be asked."""
    return mode() == "off" or (mode() == "offline" and get().uri.startswith("http"))


def flush(timeout: float | None = None) -> None:
    """Waits until everything logged so far is in the store or on the server, `timeout` seconds at most; without one, until
    a server was tried a few times in vain. Ctrl-C ends the wait. What is left then is told in the error and kept."""
    end = None if timeout is None else time.monotonic() + timeout
    for tracker in list(_by_folder.values()):
        tracker.flush(None if end is None else max(0.0, end - time.monotonic()))


def settle(timeout: float) -> None:
    """Waits until what is made in the background outlives this process: `timeout` seconds at most for each store."""
    for tracker in list(_by_folder.values()):
        tracker.settle(timeout)


def tell_problem(tracker: Tracker) -> None:
    """Tells trouble with the store; the program goes on."""
    problem = tracker.take_problem()
    if problem is not None:
        tell(*problem)


def tell(error_code: str, message: str) -> None:
    """Tells the user of trouble in one line, once per kind. That the end waited in vain is no news after a full disk."""
    if error_code not in _told and not (error_code == LATE and FULL in _told):
        import logging

        _told.add(error_code)
        logging.getLogger("trackline").warning("trackline: %s", message)


def _exit_bound() -> float:
    try:
        return max(0.0, float(os.environ["TRACKLINE_EXIT_TIMEOUT"]))
    except (KeyError, ValueError):
        return EXIT_BOUND_SECONDS


def _at_exit() -> None:
    error = _ending.of_program()
    ending = _ending.of(error)
    # Nothing is imported here: Python would forget that Ctrl-C ended the program.
    if error is None and (left := sys.modules.get("trackline._sys_exit")) is not None:
        ending = left.ending() or ending
    joined = sys.modules.get("trackline._joined")
    if joined is not None:
        joined.leave()
        if ending.exit is not None:
            joined.tell(joined.FAILED, ending)
    bound = _exit_bound()
    if (code := sys.modules.get("trackline._code")) is not None:
        code.end_all()
    for tracker in list(_by_folder.values()):
        try:
            if isinstance(error, KeyboardInterrupt):
                # Python ends with the signal itself, not with an exit code.
                tracker.shutdown(ending.status, bound, ending.exit, ending.traceback)
            else:
                tracker.end_at_exit(bound, ending.exit, ending.traceback)
        except TracklineException as trouble:
            tell(trouble.error_code, trouble.message)
        except KeyboardInterrupt:
            # The program has ended already; it is only our wait that the user is tired of.
            tell(LATE, f"what was not sent yet is kept in {tracker.folder}: `trackline sync` brings it in")
        else:
            tell_problem(tracker)
    if (summary := sys.modules.get("trackline._summary")) is not None:
        summary.tell()


atexit.register(_at_exit)
