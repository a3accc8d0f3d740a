"""Logging from a worker process to a run that another process made."""

from __future__ import annotations

import os
from typing import Any

from trackline._log import RunLog

# By process, since a fork must not write to the journal of its parent.
_trackers: dict[tuple[int, str], Any] = {}


def log(uri: str, run_id: str, source: str) -> RunLog:
    """The run of this id in that store."""
    from trackline._native import Tracker

    tracker = _trackers.get(key := (os.getpid(), uri))
    if tracker is None:
        tracker = _trackers[key] = Tracker(uri)
    return RunLog(tracker.run(run_id).with_source(source))
