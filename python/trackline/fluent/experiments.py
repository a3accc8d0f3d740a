from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackline import _experiment, _tracker
from trackline._log.texts import as_pairs
from trackline.client import MlflowClient
from trackline.entities import Experiment, ViewType
from trackline.exceptions import STORE_TROUBLE, MlflowException


def set_experiment(experiment_name: str | None = None, experiment_id: str | None = None) -> Experiment:
    """Puts the runs that this process starts from now on into an experiment, which is created if its name is new."""
    if (experiment_name is None) == (experiment_id is None):
        raise MlflowException.invalid_parameter_value(
            "set_experiment takes either `experiment_name` or `experiment_id`."
        )
    if _tracker.asks_nobody():
        # The name is looked for when what is logged is brought in.
        _experiment.choose({"experiment_id": experiment_id} if experiment_id else {"experiment_name": experiment_name or ""})
        return Experiment(experiment_id or "", experiment_name or "", "", "active")
    try:
        experiment = _find_or_create(experiment_name, experiment_id)
    except MlflowException as error:
        if experiment_name is None or error.error_code not in STORE_TROUBLE:
            raise
        # Training goes on; should the store be well again, the name is looked for once more.
        _tracker.tell(error.error_code, error.message)
        _experiment.choose({"experiment_name": experiment_name})
        return Experiment("", experiment_name, "", "active")
    if experiment.lifecycle_stage != "active":
        raise MlflowException.invalid_parameter_value(
            f"Experiment `{experiment.name}` was deleted. Restore it, or choose another name."
        )
    _experiment.choose({"experiment_id": experiment.experiment_id})
    return experiment


def _find_or_create(name: str | None, experiment_id: str | None) -> Experiment:
    client = MlflowClient()
    if experiment_id is not None:
        return client.get_experiment(experiment_id)
    assert name is not None
    found = client.get_experiment_by_name(name)
    if found is None:
        try:
            return client.get_experiment(client.create_experiment(name))
        except MlflowException as error:
            # Another process, as another rank of this program, was quicker.
            found = client.get_experiment_by_name(name)
            if error.error_code != "RESOURCE_ALREADY_EXISTS" or found is None:
                raise
    return found


def create_experiment(
    name: str, artifact_location: str | None = None, tags: Mapping[str, Any] | None = None
) -> str:
    """Creates an experiment and gives its id."""
    return MlflowClient().create_experiment(name, artifact_location, tags)


def get_experiment(experiment_id: str) -> Experiment:
    """The experiment of this id."""
    return MlflowClient().get_experiment(experiment_id)


def get_experiment_by_name(name: str) -> Experiment | None:
    """The experiment of this name, deleted ones included."""
    return MlflowClient().get_experiment_by_name(name)


def search_experiments(
    view_type: int = ViewType.ACTIVE_ONLY,
    max_results: int | None = None,
    filter_string: str | None = None,
    order_by: list[str] | None = None,
) -> list[Experiment]:
    """Experiments that pass the filter, newest first unless `order_by` says otherwise."""
    store = _tracker.store()
    found: list[Experiment] = []
    token: str | None = None
    while max_results is None or len(found) < max_results:
        wanted = 1000 if max_results is None else min(1000, max_results - len(found))
        page, token = store.experiments.search(
            filter_string or "", order_by or [], ViewType(view_type).name, wanted, token
        )
        found += [Experiment.from_native(item) for item in page]
        if token is None:
            break
    return found


def delete_experiment(experiment_id: str) -> None:
    """Deletes an experiment softly: it can be restored."""
    MlflowClient().delete_experiment(experiment_id)


def restore_experiment(experiment_id: str) -> None:
    """Takes the deletion of an experiment back."""
    MlflowClient().restore_experiment(experiment_id)


def set_experiment_tag(key: str, value: Any) -> None:
    """Sets a tag of the active experiment."""
    set_experiment_tags({key: value})


def set_experiment_tags(tags: Mapping[str, Any]) -> None:
    """Sets tags of the active experiment."""
    _tracker.get().set_experiment_tags(as_pairs(tags), **_experiment.active())


def delete_experiment_tag(key: str) -> None:
    """Takes a tag of the active experiment away."""
    MlflowClient().delete_experiment_tag(active_experiment_id(), key)


def active_experiment_id() -> str:
    """The id of the experiment that new runs belong to."""
    active = _experiment.active()
    if name := active.get("experiment_name"):
        return _find_or_create(name, None).experiment_id
    return active.get("experiment_id") or "0"
