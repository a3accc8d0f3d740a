"""Keras 3 on any backend: `fit`, `evaluate`, loops of `train_on_batch` and loops around an optimizer."""

from __future__ import annotations

from types import ModuleType

from trackline import _patch, _switches
from trackline.integrations import _afterwards, _session
from trackline.integrations.keras import batches, custom_loop, fit, streams

HOOKS = {"fit": fit.fit, "evaluate": batches.evaluate, "train_on_batch": batches.train_on_batch}

_patches = _patch.Patches()


def patch() -> None:
    """Records Keras from now on, or differently. Imports nothing."""
    # Its top module is there before its parts are.
    _patches.on_import("keras", _patch_module)
    if _switches.on("loops"):
        _patches.on_import("tensorflow.python.data.ops.dataset_ops", _patch_streams)


def unpatch() -> None:
    """Puts everything back."""
    _patches.undo()
    streams.forget()


def _patch_module(keras: ModuleType) -> None:
    if not getattr(keras, "__version__", "").startswith("3."):
        return
    for name, hook in HOOKS.items():
        # The trainer of the backend in use.
        owner = next(kind for kind in keras.Model.__mro__ if name in vars(kind))
        _patches.wrap(owner, name, hook)
    owner = next(kind for kind in keras.Model.__mro__ if "predict" in vars(kind))
    _patches.wrap(owner, "predict", _afterwards.predict, unless=_session.inside)
    if _switches.on("loops"):
        owner = next(kind for kind in keras.optimizers.Optimizer.__mro__ if "apply" in vars(kind))
        _patches.wrap(owner, "apply", custom_loop.applied, unless=_session.inside)


def _patch_streams(module: ModuleType) -> None:
    _patches.wrap(module.DatasetV2, "__iter__", streams.iterated, unless=_session.inside)
