"""The models of XGBoost's scikit-learn API."""

from __future__ import annotations

from typing import Any

from trackline._guard import guard
from trackline._patch import Call
from trackline.integrations import _arguments, _estimator, _fit, _inner, _params, _session
from trackline.integrations._boosting import Boosting
from trackline.integrations.xgboost import booster, state


def fit(call: Call) -> Any:
    """`fit` of `XGBModel` and its subclasses. The `train` it calls logs the curve into the same run."""
    config, model = state.config, call.args[0]
    if (inner := _inner.boosting()) is not None:
        with _session.recording(inner):
            yield
        return
    node = None if config is None or _session.inside() else _fit.begin("xgboost", "xgboost.fit", config)
    if node is None or config is None:
        yield
        return
    with node:
        recording = _estimator.Recording(node, "xgboost", model, _arguments.of_fit(call), config)
        boosting = Boosting(node.log)
        given = _params.of(model)
        with guard("xgboost.params"):
            recording.before(given)
            sets = enumerate(call.kwargs.get("eval_set") or ())
            recording.log_eval_sets((f"validation_{number}", *pair) for number, pair in sets)
        with _session.recording(boosting):
            outcome = yield
        if not node.failed(outcome):
            parts = []
            with guard("xgboost.booster"):
                grown = model.get_booster()
                booster.describe(boosting, grown, given)
                recording.params |= boosting.params
                parts.append(booster.structure(grown))
            boosting.link(recording.after(booster.writer, parts).model_id)
