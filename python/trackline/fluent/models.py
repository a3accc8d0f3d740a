from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackline import _runs, _tracker
from trackline.client import MlflowClient
from trackline.entities import LoggedModel
from trackline.fluent._target import of_run, target


def initialize_logged_model(
    name: str | None = None,
    source_run_id: str | None = None,
    tags: Mapping[str, Any] | None = None,
    params: Mapping[str, Any] | None = None,
    model_type: str | None = None,
    experiment_id: str | None = None,
) -> LoggedModel:
    """Begins a logged model of the current run; finish it with `finalize_logged_model`."""
    from trackline._log.texts import as_pairs

    run = of_run(source_run_id) if source_run_id is not None else target()
    handle = run.handle.create_model(name, model_type, as_pairs(params), as_pairs(tags))
    run.handle.log_output(handle.id)
    return get_logged_model(handle.id)


def finalize_logged_model(model_id: str, status: str) -> LoggedModel:
    """Says that a logged model is whole (`READY`) or has failed (`FAILED`)."""
    return MlflowClient().finalize_logged_model(model_id, status)


def get_logged_model(model_id: str) -> LoggedModel:
    """A logged model as the store holds it."""
    return MlflowClient().get_logged_model(model_id)


def last_logged_model() -> LoggedModel | None:
    """The logged model that the run started last in this process made last."""
    run_id = _runs.last_run_id()
    if run_id is None:
        return None
    outputs = _tracker.store().runs.get(run_id)["model_outputs"]
    models = [get_logged_model(output["model_id"]) for output in outputs]
    return max(models, key=lambda model: model.creation_timestamp, default=None)


def set_logged_model_tags(model_id: str, tags: Mapping[str, Any]) -> None:
    """Sets tags of a logged model."""
    MlflowClient().set_logged_model_tags(model_id, tags)


def delete_logged_model_tag(model_id: str, key: str) -> None:
    """Takes a tag of a logged model away."""
    MlflowClient().delete_logged_model_tag(model_id, key)


def log_model_params(params: Mapping[str, Any], model_id: str) -> None:
    """Adds params to a logged model."""
    MlflowClient().log_model_params(model_id, params)
