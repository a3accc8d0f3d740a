"""statsmodels: `fit` and `fit_regularized` of every model, formulas included; tests and measures of error."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from trackline import _patch
from trackline.integrations import _afterwards, _session
from trackline.integrations.statsmodels import fit, measures
from trackline.observers import _shown

FITS = ("fit", "fit_regularized")

_patches = _patch.Patches()


def patch() -> None:
    """Records statsmodels from now on, or differently. Imports nothing."""
    _patches.on_import("statsmodels.base.model", _patch_module)
    for module in ("statsmodels.iolib.summary", "statsmodels.iolib.summary2"):
        _patches.on_import(module, _patch_summary)
    measures.patch(_patches)


def unpatch() -> None:
    """Puts everything back."""
    _patches.undo()
    measures.unpatch()


def _patch_module(module: ModuleType) -> None:
    for kind in _patch.with_subclasses(module.Model):
        _patch_fits(kind)
    _patches.wrap(module.Model, "__init__", _made)
    _patches.wrap(module.Results, "predict", _afterwards.predict, unless=_session.inside)


def _patch_summary(module: ModuleType) -> None:
    _patches.wrap(module.Summary, "as_text", _told)


def _told(call: _patch.Call) -> Any:
    """What a summary shows is on record as metrics, coefficients and text."""
    outcome = yield
    if outcome.error is None:
        _shown.expect(outcome.value)


def _made(call: _patch.Call) -> Any:
    """Models of modules that were imported later are known by their first object."""
    yield
    for kind in type(call.args[0]).__mro__:
        _patch_fits(kind)


def _patch_fits(kind: type) -> None:
    for name in FITS:
        if name in vars(kind):
            _patches.wrap(kind, name, fit.fit)
