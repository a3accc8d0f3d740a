"""What a model predicts after a fit that was recorded: the data it reads, and predictions to know again in a score."""

from __future__ import annotations

from typing import Any

from trackline._patch import Call
from trackline.integrations import _dataset, _names, _predictions, _session


def predict(call: Call) -> Any:
    """`predict`, `predict_proba` and their like, with the data as first argument."""
    fitted = _predictions.fit_of(call.args[0])
    if fitted is None or not fitted.config.log_post_training_metrics:
        yield
        return
    with _session.recording():
        outcome = yield
    if outcome.error is not None or len(call.args) + len(call.kwargs) < 2:
        return
    data = call.args[1] if len(call.args) > 1 else next(iter(call.kwargs.values()))
    name = fitted.name_of(data)
    if name is None:
        name = fitted.remember(data, _names.variable(data, _names.caller(), "unknown_dataset"))
        if fitted.config.log_datasets and (dataset := _dataset.describe(data, None, name)) is not None:
            fitted.log.log_input(dataset, "eval")
    _predictions.remember(outcome.value, fitted, name)
