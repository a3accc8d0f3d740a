from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from trackline.exceptions import MlflowException
from trackline.models.example import save_example
from trackline.models.model import MLMODEL, Model
from trackline.models.requirements import write_requirements
from trackline.models.signature import ModelSignature

PYFUNC = "python_function"


@dataclass
class Options:
    """What every flavor lets the user say of a model."""

    signature: ModelSignature | None = None
    input_example: Any = None
    conda_env: dict[str, Any] | str | None = None
    pip_requirements: list[str] | str | None = None
    extra_pip_requirements: list[str] | str | None = None
    code_paths: list[str] | None = None
    extra_files: list[str] | None = None
    metadata: dict[str, Any] | None = None


@dataclass
class Flavored:
    """What a flavor wrote into the folder of a model."""

    flavor: str
    fields: dict[str, Any]
    loader_module: str
    loader_fields: dict[str, Any]
    modules: set[str]
    predict: Callable[[Any], Any] | None = field(default=None)


def save(path: str, write: Callable[[str], Flavored], options: Options, model: Model | None = None) -> Model:
    """Saves a model as a folder in the `MLmodel` format: the files of `write`, and what describes them."""
    if os.path.exists(path) and os.listdir(path):
        raise MlflowException(f"`{path}` exists already and is not empty: choose another.", "RESOURCE_ALREADY_EXISTS")
    os.makedirs(path, exist_ok=True)
    model = model or Model()
    written = write(path)
    code = _copy_code(path, options.code_paths)
    model.metadata = options.metadata
    model.signature = options.signature
    if options.input_example is not None:
        model.saved_input_example_info = save_example(options.input_example, path)
        if model.signature is None and written.predict is not None:
            model.signature = _signature_of(options.input_example, written.predict)
    files = _copy_extra_files(path, options.extra_files)
    model.add_flavor(
        PYFUNC,
        env={"conda": "conda.yaml", "virtualenv": "python_env.yaml"},
        loader_module=written.loader_module,
        python_version=platform.python_version(),
        **written.loader_fields,
        **({"code": code} if code else {}),
    )
    if written.flavor != PYFUNC:
        model.add_flavor(written.flavor, code=code, **written.fields, **files)
    write_requirements(
        path, written.modules, options.pip_requirements, options.extra_pip_requirements, options.conda_env
    )
    model.model_size_bytes = _size(path)
    model.save(os.path.join(path, MLMODEL))
    return model


def _signature_of(example: Any, predict: Callable[[Any], Any]) -> ModelSignature | None:
    """A model that cannot predict its example is saved without a signature, as MLflow does."""
    from trackline.models.infer import infer_signature

    try:
        return infer_signature(example, predict(example))
    except Exception:
        return None


def _copy_code(path: str, code_paths: list[str] | None) -> str | None:
    if not code_paths:
        return None
    for source in code_paths:
        _copy(source, os.path.join(path, "code"))
    return "code"


def _copy_extra_files(path: str, extra_files: list[str] | None) -> dict[str, Any]:
    if not extra_files:
        return {}
    for source in extra_files:
        _copy(source, os.path.join(path, "extra_files"))
    return {"extra_files": [{"path": f"extra_files/{os.path.basename(file)}"} for file in extra_files]}


def _copy(source: str, folder: str) -> None:
    os.makedirs(folder, exist_ok=True)
    target = os.path.join(folder, os.path.basename(os.path.normpath(source)))
    if os.path.isdir(source):
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source, target)


def _size(path: str) -> int:
    return sum(
        os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(path) for name in names
    )
