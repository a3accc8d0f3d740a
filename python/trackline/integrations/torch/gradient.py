from __future__ import annotations

from typing import Any

from trackline._patch import Call
from trackline.integrations.torch import loop


def clipped(call: Call) -> Any:
    """`clip_grad_norm_` gives the norm before it was clipped."""
    outcome = yield
    if outcome.error is None and (found := loop.known()) is not None and hasattr(outcome.value, "device"):
        found.saw(loop.GRADIENT_NORM, outcome.value)
        limit = call.args[1] if len(call.args) > 1 else call.kwargs.get("max_norm")
        if isinstance(limit, int | float):
            found.tell_once({"max_grad_norm": limit}, "torch.clip_grad_norm_")
