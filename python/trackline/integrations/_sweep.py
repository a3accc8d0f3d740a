"""Searches by hand: fits in a loop of the user's code. The loop is a run, each fit in it a child with the variables that
the loop assigns as params."""

from __future__ import annotations

from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any

from trackline import _ambient, _frames, _observed, _runs, _switches

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

SOURCE = "loop"
MOST = 100
"""So many loops are known at once; then all are begun anew."""

_parents: dict[tuple[int, int], tuple[Any, ActiveRun]] = {}


def around() -> FrameType | None:
    """The innermost frame of the user's code that is in a loop with variables, if what it does is a search."""
    if not _switches.on("sweeps"):
        return None
    frames = _frames.own_frames(_frames.caller())
    return next((frame for frame in frames if any(loop.names for loop in _frames.loops(frame))), None)


def parent(frame: FrameType, tags: dict[str, str]) -> ActiveRun:
    """The run of the loop: that of the program if it has one. It ends with the program, for a loop tells nobody that it
    is over."""
    program = _ambient.of_program()
    if program is not None:
        return program
    key = (id(frame.f_code), _frames.loops(frame)[0].line)
    known = _parents.get(key)
    if known is None or not known[1].is_open:
        if len(_parents) >= MOST:
            _parents.clear()
        known = _parents[key] = (frame.f_code, _runs.start(tags=tags, managed=True))
    return known[1]


def log_turn(run: ActiveRun, frame: FrameType) -> None:
    """The variables of this turn as params of the run."""
    params = dict(pair for name, value in _frames.loop_variables(frame).items() for pair in _settings(name, value))
    if params:
        _observed.params(run, params, source=SOURCE)


def _settings(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Data that the loop hands out (folds, batches) is no setting; of a dict, as `ParameterGrid` gives, each entry is."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _settings(str(key), entry)
    elif isinstance(value, (str, bool, int, float)):
        yield name, value
    elif isinstance(value, (list, tuple)) and all(isinstance(item, (str, bool, int, float)) for item in value):
        yield name, value
    elif hasattr(value, "get_params"):
        yield name, type(value).__name__


def forget() -> None:
    """Forgets all loops."""
    _parents.clear()
