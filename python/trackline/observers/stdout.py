"""What the program prints. The stream stays the object it is; its method `write` is observed."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from itertools import chain
from types import FrameType
from typing import Any

from trackline import _at_exit, _budget, _streams
from trackline._guard import guard
from trackline._native import Tap
from trackline._script import frames, printed
from trackline._script.printed import Number
from trackline.integrations import _session
from trackline.observers import _beginnings, _shown, variables

SOURCE = "stdout"

LONGEST_LABEL = 4
"""Words."""
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
    numbers = printed.at(frame).numbers(text) if own and frame is not None else []
    results = [number.value for number in numbers if number.hole.is_result]
    found = _shown.read(text, SOURCE, turns, results)
    is_bare = not any(character.isalnum() for number in numbers for character in number.before)
    if found:
        numbers = [number for number in numbers if number.hole.is_result and not turns and number.value not in found]
    named = _with_names(numbers, numbers if found or is_bare else _likely(numbers, turns))
    if named:
        # Without a word on the line only the code's own name says that a number is a result: `print(tp, fp)`.
        _shown.read(named, SOURCE, turns, [one.value for one in numbers if one.hole.is_result and _is_metric(one)] if is_bare else results)
    if found or named:
        _beginnings.shows()


def _is_logging(frame: FrameType | None) -> bool:
    return frame is not None and frame.f_globals.get("__name__") == "logging"


def _likely(numbers: list[Number], turns: list[int]) -> list[Number]:
    """Those that the code calls by the name of a metric or, outside of loops, has computed; else the last one."""
    named = [number for number in numbers if number.hole.name]
    likely = [one for one in named if (one.hole.is_result and not turns) or _is_metric(one)]
    return likely or numbers[-1:]


def _is_metric(number: Number) -> bool:
    return _shown.names_metric(number.hole.name or "")


def _with_names(numbers: list[Number], named: list[Number]) -> str:
    """A line with the names that only the code has for its numbers: `print(step, loss.item())`, `print(f"{model}: {score}")`. What
    stands behind a number may be its unit."""
    pieces = [_with_name(one) if one.hole.name and one in named else one.before + one.text for one in numbers]
    following = [*(number.before for number in numbers[1:]), None]
    apart = ["" if number.behind == before else number.behind for number, before in zip(numbers, following, strict=False)]
    return "".join(chain.from_iterable(zip(pieces, apart, strict=True)))


def _with_name(number: Number) -> str:
    """Words before it that are a sentence are no part of the name, and the name itself need not be said twice."""
    name, before = _shown.words(number.hole.name or ""), number.before.rstrip(" :=")
    words = before.split()
    if len(words) > LONGEST_LABEL:
        before = ","
    elif words and words[-1].lower() == name.lower():
        before = before[: -len(name)]
    return f"{before} {name}: {number.text}"


def _flush() -> None:
    for _, tap in _taps:
        tap.flush()
