"""What the program prints goes into the runs that are open. The streams stay the same objects, and what they write is the same
bytes in the same order: only the attribute `write` of the two objects is set, and taken away with the last run."""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any

from trackline import _streams, _switches
from trackline._guard import guard
from trackline._native import ConsoleWriter

if TYPE_CHECKING:
    from trackline._native import RunHandle

_told: list[tuple[Any, Any]] = []
"""The streams, and what observes them."""


def follow(run: RunHandle) -> None:
    """Keeps what is printed until the run ends, unless the user does not want it."""
    if not _switches.on("console"):
        return
    with guard("console"):
        run.log_console()
        for name in ("stdout", "stderr"):
            _tell_of(name, getattr(sys, name))


def _tell_of(name: str, stream: Any) -> None:
    # A stream that the user has changed already is left alone.
    if _streams.is_changed(stream) or any(isinstance(one, ConsoleWriter) for one in _streams.observers(stream)):
        return
    observer = _streams.observe(stream, functools.partial(ConsoleWriter, name))
    if observer is not None:
        _told.append((stream, observer))


def release() -> None:
    """No run is open any more: the streams are as they were."""
    with guard("console"):
        _told[:] = [told for told in _told if not _streams.release(*told)]
