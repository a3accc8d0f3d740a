"""XGBoost: `train`, `cv` and the models of its scikit-learn API."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from trackline import _patch
from trackline._patch import Call
from trackline.integrations import _training
from trackline.integrations.xgboost import booster

_patches = _patch.Patches()
unpatch = _patches.undo


def patch() -> None:
    """Records XGBoost from now on, or differently. Imports nothing."""
    _patches.on_import("xgboost", _patch_module)


def train(call: Call) -> Any:
    """`xgboost.train`."""
    yield from _training.train(booster, call)


def cv(call: Call) -> Any:
    """`xgboost.cv`."""
    yield from _training.cv(booster, call)


def fit(call: Call) -> Any:
    """`fit` of the scikit-learn API."""
    yield from _training.fit(booster, call)


def _patch_module(xgboost: ModuleType) -> None:
    hooks = {"train": train, "cv": cv, "fit": fit}
    matrices = [vars(xgboost)[name] for name in ("DMatrix", "QuantileDMatrix") if hasattr(xgboost, name)]
    _training.patch(_patches, xgboost, hooks, matrices, getattr(xgboost, "XGBModel", None))
