"""CatBoost: the fits of its estimators, which `train` calls too, and `cv`."""

from __future__ import annotations

from types import ModuleType

from trackline import _patch
from trackline.integrations import _afterwards, _matrix, _session
from trackline.integrations.catboost import fit, folds

KINDS = ("CatBoost", "CatBoostClassifier", "CatBoostRanker", "CatBoostRegressor")
PREDICTIONS = ("predict", "predict_proba", "predict_log_proba")

_patches = _patch.Patches()
unpatch = _patches.undo


def patch() -> None:
    """Records CatBoost from now on, or differently. Imports nothing."""
    _patches.on_import("catboost", _patch_module)


def _patch_module(catboost: ModuleType) -> None:
    _patches.wrap(catboost.Pool, "__init__", _matrix.made)
    _patches.wrap_functions([catboost.cv], folds.cv)
    for kind in (getattr(catboost, name) for name in KINDS):
        _patches.wrap(kind, "fit", fit.fit)
        for name in PREDICTIONS:
            if name in vars(kind):
                _patches.wrap(kind, name, _afterwards.predict, unless=_session.inside)
