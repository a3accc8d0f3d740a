"""Optuna: a study is a run, each trial a child of it that lives as long as the trial, by `optimize` or by `ask` and `tell`."""

from __future__ import annotations

import inspect
import sys
import weakref
from collections.abc import Generator
from contextlib import ExitStack
from contextvars import ContextVar
from types import ModuleType
from typing import TYPE_CHECKING, Any

from trackline import _config, _observed, _patch, _runs
from trackline._ending import Ending
from trackline._patch import Call, Outcome
from trackline.integrations import _fit, _trials

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

SOURCE = "optuna"

_patches = _patch.Patches()
# The block of the trial that this thread runs: `ask` comes before the objective, in the same function of Optuna.
_trial: ContextVar[ExitStack | None] = ContextVar("trackline_optuna_trial", default=None)


class Search:
    """The run of a study, with the runs of its open trials."""

    def __init__(self, study: Any, fit: _fit.FitRun) -> None:
        self.fit = fit
        self.directions = [direction.name.lower() for direction in study.directions]
        self.trials: dict[int, ActiveRun] = {}
        self.best: float | None = None
        direction = ",".join(self.directions)
        fit.log.handle.set_tags([("optuna.study_name", study.study_name), ("optuna.direction", direction)])
        names = {"direction": direction, "sampler": type(study.sampler).__name__, "pruner": type(study.pruner).__name__}
        _observed.params(fit.run, names, source=SOURCE)

    def begin(self, trial: Any) -> ActiveRun:
        """The child of a trial that begins."""
        run = self.trials[trial._trial_id] = _trials.begin(self.fit, SOURCE, trial.number)
        return run

    def end(self, trial_id: int, number: int, state: str, values: list[float] | None) -> None:
        """What a trial came to, in its own run and as a point of the study's curves."""
        run = self.trials.pop(trial_id, None)
        keys = ["value"] if len(self.directions) == 1 else [f"value_{at}" for at in range(len(self.directions))]
        for key, value in zip(keys, values or (), strict=False):
            for into, step in ((run, 0), (self.fit.run, number)):
                if into is not None:
                    _observed.metric(into, key, value, step, source=SOURCE)
        if values and state == "COMPLETE" and len(self.directions) == 1:
            better = min if self.directions[0] == "minimize" else max
            self.best = values[0] if self.best is None else better(self.best, values[0])
            _observed.metric(self.fit.run, "best_value", self.best, number, source=SOURCE)
        if run is not None:
            run.handle.with_source(SOURCE).set_tags([("optuna.state", state)])
            run.end(Ending("FAILED") if state == "FAIL" else Ending())

    def summarize(self, study: Any) -> None:
        """The best trial, once the search is over."""
        if self.best is not None:
            best = study.best_trial
            _trials.found(self.fit, SOURCE, best.number, best.params)


_searches: weakref.WeakKeyDictionary[Any, Search] = weakref.WeakKeyDictionary()


def patch() -> None:
    """Records studies from now on. Imports nothing."""
    _patches.on_import("optuna", _patch_module)


def unpatch() -> None:
    """Leaves studies alone again."""
    _patches.undo()
    _searches.clear()


def _patch_module(optuna: ModuleType) -> None:
    _patches.wrap(optuna.study.Study, "optimize", optimize)
    _patches.wrap(optuna.study.Study, "ask", ask)
    _patches.wrap(optuna.trial.Trial, "_suggest", suggest)
    _patches.wrap(optuna.trial.Trial, "report", report)
    _patches.wrap(optuna.trial.Trial, "set_user_attr", user_attribute)
    running, telling = sys.modules["optuna.study._optimize"], sys.modules["optuna.study._tell"]
    _patches.wrap_functions([running._run_trial], one_trial)
    _patches.wrap_functions([telling._tell_with_warning], tell)


def optimize(call: Call) -> Generator[None, Outcome, None]:
    """`Study.optimize`: the whole search."""
    study = call.args[0]
    config = _config.of(SOURCE)
    fit = None if config is None else _fit.begin("optuna", SOURCE, config)
    if fit is None:
        yield
        return
    with fit:
        search = _searches[study] = Search(study, fit)
        given = inspect.signature(call.original).bind(*call.args, **call.kwargs).arguments
        _observed.params(fit.run, {key: given.get(key) for key in ("n_trials", "timeout")}, source=SOURCE)
        outcome = yield
        fit.failed(outcome)
        search.summarize(study)


def one_trial(_call: Call) -> Generator[None, Outcome, None]:
    """A trial of `optimize`: its run is the current one of the objective."""
    with ExitStack() as block:
        token = _trial.set(block)
        yield
        _trial.reset(token)


def ask(call: Call) -> Generator[None, Outcome, None]:
    """A trial begins."""
    outcome = yield
    search = _search(call.args[0])
    if outcome.error is not None or search is None:
        return
    run = search.begin(outcome.value)
    if (block := _trial.get()) is not None:
        block.enter_context(_runs.use(run))
    # Those that `ask(distributions)` or the sampler have set already.
    _observed.params(run, outcome.value.params, source=SOURCE)


def _search(study: Any) -> Search | None:
    """That of `optimize`; with `ask` alone one begins with the first trial and ends with the program."""
    found = _searches.get(study)
    config = _config.of(SOURCE)
    if found is None and config is not None and (fit := _fit.begin("optuna", SOURCE, config)) is not None:
        found = _searches[study] = Search(study, fit)
    return found


def suggest(call: Call) -> Generator[None, Outcome, None]:
    """`suggest_float` and the like: a parameter is known."""
    outcome = yield
    run = _run_of(call.args[0])
    if run is not None and outcome.error is None:
        name = call.args[1] if len(call.args) > 1 else call.kwargs["name"]
        _observed.params(run, {name: outcome.value}, source=SOURCE)


def report(call: Call) -> Generator[None, Outcome, None]:
    """An intermediate value."""
    outcome = yield
    run = _run_of(call.args[0])
    if run is not None and outcome.error is None:
        given = dict(zip(("value", "step"), call.args[1:], strict=False)) | call.kwargs
        _observed.metric(run, "intermediate_value", given["value"], int(given["step"]), source=SOURCE)


def user_attribute(call: Call) -> Generator[None, Outcome, None]:
    """What the objective notes of the trial: a number is a metric, anything else a tag."""
    outcome = yield
    run = _run_of(call.args[0])
    if run is None or outcome.error is not None:
        return
    given = dict(zip(("key", "value"), call.args[1:], strict=False)) | call.kwargs
    if isinstance(given["value"], (int, float)) and not isinstance(given["value"], bool):
        _observed.metric(run, given["key"], given["value"], source=SOURCE)
    else:
        run.handle.with_source(SOURCE).set_tags([(f"optuna.{given['key']}", str(given["value"]))])


def tell(call: Call) -> Generator[None, Outcome, None]:
    """A trial ends."""
    outcome = yield
    given = dict(zip(("study", "trial"), call.args, strict=False)) | call.kwargs
    search = _searches.get(given["study"])
    if search is None:
        return
    trial = given["trial"]
    number = trial if isinstance(trial, int) else trial.number
    trial_id = given["study"]._storage.get_trial_id_from_study_id_trial_number(given["study"]._study_id, number)
    state, values = ("FAIL", None) if outcome.error is not None else (outcome.value[0].name, outcome.value[1])
    search.end(trial_id, number, state, values)
    if search.fit.run.is_open and _trial.get() is None:
        search.summarize(given["study"])


def _run_of(trial: Any) -> ActiveRun | None:
    search = _searches.get(trial.study)
    return None if search is None else search.trials.get(trial._trial_id)
