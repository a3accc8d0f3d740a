"""The models of XGBoost's scikit-learn API."""

from __future__ import annotations

from typing import Any

from trackline._guard import guard
from trackline._patch import Call
from trackline.integrations import _arguments, _estimator, _fit, _params, _session
from trackline.integrations.xgboost import booster, state


def fit(call: Call) -> Any:
    """`fit` of `XGBModel` and its subclasses. The `train` it calls logs the curve into the same run."""
    config, model = state.config, call.args[0]
    node = None if config is None or _session.inside() else _fit.begin("xgboost", "xgboost.fit", config)
    if node is None or config is None:
        yield
        return
    with node:
        recording = _estimator.Recording(node, "xgboost", model, _arguments.of_fit(call), config)
        boosting = booster.Boosting(node.log)
        given = _params.of(model)
        with guard("xgboost.params"):
            recording.before(given)
        with _session.recording(boosting), node.original():
            outcome = yield
        if not node.failed(outcome):
            with guard("xgboost.booster"):
                boosting.describe(model.get_booster(), given)
            recording.after(booster.writer)
