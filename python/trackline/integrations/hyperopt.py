"""Hyperopt: a search by `fmin` is a run, each trial a child of it that lives as long as the objective runs."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from trackline import _config, _ending, _observed, _patch, _runs
from trackline._patch import Call, Outcome
from trackline._script import sweep_turn
from trackline.integrations import _fit, _trials

SOURCE = "hyperopt"

CHOSEN = ("algo", "max_evals", "timeout", "loss_threshold")
"""What says how `fmin` searches."""

_patches = _patch.Patches()
unpatch = _patches.undo


class Search:
    """The run of a search."""

    def __init__(self, fit: _fit.FitRun) -> None:
        self.fit = fit
        self.trial: Trial | None = None
        """The one whose objective runs."""
        self.best: tuple[float, int, dict[str, Any]] | None = None

    def ended(self, trial: Trial, result: Mapping[str, Any]) -> None:
        """What a trial came to, in its own run and as points of the curves of the search."""
        numbers = {key: value for key, value in result.items() if _is_number(value)}
        for key, value in numbers.items():
            _observed.metric(trial.run, str(key), value, source=SOURCE)
        trial.run.handle.with_source(SOURCE).set_tags([("hyperopt.status", str(result["status"]))])
        loss = numbers.get("loss")
        if loss is None or result["status"] != "ok":
            return
        if self.best is None or loss < self.best[0]:
            self.best = loss, trial.number, trial.settings
        for key, value in (("loss", loss), ("best_loss", self.best[0])):
            _observed.metric(self.fit.run, key, value, trial.number, source=SOURCE)

    def summarize(self) -> None:
        """The best trial, once the search is over."""
        if self.best is not None:
            _, number, settings = self.best
            _trials.found(self.fit, SOURCE, number, settings)


class Trial:
    """One point of the space that is tried out."""

    def __init__(self, search: Search, document: Mapping[str, Any]) -> None:
        self.number = int(document["tid"])
        self.drawn = {name: drawn[0] for name, drawn in document["misc"]["vals"].items() if len(drawn)}
        self.settings: dict[str, Any] = {}
        self.run = _trials.begin(search.fit, SOURCE, self.number)

    def given(self, point: Any) -> None:
        """What the objective is called with: in a space that is no dict, the values by their labels."""
        if not self.settings:
            self.settings = dict(sweep_turn.settings_of("", point if isinstance(point, dict) else self.drawn))
            _observed.params(self.run, self.settings, source=SOURCE)


_search: ContextVar[Search | None] = ContextVar("trackline_hyperopt_search", default=None)


def patch() -> None:
    """Records searches from now on. Imports nothing."""
    _patches.on_import("hyperopt", _patch_module)


def _patch_module(hyperopt: ModuleType) -> None:
    _patches.wrap_functions([hyperopt.fmin], minimize)
    _patches.wrap_functions([hyperopt.pyll.rec_eval], point)
    _patches.wrap(hyperopt.base.Domain, "evaluate", evaluate)


def minimize(call: Call) -> Generator[None, Outcome, None]:
    """`fmin`: the whole search. With `Trials` it calls itself once more."""
    begun = _trials.search(call, "hyperopt", SOURCE, _config.of(SOURCE), CHOSEN, _plain) if _search.get() is None else None
    if begun is None:
        yield
        return
    fit, _ = begun
    with fit:
        search = Search(fit)
        token = _search.set(search)
        outcome = yield
        _search.reset(token)
        fit.failed(outcome)
        search.summarize()


def evaluate(call: Call) -> Generator[None, Outcome, None]:
    """`Domain.evaluate`: one trial, whose run is the current one of the objective."""
    search = _search.get()
    control = call.args[2] if len(call.args) > 2 else call.kwargs.get("ctrl")
    if search is None or control is None:
        yield
        return
    trial = search.trial = Trial(search, control.current_trial)
    with _runs.use(trial.run):
        outcome = yield
    search.trial = None
    if outcome.error is None:
        search.ended(trial, outcome.value)
    trial.run.end(_ending.of(outcome.error))


def point(_call: Call) -> Generator[None, Outcome, None]:
    """`rec_eval`, which makes a point of the space: the first one of a trial is that of its objective."""
    outcome = yield
    search = _search.get()
    if search is not None and search.trial is not None and outcome.error is None:
        search.trial.given(outcome.value)


def _plain(value: Any) -> Any:
    """Algorithms are all called `suggest`, in a module of their own: `tpe.suggest`."""
    named = getattr(value, "func", value)
    return f"{named.__module__.rpartition('.')[2]}.{named.__name__}" if callable(named) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
