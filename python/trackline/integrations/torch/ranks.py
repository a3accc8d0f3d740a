"""Groups of processes that the program makes itself: `torch.multiprocessing.spawn`, `Accelerate`'s launchers of functions."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from trackline import _joined
from trackline._patch import Call


def patch(patches: Any, distributed: ModuleType) -> None:
    """Looks at `torch.distributed`, which some builds of PyTorch lack."""
    if distributed.is_available():
        patches.wrap_functions([distributed.init_process_group], _has_joined)


def size() -> int:
    """How many processes train together."""
    distributed = sys.modules.get("torch.distributed")
    joined = distributed is not None and distributed.is_available() and distributed.is_initialized()
    return int(distributed.get_world_size()) if joined and distributed is not None else 1


def _has_joined(call: Call) -> Any:
    """`init_process_group`: from now on the process knows which one of the group it is."""
    outcome = yield
    if outcome.error is None:
        import torch.distributed

        rank = torch.distributed.get_rank()
        _joined.become_rank(rank, _first(rank))


def _first(rank: int) -> int | None:
    """Which child of its parent the first rank is, where `multiprocessing` started them one after the other."""
    processes = sys.modules.get("multiprocessing.process")
    if processes is None or processes.parent_process() is None:
        return None
    # The numbers of children that lead to this process.
    numbers: tuple[int, ...] = getattr(processes.current_process(), "_identity", ())
    return numbers[-1] - rank if numbers and numbers[-1] > rank else None
