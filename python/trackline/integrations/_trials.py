"""Searches whose library runs the trials: the search is a run, each trial a child of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from trackline import _observed, _runs
from trackline._guard import guard
from trackline._patch import Call
from trackline.integrations import _fit, _session
from trackline.integrations._fit import FitRun

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun
    from trackline._config import Config


def search(
    call: Call, library: str, source: str, config: Config | None, chosen: Collection[str], plain: Callable[[Any], Any]
) -> tuple[FitRun, dict[str, Any]] | None:
    """The run of a search that a function of the library is called for, and what it is called with, of which `chosen` are
    params as `plain` gives them; none within a fit."""
    fit = None if config is None or _session.inside() else _fit.begin(library, source, config)
    if fit is None:
        return None
    given: dict[str, Any] = {}
    with guard(source):
        given = dict(inspect.signature(call.original).bind(*call.args, **call.kwargs).arguments)
        _observed.params(fit.run, {name: plain(given.get(name)) for name in chosen}, source=source)
    return fit, given


def begin(search: FitRun, library: str, number: int) -> ActiveRun:
    """The run of a trial that begins."""
    tags = {"mlflow.autologging": library, f"{library}.trial": str(number)}
    return _runs.start(parent=search.run, run_name=f"trial-{number}", tags=tags, managed=True)


def found(search: FitRun, library: str, number: int, settings: Mapping[str, Any]) -> None:
    """Says in the run of the search which trial is the best one."""
    _observed.params(search.run, {f"best_{key}": value for key, value in settings.items()}, source=library)
    search.log.handle.set_tags([(f"{library}.best_trial", str(number))])
