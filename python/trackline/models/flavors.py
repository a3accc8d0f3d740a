"""What the modules of the flavors have in common: saving and logging with MLflow's options, given by name, and predicting."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from trackline.models import logged
from trackline.models.info import ModelInfo
from trackline.models.model import Model
from trackline.models.saving import Flavored, Options, save

Write = Callable[[str], Flavored]
_ACCEPTED = {"await_registration_for", "model_id"}
"""What MLflow's clients may give and what changes nothing here."""


def save_flavored(write: Write, path: str, mlflow_model: Model | None, options: Mapping[str, Any]) -> None:
    """Saves a model as a folder in the MLmodel format."""
    chosen, rest = _split(Options, options)
    _refuse(rest)
    save(path, write, Options(**chosen), mlflow_model)


def log_flavored(write: Write, name: str | None, options: Mapping[str, Any]) -> ModelInfo:
    """Logs a model to the current run."""
    chosen, rest = _split(Options, options)
    where, rest = _split(logged.Destination, rest)
    _refuse(rest)
    return logged.log(write, Options(**chosen), logged.Destination(name, **where))


def _split(kind: Any, options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = {field.name for field in fields(kind)}
    return {k: v for k, v in options.items() if k in names}, {k: v for k, v in options.items() if k not in names}


def _refuse(options: Mapping[str, Any]) -> None:
    unknown = options.keys() - _ACCEPTED
    if unknown:
        raise TypeError(f"log_model() got an unexpected keyword argument {sorted(unknown)[0]!r}")


class Predictor:
    """What `pyfunc.load_model` wants of a model, which predicts by its own `predict` unless told how."""

    def __init__(self, model: Any, predict: Callable[..., Any] | None = None) -> None:
        self._model = model
        self._predict = predict or model.predict

    def get_raw_model(self) -> Any:
        """The model itself."""
        return self._model

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """`params` are further arguments, by name."""
        return self._predict(data, **(params or {}))


def folder_of(path: str) -> str:
    """The folder of a model, of which MLmodel may name a file."""
    return path if os.path.isdir(path) else os.path.dirname(path)
