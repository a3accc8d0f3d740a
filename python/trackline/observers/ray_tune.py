"""Ray Tune: a search is a run, each trial a child of it, as the process that searches sees them: what a trial reports is its curve.
What trials do in processes of their own is not looked at from here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from trackline import _config, _ending, _observed
from trackline._patch import Call, Outcome, Patches
from trackline._script import sweep_turn
from trackline.integrations import _fit, _session, _trials

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

SOURCE = "ray.tune"
FLAVOR = "ray"

CHOSEN = ("num_samples", "metric", "mode", "scheduler", "search_alg", "time_budget_s", "max_concurrent_trials")
"""What says how a search is run."""

_patches = Patches()
unpatch = _patches.undo


class Search:
    """The run of a search."""

    def __init__(self, fit: _fit.FitRun, metric: str | None, mode: str | None) -> None:
        self.fit = fit
        self.metric = metric
        self.sign = -1 if mode == "max" else 1
        self.trials: dict[str, Trial] = {}

    def begun(self, trial: Any, number: int) -> None:
        """A trial starts; one that was paused or failed goes on in its run."""
        known = self.trials.get(trial.trial_id)
        if known is None or not known.run.is_open:
            self.trials[trial.trial_id] = Trial(self.fit, trial, number)

    def reported(self, trial: Any, result: Mapping[str, Any]) -> None:
        """What a trial reports, by the number of its report."""
        known = self.trials.get(trial.trial_id)
        if known is not None:
            known.report(result)

    def ended(self, trial: Any, ending: _ending.Ending) -> None:
        """A trial is over; what it came to is a point of the curve of the search."""
        known = self.trials.get(trial.trial_id)
        if known is None or not known.run.is_open:
            return
        known.run.end(ending)
        if self.metric is not None and self.metric in known.latest:
            _observed.metric(self.fit.run, self.metric, known.latest[self.metric], known.number, source=SOURCE)

    def summarize(self, ending: _ending.Ending) -> None:
        """The best trial, once the search is over."""
        for trial in self.trials.values():
            if trial.run.is_open:
                trial.run.end(ending)
        metric = self.metric
        done = [trial for trial in self.trials.values() if metric is not None and metric in trial.latest]
        if done and metric is not None:
            best = min(done, key=lambda trial: self.sign * trial.latest[metric])
            _observed.metric(self.fit.run, f"best_{metric}", best.latest[metric], source=SOURCE)
            _trials.found(self.fit, FLAVOR, best.number, best.settings)


class Trial:
    """One configuration that is tried out."""

    def __init__(self, fit: _fit.FitRun, trial: Any, number: int) -> None:
        self.number = number
        self.settings = dict(sweep_turn.settings_of("", trial.config))
        self.latest: dict[str, float] = {}
        self.run: ActiveRun = _trials.begin(fit, FLAVOR, number)
        _observed.params(self.run, self.settings, source=SOURCE)

    def report(self, result: Mapping[str, Any]) -> None:
        """Logs its numbers, without what Ray adds to them."""
        tune = sys.modules["ray.tune"]
        theirs = {*tune.result.AUTO_RESULT_KEYS, "config"}
        own = {key: value for key, value in result.items() if key not in theirs and not key.startswith("_")}
        flat = tune.utils.flatten_dict(own, delimiter="/")
        numbers = {key: float(value) for key, value in flat.items() if _is_number(value)}
        self.latest |= numbers
        for key, value in numbers.items():
            _observed.metric(self.run, key, value, int(result.get("training_iteration", 0)), source=SOURCE)


_search: ContextVar[Search | None] = ContextVar("trackline_ray_search", default=None)


def patch() -> None:
    """Records searches from now on. Imports nothing."""
    _patches.on_import("ray.tune.tune", lambda tune: _patches.wrap_functions([tune.run], search))
    _patches.on_import("ray.tune.callback", _watch_trials)


def _watch_trials(module: Any) -> None:
    # Ray tells all callbacks through this list, also if there are none.
    told = module.CallbackList
    _patches.wrap(told, "on_trial_start", _on(lambda search, info: search.begun(info["trial"], info["trials"].index(info["trial"]))))
    _patches.wrap(told, "on_trial_result", _on(lambda search, info: search.reported(info["trial"], info["result"])))
    _patches.wrap(told, "on_trial_complete", _on(lambda search, info: search.ended(info["trial"], _ending.Ending())))
    _patches.wrap(told, "on_trial_error", _on(lambda search, info: search.ended(info["trial"], _ending.Ending("FAILED"))))


def _on(then: Callable[[Search, Mapping[str, Any]], None]) -> Callable[[Call], Generator[None, Outcome, None]]:
    def told(call: Call) -> Generator[None, Outcome, None]:
        yield
        if (under_way := _search.get()) is not None:
            then(under_way, call.kwargs)

    return told


def search(call: Call) -> Generator[None, Outcome, None]:
    """`tune.run`, which `Tuner.fit` calls: the whole search."""
    begun = _trials.search(call, FLAVOR, SOURCE, _config.of("ray_tune"), CHOSEN, _plain) if _search.get() is None else None
    if begun is None:
        yield
        return
    fit, given = begun
    with fit:
        under_way = Search(fit, given.get("metric"), given.get("mode"))
        token = _search.set(under_way)
        with _session.recording():  # Ray's own loggers write in this thread.
            outcome = yield
        _search.reset(token)
        fit.failed(outcome)
        under_way.summarize(_ending.of(outcome.error))


def _plain(value: Any) -> Any:
    """Schedulers and algorithms by their class."""
    return value if value is None or isinstance(value, str | int | float) else type(value).__name__


def _is_number(value: Any) -> bool:
    return hasattr(value, "__float__") and not isinstance(value, bool | str) and getattr(value, "ndim", 0) == 0
