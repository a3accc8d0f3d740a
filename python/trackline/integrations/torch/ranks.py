"""Groups of processes that the program makes itself: `torch.multiprocessing.spawn`, `Accelerate`'s launchers of functions."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from trackline._native import tell_rank
from trackline._patch import Call


def patch(patches: Any, distributed: ModuleType) -> None:
    """Looks at `torch.distributed`, which some builds of PyTorch lack."""
    if distributed.is_available():
        patches.wrap_functions([distributed.init_process_group], _joined)


def _joined(call: Call) -> Any:
    """`init_process_group`: from now on the process knows which one of the group it is."""
    outcome = yield
    if outcome.error is None:
        import torch.distributed

        tell_rank(torch.distributed.get_rank())
