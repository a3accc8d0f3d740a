from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackline._log.texts import as_pairs
from trackline.client._store import PagedList, StoreClient
from trackline.entities import ModelVersion


class VersionClient(StoreClient):
    """Versions of registered models."""

    def create_model_version(
        self,
        name: str,
        source: str,
        run_id: str | None = None,
        tags: Mapping[str, Any] | None = None,
        run_link: str | None = None,
        description: str | None = None,
        await_creation_for: int | None = 300,
        model_id: str | None = None,
    ) -> ModelVersion:
        """Makes the model at `source` the next version of a registered model. The run or logged model that owns it is
        told from `runs:/<run_id>/…` and `models:/<model_id>`."""
        scheme, _, rest = source.partition(":/")
        owner = rest.strip("/").partition("/")[0]
        if scheme == "runs":
            run_id = run_id or owner
        elif scheme == "models" and owner == rest.strip("/") and "@" not in owner:
            model_id = model_id or owner
        created = self._store.versions.create(
            name, source, run_id, run_link, model_id, description, as_pairs(tags)
        )
        return ModelVersion.from_native(created)

    def get_model_version(self, name: str, version: str) -> ModelVersion:
        """A version by its number."""
        return ModelVersion.from_native(self._store.versions.get(name, int(version)))

    def update_model_version(self, name: str, version: str, description: str | None = None) -> ModelVersion:
        """Changes the description, which is Markdown."""
        return ModelVersion.from_native(self._store.versions.describe(name, int(version), description or ""))

    def delete_model_version(self, name: str, version: str) -> None:
        """Deletes a version."""
        self._store.versions.delete(name, int(version))

    def transition_model_version_stage(
        self, name: str, version: str, stage: str, archive_existing_versions: bool = False
    ) -> ModelVersion:
        """Moves a version to the stage None, Staging, Production or Archived."""
        moved = self._store.versions.set_stage(name, int(version), stage, archive_existing_versions)
        return ModelVersion.from_native(moved)

    def search_model_versions(
        self,
        filter_string: str | None = None,
        max_results: int = 10_000,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[ModelVersion]:
        """A page of versions that pass the filter, newest first unless `order_by` says otherwise."""
        items, token = self._store.versions.search(
            filter_string or "", order_by or [], max_results, page_token
        )
        return PagedList([ModelVersion.from_native(item) for item in items], token)

    def get_model_version_download_uri(self, name: str, version: str) -> str:
        """Where the files of a version are."""
        return self._store.versions.download_uri(name, int(version))

    def get_model_version_stages(self, name: str, version: str) -> list[str]:
        """The stages there are."""
        return ["None", "Staging", "Production", "Archived"]

    def set_model_version_tag(self, name: str, version: str, key: str, value: Any) -> None:
        """Sets a tag of a version."""
        self._store.versions.set_tag(name, int(version), key, str(value))

    def delete_model_version_tag(self, name: str, version: str, key: str) -> None:
        """Takes a tag of a version away."""
        self._store.versions.delete_tag(name, int(version), key)
