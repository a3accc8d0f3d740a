"""Whether a call of a library comes from the user's own code."""

from __future__ import annotations

import sys

from trackline._script import frames


def is_user(*through: str) -> bool:
    """Whether the innermost frame outside of Trackline and of the packages `through` is of the user's own code."""
    frame = sys._getframe(1)
    while frame is not None:
        package = frame.f_globals.get("__name__", "").partition(".")[0]
        if package != "trackline" and package not in through:
            return frames.is_own(frame.f_code)
        frame = frame.f_back  # type: ignore[assignment]
    return False
