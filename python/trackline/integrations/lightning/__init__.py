"""Lightning, under both names of its package: `lightning.pytorch` and `pytorch_lightning`."""

from __future__ import annotations

from types import ModuleType

from trackline import _patch
from trackline.integrations.lightning import trainer

_patches = _patch.Patches()
unpatch = _patches.undo


def patch() -> None:
    """Records trainers from now on, or differently. Imports nothing."""
    for package in ("lightning.pytorch", "pytorch_lightning"):
        _patches.on_import(f"{package}.trainer.trainer", _patch_trainer)
        _patches.on_import(f"{package}.trainer.call", _patch_callbacks)
        connectors = f"{package}.trainer.connectors.logger_connector"
        _patches.on_import(f"{connectors}.logger_connector", _patch_loggers)


def _patch_trainer(module: ModuleType) -> None:
    _patches.wrap(module.Trainer, "fit", trainer.fit)
    _patches.wrap(module.Trainer, "test", trainer.tested)
    _patches.wrap(module.Trainer, "validate", trainer.validated)
    _patches.wrap(module.Trainer, "save_checkpoint", trainer.saved)


def _patch_callbacks(module: ModuleType) -> None:
    # The trainer calls it by its module: nothing is added to the user's list of callbacks.
    _patches.wrap(module, "_call_callback_hooks", trainer.called)


def _patch_loggers(module: ModuleType) -> None:
    _patches.wrap(module._LoggerConnector, "log_metrics", trainer.logged)
