"""Tests and measures of error that the user's own code calls: `durbin_watson(results.resid)`, `adfuller(series)`."""

from __future__ import annotations

import functools
from typing import Any

from trackline import _ambient, _observed
from trackline._patch import Call, Patches
from trackline._script import frames
from trackline.integrations import _names, _session

SOURCE = "statsmodels.tests"
FUNCTIONS = {
    "statsmodels.stats.stattools": "durbin_watson jarque_bera omni_normtest",
    "statsmodels.stats.diagnostic": "acorr_breusch_godfrey het_arch het_breuschpagan het_white lilliefors linear_rainbow normal_ad",
    "statsmodels.tsa.stattools": "adfuller coint kpss",
    "statsmodels.tools.eval_measures": "bias maxabs meanabs medianabs mse rmse rmspe",
}
"""By module. They give a number, or several: a statistic and its p-value first."""

_counts: dict[tuple[str, str], int] = {}


def patch(patches: Patches) -> None:
    """Observes them wherever they are called from. Imports nothing."""
    for module, names in FUNCTIONS.items():
        patches.on_import(module, functools.partial(_watch, patches, names.split()))


def unpatch() -> None:
    """Forgets how often each was called."""
    _counts.clear()


def _watch(patches: Patches, names: list[str], module: Any) -> None:
    patches.wrap_functions([vars(module)[name] for name in names if name in vars(module)], _measured, _session.inside)


def _measured(call: Call) -> Any:
    frame = _names.caller()
    with _session.recording():
        outcome = yield
    if outcome.error is not None or frame is None or not frames.is_own(frame.f_code):
        return  # A summary tells what it calls itself.
    found = _numbers(call.original.__name__, outcome.value)
    if found and (run := _ambient.run(start=True)) is not None:
        for key, value in found.items():
            step = _counts[run.id, key] = _counts.get((run.id, key), -1) + 1
            _observed.metric(run, key, value, step, source=SOURCE)


def _numbers(name: str, value: Any) -> dict[str, float]:
    if _is_number(value):
        return {name: float(value)}
    pair = value[:2] if isinstance(value, tuple) else (getattr(value, "statistic", None), getattr(value, "pvalue", None))
    if len(pair) == 2 and all(map(_is_number, pair)):
        return {f"{name}_statistic": float(pair[0]), f"{name}_pvalue": float(pair[1])}
    return {}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)  # numpy's double is a float.
