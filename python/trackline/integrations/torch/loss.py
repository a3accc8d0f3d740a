"""The loss: what the user's code calls `backward` on, under its name there."""

from __future__ import annotations

import weakref
from types import FrameType
from typing import Any

from trackline._patch import Call
from trackline._script import frames
from trackline.integrations.torch import loading, loop, operand, terms

NAMELESS = "loss"

_scaled: tuple[weakref.ref[Any], weakref.ref[Any]] | None = None
"""What `GradScaler.scale` made last, and of what."""


def scaled(call: Call) -> Any:
    """`GradScaler.scale`: the number to log is the one before."""
    global _scaled
    outcome = yield
    given = call.args[1] if len(call.args) > 1 else call.kwargs.get("outputs")
    if outcome.error is None and hasattr(given, "backward") and hasattr(outcome.value, "backward"):
        _scaled = weakref.ref(outcome.value), weakref.ref(given)


def backward(call: Call) -> Any:
    """`torch.autograd.backward`, which `Tensor.backward` calls."""
    outcome = yield
    tensor = call.args[0] if call.args else call.kwargs.get("tensors")
    if outcome.error is not None or not _is_number(tensor):
        return
    found = loop.current()
    if found is None:
        return
    frame = frames.caller()
    name, number = _named(tensor, frame)
    found.saw(name.strip("_") or NAMELESS, number)  # `_loss`, of a function within
    for term, value in ({} if frame is None else terms.of(frame, name)).items():
        if _is_number(value) and value.grad_fn is not None:  # A weight is none, whether it is a tensor or not.
            found.saw(term, value)
    turned_out = found.epochs.trains()
    if turned_out is not None:
        loading.describe(found, turned_out, "train", frame)
    if frame is not None:
        found.epochs.look(frame)


def _named(tensor: Any, frame: FrameType | None) -> tuple[str, Any]:
    """The user's name for the loss, and the number that is called so: the one before it was scaled or divided for the
    sake of its gradient."""
    about = None if frame is None else operand.of(frame)
    if frame is None or about is None:
        return NAMELESS, tensor
    if about.itself:
        return about.name, tensor
    if _scaled is not None and _scaled[0]() is tensor and (original := _scaled[1]()) is not None:
        return about.name, original
    named = frames.variables(frame).get(about.name)
    return (about.name, named) if _is_number(named) else (NAMELESS, tensor)


def _is_number(tensor: Any) -> bool:
    import torch

    # Of the class itself: subclasses stand for something that need not be a number (fake, distributed, functional).
    return type(tensor) is torch.Tensor and tensor.numel() == 1 and not tensor.is_meta
