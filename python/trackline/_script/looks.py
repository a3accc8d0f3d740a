"""Which places of a text are looked at, and by whom: each kind of observer has its moment."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from trackline._script import given, learned, loop_data, loop_places, trials
from trackline._script.place import Looker, Moment, Place

Watch = Callable[[Place], Looker]
"""Gives what sees what there is at a place."""

_FIND: dict[Moment, Callable[[ast.Module], Iterator[Place]]] = {
    Moment.TURN: loop_places.places,
    Moment.LEFT: learned.places,
    Moment.BEGUN: given.places,
    Moment.LEARNS: loop_data.places,
    Moment.TRYING: trials.beginnings,
    Moment.TRIED: trials.ends,
}
_watches: dict[Moment, list[Watch]] = {}


def add(moment: Moment, watch: Watch) -> None:
    """Looks at the places of this moment from now on, in code that has not run yet."""
    watches = _watches.setdefault(moment, [])
    if watch not in watches:
        watches.append(watch)


def remove(moment: Moment, watch: Watch) -> None:
    """Looks at no more of them."""
    watches = _watches.get(moment, [])
    if watch in watches:
        watches.remove(watch)


def places(module: ast.Module) -> list[Place]:
    """Those of a text that somebody looks at, in no order."""
    return [place for moment, watches in _watches.items() if watches for place in _FIND[moment](module)]


def lookers(place: Place) -> list[Looker]:
    """All who look at one of these."""
    return [watch(place) for watch in _watches[place.moment]]
