"""The `Trainer` of Hugging Face Transformers, and what derives from it."""

from __future__ import annotations

from types import ModuleType

from trackline import _patch
from trackline.integrations.transformers import trainer

_patches = _patch.Patches()
unpatch = _patches.undo


def patch() -> None:
    """Records trainers from now on, or differently. Imports nothing."""
    _patches.on_import("transformers.trainer", _patch_trainer)


def _patch_trainer(module: ModuleType) -> None:
    _patches.wrap(module.Trainer, "train", trainer.train)
    _patches.wrap(module.Trainer, "log", trainer.logged)
    _patches.wrap(module.Trainer, "_save_checkpoint", trainer.saved)
    _patches.wrap(module.Trainer, "save_model", trainer.saved_model)
