"""Keras 3 models."""

from __future__ import annotations

import functools
import os
from typing import Any

from trackline import _autolog
from trackline.exceptions import MlflowException
from trackline.models import ModelInfo
from trackline.models.flavors import Predictor, log_flavored, save_flavored
from trackline.models.loading import fetch, flavor_of
from trackline.models.model import Model
from trackline.models.saving import Flavored

__all__ = ["autolog", "load_model", "log_model", "save_model"]

FLAVOR = "keras"
FOLDER = "data"
FILE = "model.keras"
WEIGHTS = "model.weights.h5"


def autolog(log_every_epoch: bool = True, log_every_n_steps: int | None = None, **options: Any) -> None:
    """`trackline.autolog` for Keras alone. The curve has a point an epoch, or one every so many steps; `options` are those of
    `trackline.autolog`, and `registered_model_name`.

    Raises:
        ValueError: if both are asked for, or neither.
    """
    if log_every_epoch == (log_every_n_steps is not None):
        raise ValueError(
            f"`log_every_epoch={log_every_epoch}` and `log_every_n_steps={log_every_n_steps}` do not go together: ask for "
            "epochs, or for steps with `log_every_epoch=False`."
        )
    _autolog.flavor_autolog(FLAVOR, log_every_n_steps=log_every_n_steps, **options)



def save_model(model: Any, path: str, *, mlflow_model: Model | None = None, **options: Any) -> None:
    """Saves a model as a folder in the MLmodel format. `options` are those of `log_model` that describe a model."""
    save_flavored(writer(model), path, mlflow_model, options)


def log_model(model: Any, artifact_path: str | None = None, *, name: str | None = None, **options: Any) -> ModelInfo:
    """Logs a model to the current run, as `name` (or `artifact_path`, the older word for it). `options` are
    `signature`, `input_example`, `registered_model_name` and the others of `trackline.sklearn.log_model`."""
    return log_flavored(writer(model), name or artifact_path, options)


def load_model(model_uri: str, dst_path: str | None = None, custom_objects: dict[str, Any] | None = None) -> Any:
    """The model at this URI or folder. `custom_objects` are classes and functions by the name they were saved with.

    Raises:
        MlflowException: if only the weights could be kept, since the class of the model has no `get_config`.
    """
    import keras

    folder = fetch(model_uri, dst_path)
    data = flavor_of(folder, FLAVOR).get("data", FOLDER)
    if os.path.exists(weights := os.path.join(folder, data, WEIGHTS)):
        raise MlflowException(
            f"`{model_uri}` holds weights only, since the class of the model has no `get_config`: make the model and call "
            f"`model.load_weights({weights!r})`.",
            "INVALID_PARAMETER_VALUE",
        )
    return keras.saving.load_model(os.path.join(folder, data, FILE), custom_objects=custom_objects)


def writer(model: Any, weights_will_do: bool = False) -> Any:
    """What writes the files of this model into a folder; if it cannot be saved whole, perhaps its weights."""

    def write(folder: str) -> Flavored:
        import keras

        data = os.path.join(folder, FOLDER)
        os.makedirs(data)
        try:
            model.save(os.path.join(data, FILE))
        except NotImplementedError:  # Of a class without `get_config`.
            if not weights_will_do:
                raise
            model.save_weights(os.path.join(data, WEIGHTS))
        with open(os.path.join(data, "keras_module.txt"), "w", encoding="utf-8") as file:
            file.write("keras")
        backend = keras.backend.backend()
        fields = {
            "data": FOLDER,
            "keras_version": keras.__version__,
            "keras_backend": backend,
            "save_exported_model": False,
        }
        return Flavored(FLAVOR, fields, "mlflow.keras", {}, {"keras", "numpy", backend}, _quietly(model))

    return write


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> Any:
    """What `pyfunc.load_model` calls with the folder."""
    model = load_model(path)
    return Predictor(model, _quietly(model))


def _quietly(model: Any) -> functools.partial[Any]:
    """`predict` without its progress bar, unless that is asked for."""
    return functools.partial(model.predict, verbose=0)
