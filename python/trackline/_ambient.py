"""Where things go that belong to no fit: what a loop computes, what the program prints, writes or is called with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trackline import _joined, _runs
from trackline._guard import guard
from trackline._native import thread_number

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

AUTOLOGGING = "mlflow.autologging"

_MOST_WAITING = 1000

_program: ActiveRun | None = None
_last_fit: ActiveRun | None = None
_parts: dict[int, tuple[ActiveRun | None, ActiveRun]] = {}
"""By thread: a part of a run that has a run of its own."""
_waiting: list[Callable[[ActiveRun], None]] = []
_at_fit: list[Callable[[ActiveRun], None]] = []
_watching: list[tuple[Callable[[], None] | None, Callable[[ActiveRun], None]]] = []


def run(start: bool = False) -> ActiveRun | None:
    """The run that something goes to now: the current one, else that of the whole program, else that of the last fit,
    which may have ended: logging does not reopen it. If there is none, `start` begins one that ends with the program.
    """
    around = _runs.for_explicit_call() or of_program()
    found = _part_of(around) or around or _last_fit
    if found is None and start:
        found = _begin()
    return found


def _part_of(around: ActiveRun | None) -> ActiveRun | None:
    of, part = _parts.get(thread_number(), (None, None))
    return part if part is not None and part.is_open and of is around else None


def narrow(around: ActiveRun | None, part: ActiveRun) -> None:
    """What would go to the run `around` from this thread goes to a part of it from now on, until the part ends."""
    _parts[thread_number()] = around, part


def of_program() -> ActiveRun | None:
    """The run of the whole program: the one of `trackline run`, or one that began here because something had to go
    somewhere."""
    global _program
    if _program is None and (joined := _joined.run()) is not None:
        _program = joined
        _runs.opened(joined)
    return _program


def later(then: Callable[[ActiveRun], None]) -> None:
    """Calls `then(run)` now if there is a run to log to, else when the first one of the process begins. For what is known
    before any run; it is dropped if none ever begins."""
    found = run()
    if found is not None:
        with guard("what was known before the run"):
            then(found)
    elif len(_waiting) < _MOST_WAITING:
        _waiting.append(then)


def fitted(run: ActiveRun) -> None:
    """A fit begins, which is recorded in this run: what follows the fit belongs to it too."""
    global _last_fit
    _last_fit = run
    for then in _at_fit:
        with guard("begin of fit"):
            then(run)


def has_fitted() -> bool:
    """Whether a fit was recorded in this process."""
    return _last_fit is not None


def on_fit(then: Callable[[ActiveRun], None]) -> None:
    """Calls `then(run)` when a fit begins, which is recorded in this run."""
    if then not in _at_fit:
        _at_fit.append(then)


def off_fit(then: Callable[[ActiveRun], None]) -> None:
    """Calls it no more."""
    if then in _at_fit:
        _at_fit.remove(then)


def watch(ends: Callable[[ActiveRun], None], begins: Callable[[], None] | None = None) -> None:
    """Calls `ends(run)` before a run ends, while it can be logged to, and `begins()` before one begins, while what there is now
    goes where it went until now. Who came last is called first."""
    unwatch(ends)
    _watching.append((begins, ends))


def unwatch(ends: Callable[[ActiveRun], None]) -> None:
    """Calls them no more."""
    _watching[:] = [pair for pair in _watching if pair[1] is not ends]


def begins() -> None:
    """A run is about to begin."""
    for then, _ in reversed(_watching):
        if then is not None:
            with guard("begin of run"):
                then()


def ends(run: ActiveRun) -> None:
    """A run is about to end."""
    for _, then in reversed(_watching):
        with guard("end of run"):
            then(run)


def began(run: ActiveRun) -> None:
    """A run has begun in this process: what waited for one is told."""
    while _waiting:
        with guard("what was known before the run"):
            _waiting.pop(0)(run)


def forget() -> None:
    """Begins anew, as if nothing had been recorded in this process."""
    global _program, _last_fit
    _program = _last_fit = None
    _parts.clear()
    _waiting.clear()


def _begin() -> ActiveRun:
    global _program
    _program = _runs.start(tags={AUTOLOGGING: "trackline"}, managed=True)
    return _program
