from __future__ import annotations

import importlib
import inspect
import os
from typing import Any

from trackline.models.loading import fetch, flavor_of
from trackline.models.model import Model
from trackline.models.saving import PYFUNC
from trackline.models.signature import ModelSignature
from trackline.pyfunc.enforce import enforce

OURS = {
    "mlflow.catboost": "trackline.catboost",
    "mlflow.keras": "trackline.keras",
    "mlflow.lightgbm": "trackline.lightgbm",
    "mlflow.sklearn": "trackline.sklearn",
    "mlflow.statsmodels": "trackline.statsmodels",
    "mlflow.xgboost": "trackline.xgboost",
    "mlflow.pyfunc.model": "trackline.pyfunc.model",
}
"""Loaders that a saved model names, and what loads it here."""


class PyFuncModel:
    """A loaded model, whatever its flavor."""

    def __init__(self, metadata: Model, implementation: Any) -> None:
        self.metadata = metadata
        self._implementation = implementation

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """Predicts. A table gets the columns of the signature, in its order; dicts and lists become tables where the
        signature has columns."""
        schema = self.metadata.get_input_schema()
        checked = data if schema is None else enforce(data, schema)
        takes_params = "params" in inspect.signature(self._implementation.predict).parameters
        if takes_params:
            return self._implementation.predict(checked, params=params)
        return self._implementation.predict(checked)

    @property
    def model_id(self) -> str | None:
        """The logged model it was loaded from."""
        return self.metadata.model_id

    @property
    def loader_module(self) -> str:
        """What loads it, by MLflow's name."""
        return str(self.metadata.flavors[PYFUNC]["loader_module"])

    @property
    def signature(self) -> ModelSignature | None:
        """What it takes and gives."""
        return self.metadata.signature

    def get_raw_model(self) -> Any:
        """The model of its own library."""
        return self._implementation.get_raw_model()

    def unwrap_python_model(self) -> Any:
        """The Python model that was saved."""
        return self._implementation.python_model

    def __repr__(self) -> str:
        return f"<PyFuncModel: model_id={self.model_id!r}, loader_module={self.loader_module!r}>"


def load_model(
    model_uri: str,
    suppress_warnings: bool = False,
    dst_path: str | None = None,
    model_config: dict[str, Any] | None = None,
) -> PyFuncModel:
    """The model at this URI or folder. Pickled ones run code when they are loaded: load only what you trust."""
    folder = fetch(model_uri, dst_path)
    fields = flavor_of(folder, PYFUNC)
    loader = importlib.import_module(OURS.get(fields["loader_module"], fields["loader_module"]))
    data = os.path.join(folder, fields["data"]) if "data" in fields else folder
    config = {} if model_config is None else {"model_config": model_config}
    return PyFuncModel(Model.load(folder), loader._load_pyfunc(data, **config))
