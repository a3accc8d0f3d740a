"""CatBoost models."""

from __future__ import annotations

import functools
import os
from typing import Any

from trackline import _autolog
from trackline.models import ModelInfo
from trackline.models.flavors import Predictor, folder_of, log_flavored, save_flavored
from trackline.models.loading import fetch, flavor_of
from trackline.models.model import Model
from trackline.models.saving import Flavored

__all__ = ["autolog", "load_model", "log_model", "save_model"]

FLAVOR = "catboost"
FILE = "model.cb"

autolog = functools.partial(_autolog.flavor_autolog, FLAVOR)


def save_model(cb_model: Any, path: str, *, mlflow_model: Model | None = None, **options: Any) -> None:
    """Saves a model as a folder in the MLmodel format. `options` are those of `log_model` that describe a model."""
    save_flavored(writer(cb_model), path, mlflow_model, options)


def log_model(cb_model: Any, artifact_path: str | None = None, *, name: str | None = None, **options: Any) -> ModelInfo:
    """Logs a model to the current run, as `name` (or `artifact_path`, the older word for it). `options` are
    `signature`, `input_example`, `registered_model_name` and the others of `trackline.sklearn.log_model`."""
    return log_flavored(writer(cb_model), name or artifact_path, options)


def load_model(model_uri: str, dst_path: str | None = None) -> Any:
    """The model at this URI or folder, as an object of the class that was saved."""
    import catboost

    folder = fetch(model_uri, dst_path)
    fields = flavor_of(folder, FLAVOR)
    return getattr(catboost, fields["model_type"])().load_model(
        os.path.join(folder, fields["data"]), format=fields["save_format"]
    )


def writer(cb_model: Any) -> Any:
    """What writes the files of this model into a folder."""

    def write(folder: str) -> Flavored:
        import catboost

        cb_model.save_model(os.path.join(folder, FILE), format="cbm")
        kind = next(base.__name__ for base in type(cb_model).__mro__ if base.__module__.startswith("catboost"))
        fields = {"catboost_version": catboost.__version__, "data": FILE, "model_type": kind, "save_format": "cbm"}
        modules = {"catboost", "numpy", "pandas", "scipy"}
        return Flavored(FLAVOR, fields, "mlflow.catboost", {"data": FILE}, modules, cb_model.predict)

    return write


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> Any:
    """What `pyfunc.load_model` calls with the folder or the file."""
    return Predictor(load_model(folder_of(path)))
