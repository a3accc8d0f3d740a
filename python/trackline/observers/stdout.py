"""What the program prints. The stream stays the object it is; its method `write` is observed."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from trackline import _at_exit, _budget, _streams
from trackline._guard import guard
from trackline._native import Tap
from trackline._script import frames
from trackline._script.printed import Printed
from trackline.integrations import _session
from trackline.observers import _shown, variables

SOURCE = "stdout"

_taps: list[tuple[Any, Tap]] = []
_on = False


def patch() -> None:
    """Reads along from now on."""
    global _on
    unpatch()
    _on = True
    for stream, on_line in ((sys.stdout, _on_line), (sys.stderr, _on_error_line)):
        if any(isinstance(one, Tap) for one in _streams.observers(stream)):
            continue
        tap = _streams.observe(stream, functools.partial(_tap, on_line))
        if isinstance(tap, Tap):
            _taps.append((stream, tap))
    _at_exit.add(_flush, SOURCE)


def unpatch() -> None:
    """Puts the streams back as they were; below the console of a run the tap stays, and nothing is read."""
    global _on
    _on = False
    _at_exit.remove(_flush)
    _taps[:] = [tapped for tapped in _taps if not _streams.release(*tapped)]
    _shown.forget()


def _is_allowed() -> bool:
    with guard(SOURCE):
        return _budget.allows("steps")
    return False


def _tap(on_line: Callable[[str], None], write: Callable[..., Any]) -> Tap:
    return Tap(write, on_line, _is_allowed)


def _on_line(text: str) -> None:
    if _on:
        with guard(SOURCE):
            _line(text, sys._getframe().f_back, strangers=True)


def _on_error_line(text: str) -> None:
    """Logging, warnings and progress bars write there too; the user's own `print(…, file=sys.stderr)` counts."""
    if _on:
        with guard(SOURCE):
            _line(text, sys._getframe().f_back, strangers=False)


def _line(text: str, frame: FrameType | None, *, strangers: bool) -> None:
    own = frame is not None and frames.is_own(frame.f_code)
    if not own and (not strangers or _session.inside() or _is_logging(frame)):
        return
    if not any(character.isdigit() for character in text):
        if own:
            _shown.read(text, SOURCE, [])
        return
    if _shown.is_expected(text):
        return
    turns = frames.turns(frame)
    variables.note(frame)
    if not _shown.read(text, SOURCE, turns) and own and frame is not None:
        named = _named(text, frames.shown(frame))
        if named is not None:
            _shown.read(named, SOURCE, turns)


def _is_logging(frame: FrameType | None) -> bool:
    return frame is not None and frame.f_globals.get("__name__") == "logging"


def _named(text: str, shown: Printed) -> str | None:
    """A line that names its numbers only in the code: `print(step, loss.item())`, `print(f"{model}: {score}")`. What is printed
    as it is (a table, a summary) and is more than its numbers has them in no such place."""
    numbers = text.replace(",", " ").split()
    if len(numbers) == len(shown.names) and all(map(_is_number, numbers)):
        return ", ".join(f"{name}: {number}" for name, number in zip(shown.names, numbers, strict=True) if name)
    for line in shown.lines:
        if found := line.pattern.fullmatch(text.rstrip("\r\n")):
            return _with_names(text, found, line.names)
    return None


def _with_names(text: str, found: re.Match[str], names: tuple[str | None, ...]) -> str:
    """The line with the names of metrics before their numbers, or if there are none, that of the last number before it."""
    numbers = {group: name for group, name in enumerate(names, 1) if name is not None and _is_number(found[group])}
    metrics = {group: name for group, name in numbers.items() if _shown.names_metric(name)}
    last = {len(names): numbers[len(names)]} if len(names) in numbers else {}
    named, end = "", 0
    for group, name in (metrics or last).items():
        named += f"{text[end : found.start(group)].rstrip(' :=')} {name}: {found[group]}"
        end = found.end(group)
    return named + text[end:]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _flush() -> None:
    for _, tap in _taps:
        tap.flush()
