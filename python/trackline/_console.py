"""What the program prints goes into the runs that are open. The streams stay the same objects, and what they write is the same
bytes in the same order: only the attribute `write` of the two objects is set, and taken away with the last run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from trackline import _switches
from trackline._guard import guard
from trackline._native import ConsoleWriter

if TYPE_CHECKING:
    from trackline._native import RunHandle

_told: list[Any] = []


def follow(run: RunHandle) -> None:
    """Keeps what is printed until the run ends, unless the user does not want it."""
    if not _switches.on("console"):
        return
    with guard("console"):
        run.log_console()
        for name in ("stdout", "stderr"):
            _tell_of(name, getattr(sys, name))


def _tell_of(name: str, stream: Any) -> None:
    attributes = getattr(stream, "__dict__", None)
    # A stream that the user has changed already, or that cannot be changed, is left alone.
    if attributes is None or "write" in attributes:
        return
    stream.write = ConsoleWriter(name, stream.write)
    _told.append(stream)


def release() -> None:
    """No run is open any more: the streams are as they were."""
    with guard("console"):
        while _told:
            stream = _told.pop()
            if isinstance(stream.__dict__.get("write"), ConsoleWriter):
                del stream.write
