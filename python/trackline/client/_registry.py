from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackline._log.texts import as_pairs
from trackline.client._store import PagedList, StoreClient
from trackline.entities import ModelVersion, RegisteredModel


class RegistryClient(StoreClient):
    """Registered models."""

    def create_registered_model(
        self, name: str, tags: Mapping[str, Any] | None = None, description: str | None = None
    ) -> RegisteredModel:
        """Creates a registered model."""
        return RegisteredModel.from_native(self._store.registry.create(name, description, as_pairs(tags)))

    def get_registered_model(self, name: str) -> RegisteredModel:
        """The registered model of this name."""
        return RegisteredModel.from_native(self._store.registry.get(name))

    def rename_registered_model(self, name: str, new_name: str) -> RegisteredModel:
        """Gives a registered model another name."""
        return RegisteredModel.from_native(self._store.registry.rename(name, new_name))

    def update_registered_model(self, name: str, description: str | None = None) -> RegisteredModel:
        """Changes the description, which is Markdown."""
        return RegisteredModel.from_native(self._store.registry.describe(name, description or ""))

    def delete_registered_model(self, name: str) -> None:
        """Deletes a registered model with all its versions."""
        self._store.registry.delete(name)

    def search_registered_models(
        self,
        filter_string: str | None = None,
        max_results: int = 100,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[RegisteredModel]:
        """A page of registered models that pass the filter, by name unless `order_by` says otherwise."""
        items, token = self._store.registry.search(
            filter_string or "", order_by or [], max_results, page_token
        )
        return PagedList([RegisteredModel.from_native(item) for item in items], token)

    def get_latest_versions(self, name: str, stages: list[str] | None = None) -> list[ModelVersion]:
        """The newest version of each stage."""
        latest = self._store.registry.latest_versions(name, stages or [])
        return [ModelVersion.from_native(item) for item in latest]

    def set_registered_model_tag(self, name: str, key: str, value: Any) -> None:
        """Sets a tag of a registered model."""
        self._store.registry.set_tag(name, key, str(value))

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Takes a tag of a registered model away."""
        self._store.registry.delete_tag(name, key)

    def set_registered_model_alias(self, name: str, alias: str, version: str) -> None:
        """Points an alias to a version."""
        self._store.registry.set_alias(name, alias, int(version))

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Takes an alias away."""
        self._store.registry.delete_alias(name, alias)

    def get_model_version_by_alias(self, name: str, alias: str) -> ModelVersion:
        """The version that an alias points to."""
        return ModelVersion.from_native(self._store.registry.version_by_alias(name, alias))
