"""LightGBM: `train`, `cv` and the models of its scikit-learn API."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from trackline import _patch
from trackline._patch import Call
from trackline.integrations import _training
from trackline.integrations.lightgbm import booster, state

if TYPE_CHECKING:
    from trackline._autolog import Config

_patches = _patch.Patches()


def patch(config: Config) -> None:
    """Records LightGBM from now on, or differently. Imports nothing."""
    state.config = config
    _patches.on_import("lightgbm", _patch_module)


def unpatch() -> None:
    """Puts everything back."""
    state.config = None
    _patches.undo()


def train(call: Call) -> Any:
    """`lightgbm.train`."""
    yield from _training.train(booster, call)


def cv(call: Call) -> Any:
    """`lightgbm.cv`."""
    yield from _training.cv(booster, call)


def fit(call: Call) -> Any:
    """`fit` of the scikit-learn API."""
    yield from _training.fit(booster, call)


def _patch_module(lightgbm: ModuleType) -> None:
    hooks = {"train": train, "cv": cv, "fit": fit}
    _training.patch(_patches, lightgbm, hooks, [lightgbm.Dataset], getattr(lightgbm, "LGBMModel", None))
