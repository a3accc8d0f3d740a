from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackline._log.texts import as_pairs
from trackline.client._store import PagedList, StoreClient
from trackline.entities import Experiment, ViewType


class ExperimentClient(StoreClient):
    """Experiments."""

    def create_experiment(
        self, name: str, artifact_location: str | None = None, tags: Mapping[str, Any] | None = None
    ) -> str:
        """Creates an experiment and gives its id."""
        return self._store.experiments.create(name, artifact_location, as_pairs(tags))

    def get_experiment(self, experiment_id: str) -> Experiment:
        """The experiment of this id."""
        return Experiment.from_native(self._store.experiments.get(experiment_id))

    def get_experiment_by_name(self, name: str) -> Experiment | None:
        """The experiment of this name, deleted ones included."""
        found = self._store.experiments.get_by_name(name)
        return None if found is None else Experiment.from_native(found)

    def search_experiments(
        self,
        view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int | None = 1000,
        filter_string: str | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[Experiment]:
        """A page of experiments that pass the filter, newest first unless `order_by` says otherwise."""
        items, token = self._store.experiments.search(
            filter_string or "", order_by or [], ViewType(view_type).name, max_results or 1000, page_token
        )
        return PagedList([Experiment.from_native(item) for item in items], token)

    def rename_experiment(self, experiment_id: str, new_name: str) -> None:
        """Gives an experiment another name."""
        self._store.experiments.rename(experiment_id, new_name)

    def delete_experiment(self, experiment_id: str) -> None:
        """Deletes an experiment softly: it can be restored."""
        self._store.experiments.delete(experiment_id)

    def restore_experiment(self, experiment_id: str) -> None:
        """Takes a deletion back."""
        self._store.experiments.restore(experiment_id)

    def set_experiment_tag(self, experiment_id: str, key: str, value: Any) -> None:
        """Sets a tag of an experiment."""
        self._store.experiments.set_tag(experiment_id, key, str(value))

    def delete_experiment_tag(self, experiment_id: str, key: str) -> None:
        """Takes a tag of an experiment away."""
        self._store.experiments.delete_tag(experiment_id, key)
