from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from trackline import _place
from trackline._log.texts import as_pairs
from trackline.client._store import PagedList, StoreClient
from trackline.entities import FileInfo, LoggedModel, LoggedModelStatus


class ModelClient(StoreClient):
    """Logged models."""

    def create_logged_model(
        self,
        experiment_id: str,
        name: str | None = None,
        source_run_id: str | None = None,
        tags: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        model_type: str | None = None,
    ) -> LoggedModel:
        """Begins a logged model."""
        created = self._store.models.create(
            experiment_id, name, source_run_id, model_type, as_pairs(params), as_pairs(tags)
        )
        return LoggedModel.from_native(created)

    def get_logged_model(self, model_id: str) -> LoggedModel:
        """A logged model by its id."""
        return LoggedModel.from_native(self._store.models.get(model_id))

    def finalize_logged_model(self, model_id: str, status: str | LoggedModelStatus) -> LoggedModel:
        """Says that a logged model is whole (`READY`) or has failed (`FAILED`)."""
        return LoggedModel.from_native(self._store.models.finalize(model_id, str(status)))

    def delete_logged_model(self, model_id: str) -> None:
        """Deletes a logged model."""
        self._store.models.delete(model_id)

    def set_logged_model_tags(self, model_id: str, tags: Mapping[str, Any]) -> None:
        """Sets tags of a logged model."""
        self._store.models.set_tags(model_id, as_pairs(tags))

    def delete_logged_model_tag(self, model_id: str, key: str) -> None:
        """Takes a tag of a logged model away."""
        self._store.models.delete_tag(model_id, key)

    def log_model_params(self, model_id: str, params: Mapping[str, Any]) -> None:
        """Adds params to a logged model."""
        self._store.models.log_params(model_id, as_pairs(params))

    def search_logged_models(
        self,
        experiment_ids: list[str],
        filter_string: str | None = None,
        datasets: list[dict[str, str]] | None = None,
        max_results: int | None = None,
        order_by: list[dict[str, Any]] | None = None,
        page_token: str | None = None,
    ) -> PagedList[LoggedModel]:
        """A page of logged models that pass the filter, newest first unless `order_by` says otherwise.

        Each of `order_by` holds `field_name` and, where it applies, `ascending`, `dataset_name`, `dataset_digest`.
        """
        items, token = self._store.models.search(
            experiment_ids, filter_string or "", datasets or [], order_by or [], max_results or 100, page_token
        )
        return PagedList([LoggedModel.from_native(item) for item in items], token)

    def list_logged_model_artifacts(self, model_id: str, path: str | None = None) -> list[FileInfo]:
        """Files and folders directly under `path` (the root if absent); paths are relative to the model's root."""
        store = self._store
        return _place.of_logged_model(model_id, path, store).list(store)

    def log_model_artifact(
        self, model_id: str, local_path: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Keeps a file among the model's files, in the folder `artifact_path`."""
        store = self._store
        folder = _place.of_logged_model(model_id, artifact_path, store)
        store.artifacts.put(folder.below(os.path.basename(local_path)).whole, local_path)

    def log_model_artifacts(
        self, model_id: str, local_dir: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Keeps what is in a folder among the model's files, in the folder `artifact_path`."""
        for folder, _, names in os.walk(local_dir):
            inside = os.path.relpath(folder, local_dir).replace(os.sep, "/")
            parts = [part for part in (artifact_path, inside) if part and part != "."]
            for name in names:
                self.log_model_artifact(model_id, os.path.join(folder, name), "/".join(parts))
