from __future__ import annotations

import sys
from typing import Any

from trackline import _ambient, _observed
from trackline._active_run import ActiveRun
from trackline._patch import Call
from trackline._script import frames
from trackline.integrations import _session

_told: set[str] = set()
"""The runs that have a seed: the first one counts."""


def seeded(call: Call) -> Any:
    """`torch.manual_seed`, called by the user's own code."""
    yield
    value = call.args[0] if call.args else call.kwargs.get("seed")
    if isinstance(value, int) and not _session.inside() and _called_by_user():
        _ambient.later(lambda run: _tell(run, value))


def _tell(run: ActiveRun, value: int) -> None:
    if run.id not in _told:
        _told.add(run.id)
        _observed.params(run, {"seed": value}, source="torch.manual_seed")


def _called_by_user() -> bool:
    # Only who calls directly: workers of a DataLoader, which seed themselves, have the user's frames above them too.
    frame = sys._getframe(1)
    while frame.f_back is not None:
        frame = frame.f_back
        if not frame.f_globals.get("__name__", "").startswith(("trackline.", "contextlib")):
            return frames.is_own(frame.f_code)
    return False
