"""`Model.fit`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trackline import _config
from trackline._guard import guard
from trackline._patch import Call
from trackline.integrations import (
    _curve,
    _dataset,
    _fit,
    _inner,
    _model,
    _names,
    _predictions,
    _session,
    _structure,
    _torch_data,
)
from trackline.integrations.keras import arguments, curve, streams, structure

if TYPE_CHECKING:
    from trackline._config import Config

FLAVOR = "keras"


def fit(call: Call) -> Any:
    """One run from the parameters to the model; inside another fit, the curve in the run of that."""
    config = _config.of(FLAVOR)
    if (inner := _inner.boosting()) is not None:
        with guard("keras.curve"):
            _observe(call, arguments.of_fit(call), inner.curve)
        yield
        return
    node = None if config is None or _session.inside() else _fit.begin(FLAVOR, "keras.fit", config)
    if node is None or config is None:
        with _session.recording():  # The steps of its optimizer are no loop of the user.
            yield
        return
    with node:
        given, points = arguments.of_fit(call), _curve.Curve(node.log)
        params: dict[str, str] = {}
        with guard("keras.params"):
            params = arguments.params(call.args[0], given)
            node.log.log_params(params)
        data_name = _names.variable(given["x"], _names.caller(), "dataset")
        with guard("keras.dataset"):
            if config.log_datasets:
                _log_datasets(node, given, data_name)
        _observe(call, given, points)
        with _session.recording():
            outcome = yield
        if not node.failed(outcome):
            _after(node, call.args[0], given, points, params, config, data_name)


def _observe(call: Call, given: Mapping[str, Any], points: _curve.Curve) -> None:
    """Ours goes where theirs is, by position or by name."""
    names = list(given)
    place = names.index("callbacks")
    theirs = curve.callbacks(given["callbacks"], points)
    if len(call.args) > place:
        call.args = (*call.args[:place], theirs, *call.args[place + 1 :])
    else:
        call.kwargs = {**call.kwargs, "callbacks": theirs}


def _after(
    node: _fit.FitRun,
    model: Any,
    given: Mapping[str, Any],
    points: _curve.Curve,
    params: dict[str, str],
    config: Config,
    data_name: str,
) -> None:
    log = node.log
    with guard("keras.early_stopping"):
        log.log_metrics(arguments.early_stopping(given))
    with guard("keras.summary"):
        log.log_text(structure.summary(model), "model_summary.txt")
    with guard("keras.structure"):
        _structure.log(log, structure.tree(model))
    model_id = None
    if config.log_models:
        with guard("keras.model"):
            rows = _first_rows(given["x"])
            model_id = _model.save(log, model, _writer, config, rows, _example_output(model), "model", params)
    points.link(model_id)
    fitted = _predictions.Fitted(log, config, model_id)
    fitted.remember(given["x"], data_name)
    _predictions.remember_fit(model, fitted)


def _log_datasets(node: _fit.FitRun, given: Mapping[str, Any], name: str) -> None:
    described = [("train", given["x"], given.get("y"), name)]
    held_out = given.get("validation_data")
    data, labels, *_ = held_out if isinstance(held_out, tuple) else (held_out, None)
    described.append(("eval", data, labels, "validation"))
    for context, data, labels, called in described:
        if hasattr(data, "dataset") and hasattr(data, "batch_size"):
            _torch_data.log(node.log, data, context, called)
        elif streams.is_stream(data):
            if (dataset := streams.describe(data, called)) is not None:
                node.log.log_input(dataset, context)
        elif hasattr(data, "shape") and (dataset := _dataset.describe(data, labels, called)) is not None:
            node.log.log_input(dataset, context)


def _first_rows(data: Any) -> Any:
    if isinstance(data, dict) and all(hasattr(part, "__array_interface__") for part in data.values()):
        return {name: _model.first_rows(part) for name, part in data.items()}
    return _model.first_rows(data) if hasattr(data, "__array_interface__") or hasattr(data, "iloc") else None


def _example_output(model: Any) -> Any:
    """Zeros of the shape that the model gives: to predict would build it a function it may never need."""
    import numpy as np

    outputs = getattr(model, "outputs", None)
    if not outputs or len(outputs) != 1:
        return None
    return np.zeros([1 if size is None else size for size in outputs[0].shape], dtype=str(outputs[0].dtype))


def _writer(model: Any) -> Any:
    from trackline.keras import writer

    return writer(model, weights_will_do=True)
