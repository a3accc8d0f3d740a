"""Which places of a text are looked at, and by whom: each kind of observer has its moment."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from trackline._script import given, learned, loop_data, loop_places
from trackline._script.place import Looker, Moment, Place

Watch = Callable[[Place], Looker]
"""Gives what sees what there is at a place."""

_FIND: dict[Moment, Callable[[ast.Module], Iterator[Place]]] = {
    Moment.TURN: loop_places.places,
    Moment.LEFT: learned.places,
    Moment.BEGUN: given.places,
    Moment.LEARNS: loop_data.places,
}
_watches: dict[Moment, Watch] = {}


def add(moment: Moment, watch: Watch) -> None:
    """Looks at the places of this moment from now on, in code that has not run yet."""
    _watches[moment] = watch


def remove(moment: Moment) -> None:
    """Looks at no more of them."""
    _watches.pop(moment, None)


def places(module: ast.Module) -> list[Place]:
    """Those of a text that somebody looks at, in no order."""
    return [place for moment in _watches for place in _FIND[moment](module)]


def looker(place: Place) -> Looker:
    """Who looks at one of these."""
    return _watches[place.moment](place)
