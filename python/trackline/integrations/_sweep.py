"""Searches that the user writes as a loop: the loop is a run, each fit in it a child with the settings of its turn."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from trackline import _observed, _runs, _switches
from trackline._native import thread_number
from trackline._script import sweep_turn
from trackline._script.sweep_turn import Turn

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

SOURCE = "loop"
SETTING = 0.95
"""How sure a loop's variable is: what the framework tells under the same key counts more."""
ARGUMENT = 0.9

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
        _observed.params(run, settings, source=SOURCE, confidence=SETTING)
        _observed.params(run, turn.arguments, source=f"{SOURCE}.arguments", confidence=ARGUMENT)
        return run

    def close(self) -> None:
        """The loop is over."""
        if self.own is not None:
            self.own.end()

    def _adopt(self, tags: dict[str, str]) -> None:
        self.own = _runs.start(tags=tags, start_time=self._began, managed=True)
        for run, name in self._waiting:
            run.handle.set_tags([(PARENT, self.own.id), *([(NAME, name)] if name else [])])
        self._waiting.clear()

    def _numbered(self, turn: Turn) -> dict[str, Any]:
        if not turn.is_split:
            return turn.settings
        others = repr((turn.site, turn.settings))
        self._folds[others] += 1
        return {**turn.settings, "fold": self._folds[others] - 1}


_open: dict[int, Sweep] = {}
"""By thread: which loop it is in."""


def begin(around: ActiveRun | None, tags: dict[str, str]) -> ActiveRun | None:
    """The run of a fit that is in a loop, begun after the run `around` was; None if there is no such loop."""
    return begin_in(turn_in(around), around, tags)


def turn_in(around: ActiveRun | None) -> Turn | None:
    """The turn that the caller is in of loops that began after the run `around` did."""
    return sweep_turn.turn(() if around is None else around.trail) if _switches.on("sweeps") else None


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


def log_settings(run: ActiveRun) -> None:
    """The settings of the loops that the caller is in as params of a run that is there anyway."""
    if _switches.on("sweeps") and (settings := sweep_turn.settings()):
        _observed.params(run, settings, source=SOURCE, confidence=SETTING)
