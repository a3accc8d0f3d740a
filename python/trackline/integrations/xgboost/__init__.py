"""XGBoost: `train`, `cv` and the models of its scikit-learn API."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from trackline import _patch
from trackline._patch import Call
from trackline.integrations import _matrix, _training
from trackline.integrations.xgboost import booster, estimator, state

if TYPE_CHECKING:
    from trackline._autolog import Config

TARGET = "xgboost"

_patches = _patch.Patches()


def patch(config: Config) -> None:
    """Records XGBoost from now on, or differently. Imports nothing."""
    state.config = config
    _patches.on_import("xgboost", _patch_module)


def unpatch() -> None:
    """Puts everything back."""
    state.config = None
    _patches.undo()


def train(call: Call) -> Any:
    """`xgboost.train`."""
    yield from _training.train(booster, call)


def cv(call: Call) -> Any:
    """`xgboost.cv`."""
    yield from _training.cv(booster, call)


def _patch_module(xgboost: ModuleType) -> None:
    with _patch.at_once():
        _patches.wrap_functions([xgboost.train], train)
        _patches.wrap_functions([xgboost.cv], cv)
    for kind in (xgboost.DMatrix, getattr(xgboost, "QuantileDMatrix", None)):
        if kind is not None and "__init__" in vars(kind):
            _patches.wrap(kind, "__init__", _matrix.made)
    model = getattr(xgboost, "XGBModel", None)  # Missing where scikit-learn is.
    for kind in [] if model is None else [model, *_subclasses(model)]:
        if "fit" in vars(kind):
            _patches.wrap(kind, "fit", estimator.fit)


def _subclasses(kind: type) -> list[type]:
    children: list[type] = type.__subclasses__(kind)
    return [found for child in children for found in (child, *_subclasses(child))]
