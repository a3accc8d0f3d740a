"""LightGBM models: boosters, and models of its scikit-learn API."""

from __future__ import annotations

import functools
import os
from typing import Any

from trackline import _autolog
from trackline.models import ModelInfo, pickling
from trackline.models.flavors import Predictor, folder_of, log_flavored, save_flavored
from trackline.models.loading import fetch, flavor_of
from trackline.models.model import Model
from trackline.models.requirements import modules_of
from trackline.models.saving import Flavored

__all__ = ["autolog", "load_model", "log_model", "save_model"]

FLAVOR = "lightgbm"

autolog = functools.partial(_autolog.flavor_autolog, FLAVOR)


def save_model(lgb_model: Any, path: str, *, mlflow_model: Model | None = None, **options: Any) -> None:
    """Saves a model as a folder in the MLmodel format. `options` are those of `log_model` that describe a model."""
    save_flavored(writer(lgb_model), path, mlflow_model, options)


def log_model(lgb_model: Any, artifact_path: str | None = None, *, name: str | None = None, **options: Any) -> ModelInfo:
    """Logs a model to the current run, as `name` (or `artifact_path`, the older word for it). `options` are
    `signature`, `input_example`, `registered_model_name` and the others of `trackline.sklearn.log_model`."""
    return log_flavored(writer(lgb_model), name or artifact_path, options)


def load_model(model_uri: str, dst_path: str | None = None) -> Any:
    """The model at this URI or folder, as an object of the class that was saved. Models of the scikit-learn API are
    unpickled, which runs code out of them: load only what you trust."""
    import lightgbm

    folder = fetch(model_uri, dst_path)
    fields = flavor_of(folder, FLAVOR)
    file = os.path.join(folder, fields["data"])
    booster = fields.get("model_class", "").endswith(".Booster")
    return lightgbm.Booster(model_file=file) if booster else pickling.load(file)


def writer(lgb_model: Any) -> Any:
    """What writes the files of this model into a folder."""

    def write(folder: str) -> Flavored:
        import lightgbm

        booster = isinstance(lgb_model, lightgbm.Booster)
        file = "model.lgb" if booster else "model.pkl"
        if booster:
            lgb_model.save_model(os.path.join(folder, file))
        else:
            with open(os.path.join(folder, file), "wb") as out:
                pickling.dump(lgb_model, out, "cloudpickle")
        fields = {
            "lgb_version": lightgbm.__version__,
            "data": file,
            "model_class": f"{type(lgb_model).__module__}.{type(lgb_model).__qualname__}",
            "serialization_format": None if booster else "cloudpickle",
            "skops_trusted_types": None,
        }
        modules = {"lightgbm", "numpy", "scipy"} | (set() if booster else modules_of(lgb_model) | {"cloudpickle"})
        return Flavored(FLAVOR, fields, "mlflow.lightgbm", {"data": file}, modules, lgb_model.predict)

    return write


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> Any:
    """What `pyfunc.load_model` calls with the folder or the file."""
    return Predictor(load_model(folder_of(path)))
