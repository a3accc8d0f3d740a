"""PyTorch models: any `torch.nn.Module`, of Lightning too."""

from __future__ import annotations

import functools
import os
from typing import Any

from trackline import _autolog, _checkpoints
from trackline.models import ModelInfo, pickling
from trackline.models.flavors import log_flavored, save_flavored
from trackline.models.loading import fetch, flavor_of
from trackline.models.model import Model
from trackline.models.requirements import modules_of
from trackline.models.saving import Flavored

__all__ = ["autolog", "load_model", "log_model", "save_model"]

FLAVOR = "pytorch"
FOLDER, FILE = "data", "model.pth"
PICKLED_BY = "mlflow.pytorch.pickle_module"
"""What an MLflow client reads the file with; its form is cloudpickle's."""

autolog = functools.partial(_autolog.flavor_autolog, "lightning")


def save_model(pytorch_model: Any, path: str, *, mlflow_model: Model | None = None, **options: Any) -> None:
    """Saves a model as a folder in the MLmodel format. `options` are those of `log_model` that describe a model."""
    save_flavored(writer(pytorch_model), path, mlflow_model, options)


def log_model(
    pytorch_model: Any, artifact_path: str | None = None, *, name: str | None = None, **options: Any
) -> ModelInfo:
    """Logs a model to the current run, as `name` (or `artifact_path`, the older word for it). `options` are
    `signature`, `input_example`, `registered_model_name` and the others of `trackline.sklearn.log_model`."""
    return log_flavored(writer(pytorch_model), name or artifact_path, options)


def load_model(model_uri: str, dst_path: str | None = None, **options: Any) -> Any:
    """The module at this URI or folder. It is unpickled, which runs code out of it: load only what you trust. `options`
    go to `torch.load`; without a GPU it is loaded to the processor."""
    import torch

    folder = fetch(model_uri, dst_path)
    if not torch.cuda.is_available():
        options.setdefault("map_location", "cpu")
    return torch.load(
        os.path.join(folder, flavor_of(folder, FLAVOR)["model_data"], FILE), weights_only=False, **options
    )


def writer(pytorch_model: Any) -> Any:
    """What writes the files of this model into a folder."""

    def write(folder: str) -> Flavored:
        import torch

        data = os.path.join(folder, FOLDER)
        os.makedirs(data)
        # Our own file is no checkpoint of the user's.
        with _checkpoints.whole():
            torch.save(pytorch_model, os.path.join(data, FILE), pickle_module=pickling.cloudpickle())
        with open(os.path.join(data, "pickle_module_info.txt"), "w", encoding="utf-8") as file:
            file.write(PICKLED_BY)
        fields = {"pytorch_version": str(torch.__version__), "model_data": FOLDER}
        loader = {"data": FOLDER, "pickle_module_name": PICKLED_BY}
        modules = modules_of(pytorch_model) | {"torch", "cloudpickle"}
        return Flavored(FLAVOR, fields, "mlflow.pytorch", loader, modules, _Predictor(pytorch_model).predict)

    return write


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> Any:
    """What `pyfunc.load_model` calls with the folder, or the one of the data in it."""
    folder = path if os.path.exists(os.path.join(path, "MLmodel")) else os.path.dirname(path)
    return _Predictor(load_model(folder))


class _Predictor:
    def __init__(self, module: Any) -> None:
        self.module = module

    def get_raw_model(self) -> Any:
        return self.module

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """Arrays and frames go in as 32-bit floats, as their kind they come out."""
        import torch

        frame = hasattr(data, "to_numpy") and hasattr(data, "index")
        given = torch.as_tensor(data.to_numpy() if frame else data, dtype=torch.float32)
        first = next(self.module.parameters(), None)
        trained = self.module.training
        self.module.eval()
        try:
            with torch.no_grad():
                made = self.module(given if first is None else given.to(first.device), **(params or {}))
        finally:
            self.module.train(trained)
        array = made.cpu().numpy()
        return type(data)(array, index=data.index) if frame and array.ndim == 2 else array
