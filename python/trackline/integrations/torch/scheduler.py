"""Learning rate schedulers: what they were made with."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

from trackline._patch import Call
from trackline._script import frames
from trackline.integrations import _session
from trackline.integrations.torch import optimizer

_OF_ANY = {"self", "optimizer", "last_epoch", "verbose"}


def scheduled(call: Call) -> Any:
    """`__init__` of schedulers."""
    outcome = yield
    of = call.args[1] if len(call.args) > 1 else call.kwargs.get("optimizer")
    if outcome.error is None and hasattr(of, "param_groups") and not _session.inside():
        optimizer.look_up(of).scheduled(call.args[0], dict(_settings(call)))


def _settings(call: Call) -> Iterator[tuple[str, Any]]:
    """The class under an empty name, and what it was made with after a dot."""
    yield "", type(call.args[0]).__name__
    # Where a function is the schedule, what it is bound to, as those of Transformers are to their warm-up.
    functions = (each for each in getattr(call.args[0], "lr_lambdas", ()) if isinstance(each, functools.partial))
    bound = next((function.keywords for function in functions), {})
    for key, value in {**_arguments(call), **bound}.items():
        numbers = isinstance(value, list | tuple) and all(isinstance(one, int | float) for one in value)
        if key not in _OF_ANY and (isinstance(value, bool | int | float | str) or numbers):
            yield f".{key}", value


def _arguments(call: Call) -> dict[str, Any]:
    """What a scheduler was made with: of the outermost `__init__`, which has called the one of its base class."""
    bound = inspect.signature(call.original).bind(*call.args, **call.kwargs)
    bound.apply_defaults()
    given: dict[str, Any] = bound.arguments
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] if code.co_name == "__init__" else ()
        held = frames.variables(frame, names) if names else {}
        if held and held.get(names[0]) is call.args[0]:
            given = held
        elif frames.is_own(code):
            break
        frame = frame.f_back
    return given
