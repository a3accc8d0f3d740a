"""XGBoost models: boosters, and models of its scikit-learn API."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from typing import Any

from trackline._autolog import xgboost_autolog as autolog
from trackline.models import ModelInfo, ModelSignature
from trackline.models import logged
from trackline.models.flavors import Predictor, folder_of
from trackline.models.loading import fetch, flavor_of
from trackline.models.model import Model
from trackline.models.saving import Flavored, Options, save

__all__ = ["autolog", "load_model", "log_model", "save_model"]

FLAVOR = "xgboost"


def save_model(
    xgb_model: Any,
    path: str,
    conda_env: Any = None,
    code_paths: list[str] | None = None,
    mlflow_model: Model | None = None,
    signature: ModelSignature | None = None,
    input_example: Any = None,
    pip_requirements: list[str] | str | None = None,
    extra_pip_requirements: list[str] | str | None = None,
    model_format: str = "ubj",
    metadata: dict[str, Any] | None = None,
    extra_files: list[str] | None = None,
) -> None:
    """Saves a model as a folder in the MLmodel format; `model_format` is `ubj` or `json`."""
    options = Options(
        signature, input_example, conda_env, pip_requirements, extra_pip_requirements, code_paths, extra_files, metadata
    )
    save(path, writer(xgb_model, model_format), options, mlflow_model)


def log_model(
    xgb_model: Any,
    artifact_path: str | None = None,
    conda_env: Any = None,
    code_paths: list[str] | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: list[str] | str | None = None,
    extra_pip_requirements: list[str] | str | None = None,
    model_format: str = "ubj",
    metadata: dict[str, Any] | None = None,
    extra_files: list[str] | None = None,
    name: str | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
) -> ModelInfo:
    """Logs a model to the current run, as `name` (or `artifact_path`, the older word for it)."""
    options = Options(
        signature, input_example, conda_env, pip_requirements, extra_pip_requirements, code_paths, extra_files, metadata
    )
    to = logged.Destination(name or artifact_path, params, tags, model_type, step, registered_model_name)
    return logged.log(writer(xgb_model, model_format), options, to)


def load_model(model_uri: str, dst_path: str | None = None) -> Any:
    """The model at this URI or folder, as an object of the class that was saved."""
    folder = fetch(model_uri, dst_path)
    fields = flavor_of(folder, FLAVOR)
    module, _, name = fields.get("model_class", "xgboost.core.Booster").rpartition(".")
    model = getattr(importlib.import_module(module), name)()
    model.load_model(os.path.join(folder, fields["data"]))
    return model


def writer(xgb_model: Any, model_format: str = "ubj") -> Any:
    """What writes the files of this model into a folder."""

    def write(folder: str) -> Flavored:
        import xgboost

        file = f"model.{model_format}"
        xgb_model.save_model(os.path.join(folder, file))
        fields = {
            "xgb_version": xgboost.__version__,
            "data": file,
            "model_class": f"{type(xgb_model).__module__}.{type(xgb_model).__qualname__}",
            "model_format": model_format,
        }
        modules = {"xgboost", "numpy", "scipy"} | ({"sklearn"} if hasattr(xgb_model, "get_params") else set())
        return Flavored(FLAVOR, fields, "mlflow.xgboost", {"data": file}, modules, _predict(xgb_model))

    return write


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> Any:
    """What `pyfunc.load_model` calls with the folder or the file."""
    model = load_model(folder_of(path))
    return Predictor(model, _predict(model))


def _predict(xgb_model: Any) -> Any:
    """A booster predicts of a matrix."""
    import xgboost

    if not isinstance(xgb_model, xgboost.Booster):
        return xgb_model.predict
    return lambda data, **params: xgb_model.predict(xgboost.DMatrix(data), **params)
