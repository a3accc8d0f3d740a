"""Fits inside a fit that is being recorded: they make no run, but their curves are kept in that of the outer fit."""

from __future__ import annotations

from trackline._log import RunLog
from trackline.integrations import _session
from trackline.integrations._boosting import Boosting


class Inner:
    """The subject of the session of an outer fit."""

    def __init__(self, log: RunLog) -> None:
        self.log = log
        self.count = 0


def boosting() -> Boosting | None:
    """Where a training logs that is a part of a recorded fit: its curve, and nothing else. The second one of a fit
    has its number in its keys. None for trainings that are not, or are one of many in parallel."""
    outer = _session.subject()
    if not isinstance(outer, Inner):
        return None
    outer.count += 1
    return Boosting(outer.log, "" if outer.count == 1 else f"fit{outer.count}_", is_inner=True)
