from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from typing import Any

from trackline.exceptions import MlflowException
from trackline.models import ModelInfo, ModelSignature, logged, pickling
from trackline.models.loading import flavor_of
from trackline.models.model import Model
from trackline.models.requirements import modules_of
from trackline.models.saving import PYFUNC, Flavored, Options, save

FILE = "python_model.pkl"
ARTIFACTS = "artifacts"


class PythonModelContext:
    """What a Python model finds beside it: paths of its artifacts, and its configuration."""

    def __init__(self, artifacts: dict[str, str], model_config: dict[str, Any] | None = None) -> None:
        self.artifacts = artifacts
        self.model_config = model_config or {}


class PythonModel:
    """A model that is plain Python: derive from it and write `predict`."""

    def load_context(self, context: PythonModelContext) -> None:
        """Is called once, before the first prediction."""

    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        """Predicts."""
        raise NotImplementedError


class _Function(PythonModel):
    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        return self.function(model_input)


def save_model(
    path: str,
    code_paths: list[str] | None = None,
    conda_env: Any = None,
    mlflow_model: Model | None = None,
    python_model: Any = None,
    artifacts: Mapping[str, str] | None = None,
    signature: ModelSignature | None = None,
    input_example: Any = None,
    pip_requirements: list[str] | str | None = None,
    extra_pip_requirements: list[str] | str | None = None,
    metadata: dict[str, Any] | None = None,
) -> None:
    """Saves a `PythonModel`, or a function of the input, as a folder in the MLmodel format."""
    options = Options(
        signature, input_example, conda_env, pip_requirements, extra_pip_requirements, code_paths, None, metadata
    )
    save(path, _writer(python_model, artifacts), options, mlflow_model)


def log_model(
    artifact_path: str | None = None,
    code_paths: list[str] | None = None,
    conda_env: Any = None,
    python_model: Any = None,
    artifacts: Mapping[str, str] | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: list[str] | str | None = None,
    extra_pip_requirements: list[str] | str | None = None,
    metadata: dict[str, Any] | None = None,
    name: str | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
) -> ModelInfo:
    """Logs a `PythonModel`, or a function of the input, to the current run."""
    options = Options(
        signature, input_example, conda_env, pip_requirements, extra_pip_requirements, code_paths, None, metadata
    )
    to = logged.Destination(name or artifact_path, params, tags, model_type, step, registered_model_name)
    return logged.log(_writer(python_model, artifacts), options, to)


def _writer(python_model: Any, artifacts: Mapping[str, str] | None) -> Callable[[str], Flavored]:
    if not isinstance(python_model, PythonModel) and not callable(python_model):
        raise MlflowException.invalid_parameter_value(
            f"`python_model` is a PythonModel or a function, not {type(python_model).__qualname__}."
        )
    model = python_model if isinstance(python_model, PythonModel) else _Function(python_model)

    def write(folder: str) -> Flavored:
        with open(os.path.join(folder, FILE), "wb") as file:
            pickling.dump(model, file, "cloudpickle")
        kept = {name: _keep(folder, uri) for name, uri in (artifacts or {}).items()}
        loader = {
            "python_model": FILE,
            "cloudpickle_version": pickling.cloudpickle().__version__,
            "artifacts": {name: {"path": path, "uri": (artifacts or {})[name]} for name, path in kept.items()},
        }
        context = PythonModelContext({name: os.path.join(folder, path) for name, path in kept.items()})

        def predict(data: Any) -> Any:
            model.load_context(context)
            return model.predict(context, data)

        modules = modules_of(model) | {"cloudpickle"}
        return Flavored(PYFUNC, {}, "mlflow.pyfunc.model", loader, modules, predict)

    return write


def _keep(folder: str, uri: str) -> str:
    from trackline.artifacts import download_artifacts

    source = uri if os.path.exists(uri) else download_artifacts(uri)
    path = f"{ARTIFACTS}/{os.path.basename(os.path.normpath(source))}"
    target = os.path.join(folder, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.isdir(source):
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)
    return path


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> Any:
    """What `pyfunc.load_model` calls with the folder."""
    fields = flavor_of(path, PYFUNC)
    artifacts = {name: os.path.join(path, kept["path"]) for name, kept in (fields.get("artifacts") or {}).items()}
    model = pickling.load(os.path.join(path, fields["python_model"]))
    context = PythonModelContext(artifacts, model_config)
    model.load_context(context)
    return _Predictor(model, context)


class _Predictor:
    def __init__(self, python_model: Any, context: PythonModelContext) -> None:
        self.python_model = python_model
        self.context = context

    def get_raw_model(self) -> Any:
        return self.python_model

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        return self.python_model.predict(self.context, data)
