from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackline.client import MlflowClient
from trackline.entities import ModelVersion, RegisteredModel
from trackline.exceptions import MlflowException


def register_model(
    model_uri: str, name: str, await_registration_for: int | None = 300, *, tags: Mapping[str, Any] | None = None
) -> ModelVersion:
    """Makes the model at `models:/m-…`, `runs:/<run_id>/<name>` or an artifact URI the next version of a registered
    model, which is created if its name is new."""
    client = MlflowClient()
    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    return client.create_model_version(name, model_uri, tags=tags)


def search_registered_models(
    max_results: int | None = None, filter_string: str | None = None, order_by: list[str] | None = None
) -> list[RegisteredModel]:
    """Registered models that pass the filter, by name unless `order_by` says otherwise."""
    return list(MlflowClient().search_registered_models(filter_string, max_results or 1000, order_by))


def search_model_versions(
    max_results: int | None = None, filter_string: str | None = None, order_by: list[str] | None = None
) -> list[ModelVersion]:
    """Versions of registered models that pass the filter, newest first unless `order_by` says otherwise."""
    return list(MlflowClient().search_model_versions(filter_string, max_results or 10_000, order_by))


def set_model_version_tag(name: str, version: str, key: str, value: Any) -> None:
    """Sets a tag of a version."""
    MlflowClient().set_model_version_tag(name, version, key, value)
