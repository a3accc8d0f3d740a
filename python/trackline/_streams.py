"""Who observes the method `write` of `sys.stdout` and `sys.stderr`: the attribute of the object is set, one observer around the
other, and taken away with the last one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from trackline._native import ConsoleWriter, Tap

Observer = ConsoleWriter | Tap


def observers(stream: Any) -> Iterator[Observer]:
    """Those of ours that observe it, the outermost first. Below something that the user has set, none is found."""
    write = getattr(stream, "__dict__", {}).get("write")
    while isinstance(write, Observer):
        yield write
        write = write.__wrapped__


def is_changed(stream: Any) -> bool:
    """Whether somebody else has set `write`, or it cannot be set at all."""
    attributes = getattr(stream, "__dict__", None)
    return attributes is None or not isinstance(attributes.get("write"), Observer | None)


def observe(stream: Any, around: Callable[[Callable[..., Any]], Observer]) -> Observer | None:
    """Puts an observer around `write`; None for what takes no attributes."""
    try:
        observer = around(stream.write)
        stream.write = observer
    except (AttributeError, TypeError):
        return None  # No stream at all (pythonw), or one of another language.
    return observer


def release(stream: Any, observer: Observer) -> bool:
    """Takes it away, and whether that could be done: not below another one that came later."""
    if vars(stream).get("write") is not observer:
        return False
    inner = observer.__wrapped__
    if not isinstance(inner, Observer) and getattr(inner, "__self__", inner) is stream:
        del stream.write
    else:
        stream.write = inner
    return True
