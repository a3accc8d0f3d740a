"""What the user calls a value: the variable that holds it where our hook was reached from."""

from __future__ import annotations

import inspect
import sys
from types import FrameType
from typing import Any

from trackline._patch import Call
from trackline._script import frames


def caller() -> FrameType | None:
    """The frame outside this package that called what is being observed."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "trackline":
        frame = frame.f_back
    return frame


def variable(value: Any, frame: FrameType | None, default: str) -> str:
    """The name that the frame has for this very object."""
    if frame is None:
        return default
    names = frame.f_locals, {} if frame.f_locals is frame.f_globals else frame.f_globals
    for held in (item for scope in names for item in list(scope.items())):
        if held[1] is value and not held[0].startswith("_"):
            return held[0]
    return default


def variable_of(sought: Any) -> str | None:
    """The user's variable that holds this object, or the attribute of `self`, in the functions that are running."""
    for frame in frames.own_frames(sys._getframe(1)):
        for name, value in frames.variables(frame).items():
            if value is sought:
                return name
            held = list(vars(value).items()) if name == "self" and hasattr(value, "__dict__") else []
            named: str | None = next((key for key, one in held if one is sought), None)
            if named is not None:
                return named
    return None


def call_text(call: Call, frame: FrameType | None, owner: str | None = None) -> str:
    """The call as text, as MLflow's `metric_info.json` has it: `f1_score(y_true=y_test, y_pred=predicted)`; that of a
    method begins with its `owner` and leaves out `self`."""
    names = list(inspect.signature(call.original).parameters)
    given = [*zip(names, call.args, strict=False)][0 if owner is None else 1 :] + [*call.kwargs.items()]
    arguments = ", ".join(f"{name}={_argument(value, frame)}" for name, value in given)
    return f"{owner + '.' if owner else ''}{call.original.__name__}({arguments})"


def _argument(value: Any, frame: FrameType | None) -> str:
    if value is None or isinstance(value, str | bytes | int | float | complex):
        return repr(value) if len(str(value)) <= 32 else repr(str(value)[:32] + "...")
    return variable(value, frame, f"<{type(value).__name__}>")
