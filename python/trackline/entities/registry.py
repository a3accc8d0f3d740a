from __future__ import annotations

from dataclasses import dataclass, field

from trackline.entities._entity import Entity, Native, pairs


@dataclass(frozen=True)
class RegisteredModelTag(Entity):
    """A tag of a registered model."""

    key: str
    value: str


@dataclass(frozen=True)
class ModelVersionTag(Entity):
    """A tag of a model version."""

    key: str
    value: str


@dataclass(frozen=True)
class ModelVersion(Entity):
    """One version of a registered model; times in milliseconds since the epoch."""

    name: str
    version: str
    creation_timestamp: int
    last_updated_timestamp: int | None = None
    description: str | None = None
    source: str | None = None
    run_id: str | None = None
    current_stage: str | None = None
    status: str = "READY"
    tags: dict[str, str] = field(default_factory=dict)
    run_link: str | None = None
    aliases: list[str] = field(default_factory=list)
    model_id: str | None = None
    storage_location: str | None = None

    @classmethod
    def from_native(cls, native: Native) -> ModelVersion:
        """From the extension's dict."""
        return cls(**{**native, "version": str(native["version"]), "tags": pairs(native["tags"])})


@dataclass(frozen=True)
class RegisteredModel(Entity):
    """A name under which versions of a model are kept; times in milliseconds since the epoch."""

    name: str
    creation_timestamp: int | None = None
    last_updated_timestamp: int | None = None
    description: str | None = None
    latest_versions: list[ModelVersion] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_native(cls, native: Native) -> RegisteredModel:
        """From the extension's dict."""
        return cls(
            **{
                **native,
                "latest_versions": [ModelVersion.from_native(v) for v in native["latest_versions"]],
                "tags": pairs(native["tags"]),
                "aliases": {item["alias"]: str(item["version"]) for item in native["aliases"]},
            }
        )
