"""What the modules of the flavors have in common: saving and logging with MLflow's options, given by name."""

from __future__ import annotations

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
