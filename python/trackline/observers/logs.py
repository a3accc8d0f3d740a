"""What the program's own code logs with `logging`."""

from __future__ import annotations

import logging
from collections.abc import Generator

from trackline._patch import Call, Outcome, Patches
from trackline._script import frames, printed
from trackline.observers import _shown

SOURCE = "logging"

_patches = Patches()


def patch() -> None:
    """Reads along from now on."""
    _patches.wrap(logging.Logger, "callHandlers", handle)


def unpatch() -> None:
    """Leaves records alone again."""
    _patches.undo()
    _shown.forget()


def handle(call: Call) -> Generator[None, Outcome, None]:
    """A record on its way to the handlers. One of them has made its text, else nobody sees it."""
    yield
    record = call.args[1]
    text = vars(record).get("message")
    frame = frames.caller()
    if isinstance(text, str) and frame is not None and frame.f_code.co_filename == record.pathname:
        turns = frames.turns(frame)
        place = printed.at(frame)
        for line in text.splitlines():
            results = [number.value for number in place.numbers(line) if number.hole.is_result]
            _shown.read(line, SOURCE, turns, results)
