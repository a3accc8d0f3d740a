"""scikit-learn models."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from trackline._autolog import sklearn_autolog as autolog
from trackline.exceptions import MlflowException
from trackline.models import ModelInfo, ModelSignature
from trackline.models import logged
from trackline.models import pickling
from trackline.models.flavors import Predictor, folder_of
from trackline.models.loading import fetch, flavor_of
from trackline.models.model import Model
from trackline.models.requirements import modules_of
from trackline.models.saving import Flavored, Options, save

__all__ = ["autolog", "load_model", "log_model", "save_model"]

FLAVOR = "sklearn"
FILE = "model.pkl"
FORMATS = ("cloudpickle", "pickle")


def save_model(
    sk_model: Any,
    path: str,
    conda_env: Any = None,
    code_paths: list[str] | None = None,
    mlflow_model: Model | None = None,
    serialization_format: str | None = None,
    signature: ModelSignature | None = None,
    input_example: Any = None,
    pip_requirements: list[str] | str | None = None,
    extra_pip_requirements: list[str] | str | None = None,
    pyfunc_predict_fn: str = "predict",
    metadata: dict[str, Any] | None = None,
    extra_files: list[str] | None = None,
) -> None:
    """Saves a model as a folder in the MLmodel format; `serialization_format` is `cloudpickle` or `pickle`."""
    options = Options(
        signature, input_example, conda_env, pip_requirements, extra_pip_requirements, code_paths, extra_files, metadata
    )
    save(path, writer(sk_model, serialization_format, pyfunc_predict_fn), options, mlflow_model)


def log_model(
    sk_model: Any,
    artifact_path: str | None = None,
    conda_env: Any = None,
    code_paths: list[str] | None = None,
    serialization_format: str | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: list[str] | str | None = None,
    extra_pip_requirements: list[str] | str | None = None,
    pyfunc_predict_fn: str = "predict",
    metadata: dict[str, Any] | None = None,
    extra_files: list[str] | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
    name: str | None = None,
) -> ModelInfo:
    """Logs a model to the current run, as `name` (or `artifact_path`, the older word for it)."""
    options = Options(
        signature, input_example, conda_env, pip_requirements, extra_pip_requirements, code_paths, extra_files, metadata
    )
    to = logged.Destination(name or artifact_path, params, tags, model_type, step, registered_model_name)
    return logged.log(writer(sk_model, serialization_format, pyfunc_predict_fn), options, to)


def load_model(model_uri: str, dst_path: str | None = None) -> Any:
    """The model at this URI or folder. It is unpickled, which runs code out of it: load only what you trust."""
    folder = fetch(model_uri, dst_path)
    return pickling.load(os.path.join(folder, flavor_of(folder, FLAVOR)["pickled_model"]))


def writer(sk_model: Any, serialization_format: str | None = None, predict_fn: str = "predict") -> Any:
    """What writes the files of this model into a folder."""
    kind = serialization_format or "cloudpickle"
    if kind not in FORMATS:
        raise MlflowException.invalid_parameter_value(
            f"`{kind}` is no serialization format: use {' or '.join(FORMATS)}."
        )

    def write(folder: str) -> Flavored:
        import sklearn

        with open(os.path.join(folder, FILE), "wb") as file:
            pickling.dump(sk_model, file, kind)
        fields = {"pickled_model": FILE, "sklearn_version": sklearn.__version__, "serialization_format": kind}
        loader = {"model_path": FILE, "predict_fn": predict_fn}
        modules = modules_of(sk_model) | {"sklearn", "numpy", "scipy", "cloudpickle"}
        return Flavored(FLAVOR, fields, "mlflow.sklearn", loader, modules, getattr(sk_model, predict_fn, None))

    return write


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> Any:
    """What `pyfunc.load_model` calls with the folder or the file."""
    folder = folder_of(path)
    model = load_model(folder)
    predict = getattr(model, flavor_of(folder, "python_function").get("predict_fn", "predict"))
    return Predictor(model, lambda data, **_params: predict(data))
