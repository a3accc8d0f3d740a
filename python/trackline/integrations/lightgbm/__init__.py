"""LightGBM: `train`, `cv` and the models of its scikit-learn API."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from trackline import _patch
from trackline._patch import Call
from trackline.integrations import _training
from trackline.integrations.lightgbm import booster

_patches = _patch.Patches()
unpatch = _patches.undo


def patch() -> None:
    """Records LightGBM from now on, or differently. Imports nothing."""
    _patches.on_import("lightgbm", _patch_module)


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
