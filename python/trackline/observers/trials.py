"""Searches that are loops around the script's own functions: each turn is a child of the run, with what it tried and what came of it."""

from __future__ import annotations

import math
import os
import time
from typing import Any, NamedTuple

from trackline import _ambient, _at_exit, _observed, _runs
from trackline._guard import guard
from trackline._script import looks, sweep_turn, trials
from trackline._script.place import Moment, Place
from trackline.integrations import _session
from trackline.observers import _shown

SOURCE = "loop"
SETTING = 0.95
MOST = 200
"""So many turns of a loop have runs; one that turns more often is no search."""

_searches: list[_Search] = []


def patch() -> None:
    """Looks at searches from now on."""
    looks.add(Moment.TRIED, _search)
    _at_exit.add(_tell_best, SOURCE)


def unpatch() -> None:
    """Looks at nothing more."""
    looks.remove(Moment.TRIED, _search)
    _at_exit.remove(_tell_best)
    _searches.clear()


def _search(place: Place) -> _Search:
    search = _Search(place)
    _searches.append(search)
    _shown.are_tried(name for name in place.variables if not trials.is_result(name))
    return search


class _Turn(NamedTuple):
    began: int
    settings: dict[str, Any]
    results: dict[str, float]


class _Search:
    """One such loop. It is a search from its second turn on."""

    def __init__(self, place: Place) -> None:
        self._names = place.variables
        self._body = place.block
        self._process = os.getpid()
        self._began: int | None = None
        self._turns: list[_Turn] = []

    def see(self, _counter: object, *variables: object) -> bool:
        """A turn ends."""
        with guard(SOURCE):
            if _session.inside() or _ambient.has_fitted() or os.getpid() != self._process:
                return False
            turn = self._seen(variables)
            if turn is None:
                return False
            self._turns.append(turn)
            for each in self._turns if len(self._turns) == 2 else self._turns[2:][-1:]:
                _record(each)
        return len(self._turns) < MOST

    def _seen(self, variables: tuple[object, ...]) -> _Turn | None:
        held = dict(zip(self._names, variables, strict=True))
        results = {name: float(value) for name, value in held.items() if trials.is_result(name) and _shown.is_real(value)}
        tried = [(name, value) for name, value in held.items() if not trials.is_result(name)]
        settings = dict(pair for name, value in tried for pair in sweep_turn.settings_of(name, value))
        ended = _now()
        began, self._began = self._began or ended, ended
        # What goes over texts or rows goes over data.
        is_search = results and any(_shown.is_real(value) or type(value) is int for value in settings.values())
        return _Turn(began, settings, results) if is_search else None

    def tell_best(self) -> None:
        """Says in the run of the search what was best in it, if the loop says which that is."""
        for name in self._turns[0].results if len(self._turns) > 1 else ():
            more = trials.more_is_better(self._body, name)
            run = _ambient.run()
            if more is not None and run is not None:
                of_these = [turn for turn in self._turns if not math.isnan(turn.results.get(name, math.nan))]
                best = (max if more else min)(of_these, key=lambda turn: turn.results[name], default=None)
                if best is None:
                    continue
                _observed.params(run, {f"best_{key}": value for key, value in best.settings.items()}, source=SOURCE, confidence=SETTING)
                return


def _tell_best() -> None:
    for search in _searches:
        search.tell_best()


def _record(turn: _Turn) -> None:
    around = _ambient.run(start=True)
    name = ", ".join(f"{key}={value!s:.40}" for key, value in turn.settings.items())[:250]
    tags = {_ambient.AUTOLOGGING: "trackline"}
    run = _runs.start(parent=around, run_name=name, tags=tags, start_time=turn.began, managed=True)
    _observed.params(run, turn.settings, source=SOURCE, confidence=SETTING)
    for key, value in turn.results.items():
        _observed.metric(run, key, value, source=SOURCE, confidence=0.9)
    run.end()


def _now() -> int:
    return int(time.time() * 1000)
