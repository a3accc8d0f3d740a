"""`sys.exit()` that ends the program: Python keeps neither the exception nor where it was raised."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Generator

from trackline import _ending
from trackline._ending import Ending
from trackline._patch import Call, Outcome, Patches

_OURS = os.path.dirname(__file__)
_patches = Patches()
_last: Ending | None = None


def watch() -> None:
    """From now on, what the program says with `sys.exit` is known at its end."""
    _patches.wrap(sys, "exit", leave, charged=False)


def leave(call: Call) -> Generator[None, Outcome, None]:
    """The program is left, unless it catches that: then its exit code will be another."""
    global _last
    outcome = yield
    if isinstance(outcome.error, SystemExit) and _ending.is_main_thread():
        frame = sys._getframe()
        while frame.f_back is not None and frame.f_code.co_filename.startswith(_OURS):
            frame = frame.f_back
        stack = traceback.format_stack(frame)
        _last = _ending.of(outcome.error, "".join(["Traceback (most recent call last):\n", *stack]))


def ending() -> Ending | None:
    """How the program ends, should it be by the last `sys.exit`."""
    return _last
