"""Whether values lie where they can be looked at without a copy and without waiting for them."""

from __future__ import annotations

from typing import Any


def lies_here(values: Any) -> bool:
    """Whether the values are in memory that can be looked at now: not on a device, not still being computed, in a form
    that NumPy has."""
    device = getattr(values, "device", None)
    place = getattr(device, "type", getattr(device, "platform", device))
    ready = getattr(values, "is_ready", None)
    form = str(getattr(values, "layout", "torch.strided"))
    return place in (None, "cpu") and (ready is None or ready()) and form == "torch.strided" and dtype(values) != "bfloat16"


def dtype(values: Any) -> str:
    """The name of the elements' type, as NumPy has it; empty for what has none."""
    return str(getattr(values, "dtype", "")).removeprefix("torch.")
