"""Which training of the program is under way. A second one has a run of its own, so that their curves are apart."""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from trackline import _ambient, _runs
from trackline._ending import Ending
from trackline._native import thread_number
from trackline._script import sweep_turn
from trackline._script.syntax import Loop
from trackline.integrations import _sweep

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

Places = frozenset[tuple[int, Loop]]

MOST = 1000
"""So many trainings around one run have runs of their own; of those that follow, the tag `trackline.more_trainings` counts
how many there were. A program that makes an optimizer for each batch or client would fill the store with runs."""


class Training:
    """The optimizers that work together: those that were made before one of them made a step, and those made later for the
    same parameters or within the same loop."""

    def __init__(self) -> None:
        self.around = _around()
        self.turn = _sweep.turn_in(self.around)
        self.run: ActiveRun | None = None
        """Its own; the first one of a run has none."""
        self.begun = False
        self.beyond = False
        """Whether there were so many before it that nothing of it is recorded."""
        self._parameters: dict[int, weakref.ref[Any]] = {}
        self._made: dict[int, Places] = {}
        self._goes_on_in: Places = frozenset()
        """Loops that an optimizer makes its steps in but was not made in: no turn of them is a training of its own."""

    def takes(self, parameters: list[Any], places: Places) -> bool:
        """Whether an optimizer that is made now is one of its own."""
        known = (self._parameters.get(id(parameter)) for parameter in parameters)
        shared = any(ref is not None and ref() is parameter for ref, parameter in zip(known, parameters, strict=True))
        return not self.begun or shared or not places.isdisjoint(self._goes_on_in)

    def add(self, optimizer: Any, parameters: list[Any], places: Places) -> None:
        """One more optimizer."""
        self._made[id(optimizer)] = places
        self._parameters.update((id(parameter), weakref.ref(parameter)) for parameter in parameters)

    def stepped(self, optimizer: Any, places: Places) -> None:
        """One of them makes its first step."""
        made = self._made.get(id(optimizer))
        if made is not None:
            self._goes_on_in |= places - made

    def begin(self) -> None:
        """The first step: from now on what is seen goes to the run of this training."""
        self.begun = True
        around = _around()
        self.beyond = around is not None and _is_beyond(around)
        if self.beyond:
            return
        tags = {_ambient.AUTOLOGGING: "torch"}
        if around is self.around and self.turn is not None:
            self.run = _sweep.begin_in(self.turn, around, tags)
        elif (into := _ambient.run()) is not None and into.id in _trained:
            self.run = _runs.start(parent=around, tags=tags, managed=True)
        if self.run is not None:
            _ambient.narrow(around, self.run)
            _ambient.fitted(self.run)


_trainings: dict[int, Training] = {}
"""By thread."""
_waiting: dict[int, Training] = {}
"""Those that have made no step yet."""
_trained: set[str] = set()
"""The runs that a training went into."""
_begun: Counter[str] = Counter()
"""How many trainings have begun around each run."""


def made(optimizer: Any, model: Any | None) -> None:
    """An optimizer was made."""
    thread = thread_number()
    parameters, places = list(_parameters(optimizer, model)), sweep_turn.places()
    training = _waiting.get(thread) or _trainings.get(thread)
    if training is None or not training.takes(parameters, places):
        training = _waiting[thread] = Training()
    training.add(optimizer, parameters, places)


def stepped(optimizer: Any) -> None:
    """An optimizer makes its first step in a run."""
    training = _trainings.get(thread_number())
    if training is not None:
        training.stepped(optimizer, sweep_turn.places())


def _is_beyond(around: ActiveRun) -> bool:
    _begun[around.id] += 1
    more = _begun[around.id] - MOST
    if more > 0:
        around.handle.set_tags([("trackline.more_trainings", str(more))])
    return more > 0


def is_beyond() -> bool:
    """Whether the training of this thread is one of too many."""
    training = _trainings.get(thread_number())
    return training is not None and training.beyond


def is_new() -> bool:
    """Whether a training is about to make its first step in this thread."""
    return bool(_waiting) and thread_number() in _waiting


def begin() -> None:
    """Begins the training that waits for its first step; the one before it is over."""
    thread = thread_number()
    before = _trainings.get(thread)
    training = _trainings[thread] = _waiting.pop(thread)
    if before is not None and before.run is not None:
        before.run.end()
    training.begin()


def goes_into(run: ActiveRun) -> None:
    """The run holds a training from now on."""
    _trained.add(run.id)


def ends(run: ActiveRun) -> None:
    """A run is about to end, and the training that is a part of it."""
    for training in list(_trainings.values()):
        if training.around is run and training.run is not None:
            training.run.end()


def end_all(ending: Ending) -> None:
    """All trainings are over; what is seen from now on is none of theirs."""
    for training in list(_trainings.values()):
        if training.run is not None:
            training.run.end(ending)
    _trainings.clear()
    _waiting.clear()
    _trainings.clear()
    _waiting.clear()


def _around() -> ActiveRun | None:
    return _runs.for_explicit_call() or _ambient.of_program()


def _parameters(optimizer: Any, model: Any | None) -> Iterator[Any]:
    for group in optimizer.param_groups:
        yield from group["params"]
    if model is not None:
        yield from model.parameters()
