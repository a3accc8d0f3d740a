"""When a program begins to train, as far as can be seen: with a fit, with an optimizer, with a loop that learns. Where none of these is
seen, it has trained when it shows a result."""

from __future__ import annotations

from collections.abc import Callable, Generator
from types import ModuleType
from typing import TYPE_CHECKING

from trackline import _ambient
from trackline._guard import guard
from trackline._patch import Call, Outcome, Patches
from trackline._script import looks
from trackline._script.place import Moment, Place

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

_patches = Patches()
_watching: list[Callable[[], None]] = []
_unseen: list[Callable[[], None]] = []
_begun = False


def watch(begins: Callable[[], None]) -> None:
    """Calls it then, with the functions of the user still running."""
    if not _watching:
        _patches.on_import("torch.optim.optimizer", _watch_optimizers)
        _ambient.on_fit(_fits)
        looks.add(Moment.LEARNS, _Loop)
    if begins not in _watching:  # `autolog()` may be called again.
        _watching.append(begins)


def watch_unseen(shows: Callable[[], None]) -> None:
    """Calls it once, when the program shows its first result."""
    if shows not in _unseen:
        _unseen.append(shows)


def shows() -> None:
    """The program shows a result."""
    if not _begun:
        _begin()
    while _unseen:
        with guard("first result"):
            _unseen.pop()()


def unwatch(begins: Callable[[], None]) -> None:
    """Calls it no more."""
    global _begun
    if begins in _unseen:
        _unseen.remove(begins)
    if begins in _watching:
        _watching.remove(begins)
    if not _watching:
        _begun = False
        _patches.undo()
        _ambient.off_fit(_fits)
        looks.remove(Moment.LEARNS, _Loop)


def _begin() -> None:
    global _begun
    _begun = True
    for begins in list(_watching):
        with guard("begin of training"):
            begins()


def _fits(run: ActiveRun) -> None:
    _begin()


def _watch_optimizers(module: ModuleType) -> None:
    _patches.wrap(module.Optimizer, "__init__", make)


def make(call: Call) -> Generator[None, Outcome, None]:
    """An optimizer is made."""
    yield
    _begin()


class _Loop:
    def __init__(self, place: Place) -> None:
        pass

    def see(self, _counter: object, *_variables: object) -> bool:
        """Once is enough: in the next turn of what is around it there are other settings."""
        _begin()
        return False
