from __future__ import annotations

from typing import Any

from trackline.models.model import Model
from trackline.models.signature import ModelSignature


class ModelInfo:
    """What is known of a model that was logged."""

    def __init__(self, model: Model, model_uri: str, registered_model_version: str | None = None) -> None:
        self.model = model
        self.model_uri = model_uri
        self.registered_model_version = registered_model_version

    @property
    def model_id(self) -> str | None:
        """The logged model's id, `m-` and 32 hexadecimal digits."""
        return self.model.model_id

    @property
    def run_id(self) -> str | None:
        """The run that made it."""
        return self.model.run_id

    @property
    def artifact_path(self) -> str | None:
        """Where its files are."""
        return self.model.artifact_path

    @property
    def flavors(self) -> dict[str, dict[str, Any]]:
        """How each library loads it."""
        return self.model.flavors

    @property
    def signature(self) -> ModelSignature | None:
        """What it takes and gives."""
        return self.model.signature

    @property
    def saved_input_example_info(self) -> dict[str, Any] | None:
        """Which files hold the input example."""
        return self.model.saved_input_example_info

    @property
    def model_uuid(self) -> str:
        """An id of this very file."""
        return self.model.model_uuid

    @property
    def utc_time_created(self) -> str:
        """When it was saved."""
        return self.model.utc_time_created

    @property
    def mlflow_version(self) -> str | None:
        """The version of MLflow whose format it is in."""
        return self.model.mlflow_version

    @property
    def metadata(self) -> dict[str, Any] | None:
        """What the user said of it."""
        return self.model.metadata

    def __repr__(self) -> str:
        return f"<ModelInfo: model_uri={self.model_uri!r}, flavors={list(self.flavors)}>"


def get_model_info(model_uri: str) -> ModelInfo:
    """What is known of the model at this URI or folder."""
    return ModelInfo(Model.load(model_uri), model_uri)
