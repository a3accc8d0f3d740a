"""The `Trainer` of Hugging Face Transformers, and what derives from it."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from trackline import _patch
from trackline.integrations.transformers import state, trainer

if TYPE_CHECKING:
    from trackline._autolog import Config

_patches = _patch.Patches()


def patch(config: Config) -> None:
    """Records trainers from now on, or differently. Imports nothing."""
    state.config = config
    _patches.on_import("transformers.trainer", _patch_trainer)


def unpatch() -> None:
    """Puts everything back."""
    state.config = None
    _patches.undo()


def _patch_trainer(module: ModuleType) -> None:
    _patches.wrap(module.Trainer, "train", trainer.train)
    _patches.wrap(module.Trainer, "log", trainer.logged)
    _patches.wrap(module.Trainer, "_save_checkpoint", trainer.saved)
    _patches.wrap(module.Trainer, "save_model", trainer.saved_model)
