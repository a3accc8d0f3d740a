"""Searches that the user writes as a loop: the loop is a run, each fit in it a child with the settings of its turn."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Any

from trackline import _at_exit, _observed, _runs, _switches
from trackline._guard import guard
from trackline._native import thread_number
from trackline._script import sweep_turn
from trackline._script.sweep_turn import Turn

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

SOURCE = "loop"
SETTING = 0.95
"""How sure a loop's variable is: what the framework tells under the same key counts more."""
ARGUMENT = 0.9
PLACES = ("i", "j", "idx", "index", "x")
"""Names of loop variables that say only which turn it is: what they are used for has a name of its own."""

PARENT = "mlflow.parentRunId"
NAME = "mlflow.runName"


class Sweep:
    """One loop while it runs. Without a run around it, its own begins when a place in it fits for the second time; what was
    fitted until then becomes a child of it."""

    def __init__(self, turn: Turn, around: ActiveRun | None) -> None:
        self.execution = turn.execution
        self.around = around
        self.own: ActiveRun | None = None
        self._began = int(time.time() * 1000)
        self._sites: set[tuple[Any, ...]] = set()
        self._waiting: list[tuple[ActiveRun, str]] = []
        self._folds: Counter[str] = Counter()
        self._of_folds: dict[str, dict[str, dict[str, float]]] = {}

    @property
    def is_open(self) -> bool:
        """Whether a turn can be added."""
        return all(run is None or run.is_open for run in (self.around, self.own))

    def begin(self, turn: Turn, tags: dict[str, str]) -> ActiveRun:
        """The run of a fit in this turn."""
        settings = self._numbered(turn)
        name = ", ".join(f"{key}={value!s:.40}" for key, value in settings.items())[:250]
        if self.around is None and self.own is None and turn.site in self._sites:
            self._adopt(tags)
        self._sites.add(turn.site)
        parent = self.around or self.own
        run = _runs.start(parent=parent, run_name=name if parent else None, tags=tags, managed=True)
        if parent is None:
            self._waiting.append((run, name))
        if turn.beside_folds is not None:
            self._of_folds.setdefault(repr((turn.site, turn.beside_folds)), {})[run.id] = {}
        told = {key: value for key, value in settings.items() if key not in PLACES}
        _observed.params(run, told, source=SOURCE, confidence=SETTING)
        _observed.params(run, turn.arguments, source=f"{SOURCE}.arguments", confidence=ARGUMENT)
        return run

    def close(self) -> None:
        """The loop is over."""
        with guard(SOURCE):
            self._average()
        if self.own is not None:
            self.own.end()

    def add_scores(self, run_id: str, scores: Mapping[str, float]) -> None:
        """Notes the scores of a fold."""
        for runs in self._of_folds.values():
            if run_id in runs:
                runs[run_id].update(scores)

    def _average(self) -> None:
        """Where all fits were folds of one cross-validation, the mean and the deviation of their scores are its result."""
        parent, groups = self.around or self.own, [list(runs.values()) for runs in self._of_folds.values()]
        if parent is None or len(groups) != 1 or len(groups[0]) < 2:
            return
        (folds,) = groups
        for key in folds[0]:
            values = [scores[key] for scores in folds if key in scores]
            if len(values) == len(folds):
                _observed.metric(parent, f"mean_{key}", fmean(values), source=SOURCE)
                _observed.metric(parent, f"std_{key}", pstdev(values), source=SOURCE)

    def _adopt(self, tags: dict[str, str]) -> None:
        self.own = _runs.start(tags=tags, start_time=self._began, managed=True)
        for run, name in self._waiting:
            run.handle.set_tags([(PARENT, self.own.id), *([(NAME, name)] if name else [])])
        self._waiting.clear()

    def _numbered(self, turn: Turn) -> dict[str, Any]:
        if not turn.is_split:
            numbered = turn.beside_folds is not None
            return {"fold" if numbered and key in PLACES else key: value for key, value in turn.settings.items()}
        others = repr((turn.site, turn.settings))
        self._folds[others] += 1
        return {**turn.settings, "fold": self._folds[others] - 1}


_open: dict[int, Sweep] = {}
"""By thread: which loop it is in."""


def _close_all() -> None:
    """A loop that nothing was fitted after is over, too."""
    while _open:
        _open.popitem()[1].close()


_at_exit.add(_close_all, SOURCE)


def scored(run_id: str, scores: Mapping[str, float]) -> None:
    """Scores that were computed after a fit, for what the loop that the fit was in comes to."""
    sweep = _open.get(thread_number())
    if sweep is not None:
        sweep.add_scores(run_id, scores)


def begin(around: ActiveRun | None, tags: dict[str, str], of: object = None) -> ActiveRun | None:
    """The run of a fit that is in a loop, begun after the run `around` was; None if there is no such loop. Loops that train
    `of` step by step are none."""
    return begin_in(turn_in(around, of), around, tags)


def turn_in(around: ActiveRun | None, of: object = None) -> Turn | None:
    """The turn that the caller is in of loops that began after the run `around` did."""
    if not _switches.on("sweeps"):
        return None
    if around is None:  # The workers of a pool cannot tell each other of a run of their own.
        return sweep_turn.turn((), of)
    return sweep_turn.turn(around.trail, of) or sweep_turn.mapped(around.trail)


def begin_in(turn: Turn | None, around: ActiveRun | None, tags: dict[str, str]) -> ActiveRun | None:
    """`begin` for a turn that is known. Another loop of this thread is over with it."""
    sweep = _open.get(thread_number())
    if sweep is not None and not (turn is not None and sweep.execution == turn.execution and sweep.is_open):
        del _open[thread_number()]
        sweep.close()
        sweep = None
    if turn is None:
        return None
    if sweep is None:
        sweep = _open[thread_number()] = Sweep(turn, around)
    return sweep.begin(turn, tags)


def log_settings(run: ActiveRun, of: object = None) -> None:
    """The settings of the loops that the caller is in, and what tells its calls apart, as params of a run that is there anyway."""
    if not _switches.on("sweeps"):
        return
    if settings := sweep_turn.settings(of):
        _observed.params(run, settings, source=SOURCE, confidence=SETTING)
    if given := sweep_turn.given():
        _observed.params(run, given, source="call.arguments", confidence=ARGUMENT)
