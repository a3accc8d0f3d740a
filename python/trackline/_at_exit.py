"""What is done when the program ends. Not in its forks: what they have inherited their parent tells."""

from __future__ import annotations

import atexit
import functools
import os
from collections.abc import Callable

from trackline._guard import guard

_calls: dict[Callable[[], None], Callable[[], None]] = {}


def add(then: Callable[[], None], source: str) -> None:
    """Calls `then()` when this process ends, before what was added earlier."""
    remove(then)
    _calls[then] = call = functools.partial(_call, then, source, os.getpid())
    atexit.register(call)


def remove(then: Callable[[], None]) -> None:
    """Calls it no more."""
    if (call := _calls.pop(then, None)) is not None:
        atexit.unregister(call)


def _call(then: Callable[[], None], source: str, process: int) -> None:
    if os.getpid() == process:
        with guard(source):
            then()
