"""Results of statsmodels."""

from __future__ import annotations

import functools
import os
from typing import Any

from trackline import _autolog
from trackline.exceptions import MlflowException
from trackline.models import ModelInfo, pickling
from trackline.models.flavors import Predictor, folder_of, log_flavored, save_flavored
from trackline.models.loading import fetch, flavor_of
from trackline.models.model import Model
from trackline.models.saving import Flavored

__all__ = ["autolog", "load_model", "log_model", "save_model"]

FLAVOR = "statsmodels"
FILE = "model.statsmodels"

autolog = functools.partial(_autolog.flavor_autolog, FLAVOR)


def save_model(
    statsmodels_model: Any,
    path: str,
    *,
    mlflow_model: Model | None = None,
    remove_data: bool = False,
    **options: Any,
) -> None:
    """Saves results as a folder in the MLmodel format; `remove_data` takes what they were fitted to out of them.
    `options` are those of `log_model` that describe a model."""
    save_flavored(writer(statsmodels_model, remove_data), path, mlflow_model, options)


def log_model(
    statsmodels_model: Any,
    artifact_path: str | None = None,
    *,
    name: str | None = None,
    remove_data: bool = False,
    **options: Any,
) -> ModelInfo:
    """Logs results to the current run, as `name` (or `artifact_path`, the older word for it); `remove_data` leaves out
    what they were fitted to. `options` are `signature`, `input_example`, `registered_model_name` and the others of
    `trackline.sklearn.log_model`."""
    return log_flavored(writer(statsmodels_model, remove_data), name or artifact_path, options)


def load_model(model_uri: str, dst_path: str | None = None) -> Any:
    """The results at this URI or folder. They are unpickled, which runs code out of them: load only what you trust."""
    folder = fetch(model_uri, dst_path)
    return pickling.load(os.path.join(folder, flavor_of(folder, FLAVOR).get("data", FILE)))


def writer(statsmodels_model: Any, remove_data: bool = False) -> Any:
    """What writes the files of these results into a folder."""

    def write(folder: str) -> Flavored:
        import statsmodels

        if remove_data:
            statsmodels_model.remove_data()
        # Not by its own `save`: models whose class is in a script have to be written, too.
        with open(os.path.join(folder, FILE), "wb") as file:
            pickling.dump(statsmodels_model, file, "cloudpickle")
        fields = {"statsmodels_version": statsmodels.__version__, "data": FILE}
        modules = {"statsmodels", "numpy", "pandas", "scipy", "cloudpickle"}
        predict = functools.partial(_predict, statsmodels_model)
        return Flavored(FLAVOR, fields, "mlflow.statsmodels", {"data": FILE}, modules, predict)

    return write


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> Any:
    """What `pyfunc.load_model` calls with the folder or the file."""
    results = load_model(folder_of(path))
    return Predictor(results, functools.partial(_predict, results))


def _predict(results: Any, data: Any, **_: Any) -> Any:
    from statsmodels.tsa.base.tsa_model import TimeSeriesModel

    if not isinstance(results.model, TimeSeriesModel):
        return results.predict(data)
    if len(data) != 1 or not {"start", "end"} <= set(data.columns):
        raise MlflowException.invalid_parameter_value(
            "A model of a time series predicts from a table of one row with the columns `start` and `end`."
        )
    return results.predict(start=data["start"].iloc[0], end=data["end"].iloc[0])
