"""scikit-learn: every estimator with `fit`, searches with all their candidates, and scores computed afterwards."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from trackline import _patch, _taken_names
from trackline.integrations import _afterwards, _predictions, _session
from trackline.integrations.sklearn import fit, folds, metric_settings, metrics, parallel, steps

FITS = ("fit", "fit_predict", "fit_transform")
AFTERWARDS = {
    "predict": _afterwards.predict,
    "predict_proba": _afterwards.predict,
    "predict_log_proba": _afterwards.predict,
    "decision_function": _afterwards.predict,
    "score": metrics.score,
}
QUIET = ("cross_val_predict", "permutation_test_score")
"""Their fits are many and short-lived, and make no runs."""

_patches = _patch.Patches()
# A class is looked at once, and not again with each one that derives from it: scikit-learn has hundreds.
_looked_at: weakref.WeakSet[type] = weakref.WeakSet()


def patch() -> None:
    """Records scikit-learn from now on, or differently. Imports nothing."""
    with _taken_names.at_once():
        _patches.on_import("sklearn.base", _patch_estimators)
        for module in ("sklearn.metrics", "imblearn.metrics"):
            _patches.on_import(module, _patch_metrics)
        _patches.on_import("sklearn.model_selection", _patch_validators)
        _patches.on_import("joblib.parallel", _patch_parallel)


def unpatch() -> None:
    """Puts everything back and forgets what was fitted."""
    _patches.undo()
    _looked_at.clear()
    _predictions.forget()
    _afterwards.forget()
    metrics.forget()
    metric_settings.forget()


def _patch_estimators(base: ModuleType) -> None:
    """By protocol: the classes there are, and with `__init_subclass__` those still to come."""
    for kind in _subclasses(base.BaseEstimator):
        _patch_class(kind)
    owner = next(kind for kind in base.BaseEstimator.__mro__ if "__init_subclass__" in vars(kind))
    if owner is not object:
        _patches.wrap(owner, "__init_subclass__", _new_class, charged=False)


def _subclasses(kind: type) -> Iterator[type]:
    children: list[type] = type.__subclasses__(kind)
    for child in children:
        yield child
        yield from _subclasses(child)


def _patch_class(kind: type) -> None:
    for base in kind.__mro__:
        if base not in _looked_at:
            _looked_at.add(base)
            _patch_methods(base)


def _patch_methods(kind: type) -> None:
    for name in FITS:
        if name in vars(kind) and _patch.can_wrap(vars(kind)[name]):
            _patches.wrap(kind, name, fit.fit)
    if "partial_fit" in vars(kind) and _patch.can_wrap(vars(kind)["partial_fit"]):
        _patches.wrap(kind, "partial_fit", steps.partial_fit, unless=_session.inside)
    for name, hook in AFTERWARDS.items():
        if name in vars(kind) and _patch.can_wrap(vars(kind)[name]):
            _patches.wrap(kind, name, hook, unless=_session.inside)


def _new_class(call: _patch.Call) -> Any:
    yield
    _patch_class(call.args[0])


def _patch_metrics(module: ModuleType) -> None:
    _patches.wrap_functions(metrics.functions(module), metrics.metric, unless=_session.inside)


def _patch_validators(module: ModuleType) -> None:
    _patches.wrap_functions([module.cross_validate, module.cross_val_score], folds.validate)
    _patches.wrap_functions([module.validation_curve, module.learning_curve], folds.scan)
    _patches.wrap_functions([getattr(module, name) for name in QUIET if hasattr(module, name)], parallel.quiet)


def _patch_parallel(module: ModuleType) -> None:
    _patches.wrap(module.Parallel, "__call__", parallel.parallel)
