"""Searches that are loops around the script's own functions: each turn is a child of the run, with what it tried and what came of it."""

from __future__ import annotations

import itertools
import math
import os
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from trackline import _ambient, _at_exit, _observed, _runs
from trackline._guard import guard
from trackline._native import thread_number
from trackline._script import best, looks, sweep_turn, trials
from trackline._script.place import Moment, Place, Value
from trackline.integrations import _session
from trackline.observers import _shown

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

SOURCE = "loop"
SETTING = 0.95
MOST = 200
"""So many turns of a loop have runs; one that turns more often is no search."""

_searches: dict[int, _Search] = {}
"""By the block of the loop that each is."""


def patch() -> None:
    """Looks at searches from now on."""
    looks.add(Moment.TRYING, _Begins)
    looks.add(Moment.TRIED, _Ends)
    _at_exit.add(_tell_best, SOURCE)


def unpatch() -> None:
    """Looks at nothing more."""
    looks.remove(Moment.TRYING, _Begins)
    looks.remove(Moment.TRIED, _Ends)
    _at_exit.remove(_tell_best)
    _searches.clear()


class _Begins:
    """Looks where a turn hands over what it tries."""

    def __init__(self, place: Place) -> None:
        self._values = place.values
        self._search = _searches.setdefault(id(place.block), _Search(place))

    def see(self, _counter: object, *variables: object) -> bool:
        """A turn begins."""
        with guard(SOURCE):
            return self._search.begins(_texts(_settings(zip(self._values, variables, strict=True))))
        return False


class _Ends:
    """Looks where a turn ends."""

    def __init__(self, place: Place) -> None:
        self._values = place.values
        self._search = _searches.setdefault(id(place.block), _Search(place))
        _shown.are_tried(value.name for value in place.values if value.name and not value.sure)

    def see(self, _counter: object, *variables: object) -> bool:
        """A turn ends."""
        with guard(SOURCE):
            seen = list(zip(self._values, variables, strict=True))
            return self._search.ends(_texts(_settings(seen)), _results(seen) if _is_candidate(seen) else {})
        return False


class _Turn(NamedTuple):
    began: int
    settings: dict[str, str]
    results: dict[str, tuple[str, float]]
    """By the name of the metric, with the variable that holds it."""


class _Going(NamedTuple):
    began: int
    child: ActiveRun | None


class _Search:
    """One such loop. What its first turn comes to shows whether it is one, so that the first child is written when the second begins;
    all others are there while their turns last."""

    def __init__(self, place: Place) -> None:
        self._scope = place.scope
        self._body = place.block
        self._process = os.getpid()
        self._turns: list[_Turn] = []
        """Those that came to their end."""
        self._begun = 0
        self._is_none = False
        self._asked = itertools.count()
        """How often the first turn was to be told of; of several threads one gets the 0."""
        self._going: dict[int, _Going] = {}
        """The turns that are going on, by their threads."""

    def begins(self, settings: dict[str, str]) -> bool:
        """A turn begins. Says whether the next ones matter."""
        self._begun += 1
        _shown.are_tried(settings)
        self._close()  # A turn that was left before its end.
        began, child = _now(), None
        if self._goes_on() and self._turns:
            self._tell_first()
            child = _start(settings, began)
        self._going[thread_number()] = _Going(began, child)
        return self._goes_on()

    def ends(self, settings: dict[str, str], results: dict[str, tuple[str, float]]) -> bool:
        """A turn ends. Says whether the next ones matter."""
        self._is_none = self._is_none or not results
        if self._goes_on():
            began, child = self._going.get(thread_number(), _Going(_now(), None))
            turn = _Turn(began, settings, results)
            self._turns.append(turn)
            if len(self._turns) > 1:
                self._tell_first()
                _record(turn, child or _start(settings, began))
        self._close()
        return self._goes_on()

    def _goes_on(self) -> bool:
        is_of_a_fit = _session.inside() or _ambient.has_fitted()
        return not (self._is_none or is_of_a_fit or os.getpid() != self._process or self._begun > MOST)

    def _tell_first(self) -> None:
        if next(self._asked) == 0:
            first = self._turns[0]
            _record(first, _start(first.settings, first.began))

    def _close(self) -> None:
        going = self._going.pop(thread_number(), None)
        if going is not None and going.child is not None:
            going.child.end()

    def tell_best(self) -> None:
        """Says in the run of the search what was best in it, if the script says which that is."""
        for key, (variable, _) in self._turns[0].results.items() if len(self._turns) > 1 else ():
            more = best.more_is_better(self._scope, self._body, variable, key)
            run = _ambient.run()
            if more is not None and run is not None:
                values = [(turn.results[key][1], turn) for turn in self._turns if key in turn.results]
                found = (max if more else min)([one for one in values if not math.isnan(one[0])], key=lambda one: one[0], default=None)
                if found is not None:
                    settings = {f"best_{name}": value for name, value in found[1].settings.items()}
                    _observed.params(run, settings, source=SOURCE, confidence=SETTING)
                    return


def _settings(seen: Iterable[tuple[Value, object]]) -> dict[str, Any]:
    """What is tried. A model that a turn fits is told by its type; what has no name counts by the entries of a dict only."""
    found: dict[str, Any] = {}
    for value, held in seen:
        if not value.sure:
            found.update({value.name: type(held).__name__} if _is_model(held) else sweep_turn.settings_of(value.name, held))
    found.pop("", None)
    return found


def _texts(settings: dict[str, Any]) -> dict[str, str]:
    """A search outlives what it tries, and keeps nothing of it."""
    return {name: _observed.text(value) for name, value in settings.items()}


def _is_candidate(seen: Iterable[tuple[Value, object]]) -> bool:
    """Whether a turn tries numbers, functions or models: what goes over texts or rows goes over data."""
    tried = [(value, held) for value, held in seen if not value.sure]
    settings = _settings(tried).values()
    return any(_shown.is_real(one) or type(one) is int or callable(one) for one in settings) or any(_is_model(held) for _, held in tried)


def _is_model(held: object) -> bool:
    return any(callable(getattr(type(held), method, None)) for method in trials.FITS)


def _results(seen: Iterable[tuple[Value, object]]) -> dict[str, tuple[str, float]]:
    found: dict[str, tuple[str, float]] = {}
    for value, held in seen:
        if value.sure:
            found.update((key, (value.path[0], one)) for key, one in _measured(value.name, held))
    return found


def _measured(name: str, held: object) -> Iterator[tuple[str, float]]:
    """The number itself, those in a dict that have names of metrics, or the last thing that was put into a collection."""
    if _shown.is_real(held):
        yield name, float(held)
    elif type(held) is list and held:
        yield from _measured(name, held[-1]) if type(held[-1]) is not list else ()
    elif type(held) is dict and held:
        named = {key: one for key, one in held.items() if isinstance(key, str) and trials.is_result(key) and _shown.is_real(one)}
        last = next(reversed(held.values()))
        if named:
            yield from ((key, float(one)) for key, one in named.items())
        elif type(last) is not dict or any(isinstance(key, str) for key in last):
            yield from _measured(name, last) if last is not held else ()


def _tell_best() -> None:
    for search in _searches.values():
        search.tell_best()


def _record(turn: _Turn, child: ActiveRun) -> None:
    _observed.params(child, turn.settings, source=SOURCE, confidence=SETTING)
    for key, (_, value) in turn.results.items():
        _observed.metric(child, key, value, source=SOURCE, confidence=0.9)
    child.end()


def _start(settings: dict[str, str], began: int) -> ActiveRun:
    name = ", ".join(f"{key}={value:.40}" for key, value in settings.items())[:250]
    tags = {_ambient.AUTOLOGGING: "trackline"}
    run = _runs.start(parent=_ambient.run(start=True), run_name=name, tags=tags, start_time=began, managed=True)
    _observed.params(run, settings, source=SOURCE, confidence=SETTING)
    return run


def _now() -> int:
    return int(time.time() * 1000)
