"""Plain PyTorch: training loops that the user wrote, their data, their model and its checkpoints."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from trackline import _ambient, _at_exit, _patch, _switches, _taken_names
from trackline.integrations.torch import (
    checkpoint,
    gradient,
    loading,
    loop,
    loss,
    metrics,
    optimizer,
    ranks,
    scheduler,
    seed,
    training,
)

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

_patches = _patch.Patches()
_hooks: list[Any] = []
"""Handles of what was registered with PyTorch itself."""


def patch() -> None:
    """Records PyTorch from now on, or differently. Imports nothing."""
    _ambient.watch(_ends, loop.gate.open)
    _at_exit.add(_end_all, "torch")
    _patches.on_import("torch", _patch_torch)
    _patches.on_import("safetensors.torch", _patch_safetensors)
    if _switches.on("metrics"):
        _patches.on_import("torchmetrics.metric", _patch_metrics)
        _patches.on_import("torchmetrics.collections", _patch_collections)


def unpatch() -> None:
    """Puts everything back, and forgets the loops."""
    _patches.undo()
    while _hooks:
        _hooks.pop().remove()
    loop.end_all()
    _ambient.unwatch(_ends)
    _at_exit.remove(_end_all)


def _ends(run: ActiveRun) -> None:
    metrics.ended()
    loop.ends(run)
    training.ends(run)


def _end_all() -> None:
    metrics.ended()
    loop.end_all()
    optimizer.end_all()


def _patch_torch(torch: ModuleType) -> None:
    # Of `torch._dynamo`, which comes with the first optimizer, this is a form of its own.
    _patches.wrap(torch, "manual_seed", seed.seeded)
    with _taken_names.at_once():
        _patches.wrap_functions([torch.save], checkpoint.saved)
        _patches.wrap_functions([torch.random.manual_seed], seed.seeded)
    ranks.patch(_patches, torch.distributed)
    if not _switches.on("loops"):
        return
    _patches.wrap_functions([torch.nn.utils.clip_grad_norm_], gradient.clipped, gate=loop.gate)
    _patch_loops(torch)


def _patch_loops(torch: ModuleType) -> None:
    from torch.optim.lr_scheduler import ChainedScheduler, LRScheduler, ReduceLROnPlateau, SequentialLR
    from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

    _patches.wrap(torch.autograd, "backward", loss.backward, gate=loop.gate)
    _patches.wrap(torch.optim.Optimizer, "__init__", optimizer.made)
    for kind in (LRScheduler, ReduceLROnPlateau, SequentialLR, ChainedScheduler):
        _patches.wrap(kind, "__init__", scheduler.scheduled)
    _patches.wrap(torch.utils.data.DataLoader, "__iter__", loading.iterated)
    _patches.wrap(torch.amp.GradScaler, "scale", loss.scaled, gate=loop.gate)
    _patches.wrap(torch.amp.GradScaler, "step", optimizer.tried)
    if not _hooks:
        before = _patches.observed(optimizer.before_step, optimizer.begins, loop.gate)
        after = _patches.observed(optimizer.after_step, optimizer.stepped, loop.gate, counts=True)
        _hooks.extend([register_optimizer_step_pre_hook(before), register_optimizer_step_post_hook(after)])


def _patch_safetensors(safetensors: ModuleType) -> None:
    _patches.wrap_functions([safetensors.save_file, safetensors.save_model], checkpoint.saved_safely)


def _patch_metrics(module: ModuleType) -> None:
    _patches.wrap(module.Metric, "_wrap_compute", metrics.made)


def _patch_collections(module: ModuleType) -> None:
    _patches.wrap(module.MetricCollection, "compute", metrics.collected)
