"""Which turn of the user's loops a frame is in."""

from __future__ import annotations

import re
from types import FrameType

from trackline._script import frames

_EPOCH = re.compile(r"^(e|ep|epochs?|.*_epoch|epoch_.*|epochs?\d*)$", re.IGNORECASE)


def counters(frame: FrameType | None) -> dict[str, int]:
    """The variables of the loops around a line that hold an integer, the outermost first: those of the innermost function
    of the user that is in a loop."""
    for own in frames.own_frames(frame):
        found = {name: value for name, value in frames.loop_variables(own).items() if type(value) is int}
        if found:
            return found
    return {}


def step(frame: FrameType | None) -> int | None:
    """The step that the user's code counts itself, in the innermost function that is in a loop; not one of an epoch."""
    first, *outer = [*(own for own in frames.own_frames(frame) if frames.loops(own)), None]
    counted = None if first is None else frames.counted(first)
    return None if counted is None or (counted[1] and len(outer) > 1) else counted[0]


def has_number(frame: FrameType | None) -> bool:
    """Whether the innermost loop around a line has a variable that holds an integer. Else a number is that of a loop around it."""
    for own in frames.own_frames(frame):
        if around := frames.loops(own):
            return any(type(value) is int for value in frames.loop_variables(own, around[-1:]).values())
    return False


def names_epoch(name: str) -> bool:
    """Whether a variable of this name counts epochs."""
    return _EPOCH.match(name) is not None


def epoch(frame: FrameType | None) -> int | None:
    """The epoch by the name of the loop's variable."""
    for own in frames.own_frames(frame):
        for name, value in frames.loop_variables(own).items():
            if type(value) is int and names_epoch(name):
                return value
    return None
