"""LightGBM: `train`, `cv` and the models of its scikit-learn API."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from trackline import _patch
from trackline._patch import Call
from trackline.integrations import _matrix, _training
from trackline.integrations.lightgbm import booster, estimator, state

if TYPE_CHECKING:
    from trackline._autolog import Config

TARGET = "lightgbm"

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


def _patch_module(lightgbm: ModuleType) -> None:
    with _patch.at_once():
        _patches.wrap_functions([lightgbm.train], train)
        _patches.wrap_functions([lightgbm.cv], cv)
    _patches.wrap(lightgbm.Dataset, "__init__", _matrix.made)
    model = getattr(lightgbm, "LGBMModel", None)  # Missing where scikit-learn is.
    for kind in [] if model is None else [model, *_subclasses(model)]:
        if "fit" in vars(kind):
            _patches.wrap(kind, "fit", estimator.fit)


def _subclasses(kind: type) -> list[type]:
    children: list[type] = type.__subclasses__(kind)
    return [found for child in children for found in (child, *_subclasses(child))]
