"""Keras 3 on any backend: `fit`, `evaluate` and loops of `train_on_batch`."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from trackline import _patch
from trackline.integrations import _afterwards, _session
from trackline.integrations.keras import batches, fit, state

if TYPE_CHECKING:
    from trackline._autolog import Config

HOOKS = {"fit": fit.fit, "evaluate": batches.evaluate, "train_on_batch": batches.train_on_batch}

_patches = _patch.Patches()


def patch(config: Config) -> None:
    """Records Keras from now on, or differently. Imports nothing."""
    state.config = config
    # Its top module is there before its parts are.
    _patches.on_import("keras", _patch_module)


def unpatch() -> None:
    """Puts everything back."""
    state.config = None
    _patches.undo()


def _patch_module(keras: ModuleType) -> None:
    if not getattr(keras, "__version__", "").startswith("3."):
        return
    for name, hook in HOOKS.items():
        # The trainer of the backend in use.
        owner = next(kind for kind in keras.Model.__mro__ if name in vars(kind))
        _patches.wrap(owner, name, hook)
    owner = next(kind for kind in keras.Model.__mro__ if "predict" in vars(kind))
    _patches.wrap(owner, "predict", _afterwards.predict, unless=_session.inside)
