"""Searches whose library runs the trials: the search is a run, each trial a child of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trackline import _observed, _runs
from trackline.integrations._fit import FitRun

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun


def begin(search: FitRun, library: str, number: int) -> ActiveRun:
    """The run of a trial that begins."""
    tags = {"mlflow.autologging": library, f"{library}.trial": str(number)}
    return _runs.start(parent=search.run, run_name=f"trial-{number}", tags=tags, managed=True)


def found(search: FitRun, library: str, number: int, settings: Mapping[str, Any]) -> None:
    """Says in the run of the search which trial is the best one."""
    _observed.params(search.run, {f"best_{key}": value for key, value in settings.items()}, source=library)
    search.log.handle.set_tags([(f"{library}.best_trial", str(number))])
