"""A fit of a model, from its formula to its coefficients."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from trackline import _config
from trackline._guard import guard
from trackline._patch import Call
from trackline.integrations import _dataset, _fit, _model, _names, _params, _predictions, _quiet, _session
from trackline.integrations.statsmodels import results

if TYPE_CHECKING:
    from trackline._config import Config

FLAVOR = "statsmodels"
CHOSEN = ("formula", "order", "seasonal_order", "trend")
"""What a model was made with, by the names of its attributes."""


def fit(call: Call) -> Any:
    """`fit` and `fit_regularized`."""
    config, model = _config.of(FLAVOR), call.args[0]
    node = None if config is None or _session.inside() else _fit.begin(FLAVOR, f"{FLAVOR}.fit", config)
    if node is None or config is None:
        yield
        return
    with node:
        params: dict[str, str] = {}
        with guard("statsmodels.params"):
            params = _params_of(call)
            node.log.set_tags(_params.tags_of(model))
            node.log.log_params(params)
        data = _data(model)
        data_name = _names.variable(data, _names.caller(), "dataset")
        with guard("statsmodels.dataset"):
            if config.log_datasets:
                _log_dataset(node, model, data, data_name)
        with _session.recording():
            outcome = yield
        if not node.failed(outcome) and hasattr(outcome.value, "params"):
            _after(node, model, outcome.value, config, params, data_name)


def _after(
    node: _fit.FitRun, model: Any, result: Any, config: Config, params: dict[str, str], data_name: str
) -> None:
    log, model_id, data = node.log, None, _data(model)
    with _quiet.unnoticed(model):
        if config.log_models:
            with guard("statsmodels.model"):
                takes_rows = getattr(model.data, "orig_exog", None) is not None
                fitted = getattr(result, "fittedvalues", None) if takes_rows else None
                rows = _explaining(model, _model.first_rows(data)) if fitted is not None else None
                model_id = _model.save(log, result, _writer, config, rows, fitted, "model", params)
        with guard("statsmodels.metrics"):
            log.log_metrics(results.metrics(result), model_id=model_id)
        with guard("statsmodels.coefficients"):
            if (table := results.coefficients(result)) is not None:
                log.log_text(table, "coefficients.csv")
        with guard("statsmodels.summary"):
            if (text := results.summary(result)) is not None:
                log.log_text(text, "model_summary.txt")
    known = _predictions.Fitted(log, config, model_id)
    known.remember(data, data_name)
    # What users hold is a wrapper; its methods are those of what is in it.
    _predictions.remember_fit(getattr(result, "_results", result), known)


def _params_of(call: Call) -> dict[str, str]:
    """The arguments of the fit, and what the model itself was made with."""
    bound = inspect.signature(call.original).bind(*call.args, **call.kwargs)
    bound.apply_defaults()
    _, *arguments = bound.arguments.items()  # Without `self`.
    model = call.args[0]
    given = {key: value for key, value in arguments if key != "kwargs"} | bound.arguments.get("kwargs", {})
    given |= {key: getattr(model, key, None) for key in CHOSEN}
    given["family"] = type(model.family).__name__ if hasattr(model, "family") else None
    # Arrays are data: weights, starting values.
    plain = {key: value for key, value in given.items() if value is not None and not hasattr(value, "shape")}
    return _params.texts(plain)


def _data(model: Any) -> Any:
    """What the model reads: the table of its formula, else the explaining variables, else the series itself."""
    for name in ("frame", "orig_exog", "orig_endog"):
        if (found := getattr(model.data, name, None)) is not None:
            return found
    return None


def _explaining(model: Any, data: Any) -> Any:
    """The table of a formula without what it explains."""
    explained = model.endog_names
    drops = hasattr(model.data, "frame") and isinstance(explained, str) and explained in data.columns
    return data.drop(columns=[explained]) if drops else data


def _log_dataset(node: _fit.FitRun, model: Any, data: Any, name: str) -> None:
    labels = None if data is model.data.orig_endog or hasattr(model.data, "frame") else model.data.orig_endog
    if data is not None and (dataset := _dataset.describe(data, labels, name)) is not None:
        node.log.log_input(dataset, "train")


def _writer(result: Any) -> Any:
    from trackline.statsmodels import writer

    return writer(result)
