"""Reading numbers that the user's program computes, without making it wait for a device."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

SLOTS = 64
"""So many copies may be under way; the next are left out until one has arrived."""

Then = Callable[[float], None]


def read(tensor: Any) -> float:
    """The number in the memory of the processor. By the method of the base class: others may be in the user's hands."""
    return float(sys.modules["torch"]._C.TensorBase.item(tensor))


class Scalars:
    """Numbers on their way. On the processor they are read at once. From a GPU they are copied into pinned memory behind
    the work that computes them, and read when an event says that they have arrived."""

    def __init__(self) -> None:
        self._under_way: list[tuple[Any, Any, Then]] = []
        self._free: list[Any] | None = None

    def read(self, tensor: Any, then: Then) -> bool:
        """Calls `then` with the number, now or at a later `arrived`. False if the number cannot be had."""
        import torch

        kind = tensor.device.type
        if kind == "cpu":
            then(read(tensor))
            return True
        return kind == "cuda" and not torch.cuda.is_current_stream_capturing() and self._copy(torch, tensor, then)

    def _copy(self, torch: Any, tensor: Any, then: Then) -> bool:
        if self._free is None:
            self._free = list(torch.empty(SLOTS, dtype=torch.float64, pin_memory=True))
        if not self._free:
            self.arrived()
            if not self._free:
                return False
        slot = self._free.pop()
        with torch.cuda.device(tensor.device):
            slot.copy_(tensor.detach().reshape(()).double(), non_blocking=True)
            event = torch.cuda.Event()
            event.record()
        self._under_way.append((event, slot, then))
        return True

    def arrived(self, wait: bool = False) -> None:
        """Gives on what has arrived; with `wait`, all of it."""
        while self._under_way:
            event, slot, then = self._under_way[0]
            if not event.query():
                if not wait:
                    return
                event.synchronize()
            del self._under_way[0]
            then(float(slot))
            if self._free is not None:
                self._free.append(slot)
