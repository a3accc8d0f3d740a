from __future__ import annotations

import os
import uuid
from datetime import datetime, timezone
from typing import Any

from trackline import _native
from trackline.exceptions import MlflowException
from trackline.models.signature import ModelSignature
from trackline.types import ParamSchema, Schema

MLMODEL = "MLmodel"
FORMAT = "3.17.2"
"""The version of MLflow whose format is written."""


class Model:
    """The content of an `MLmodel` file: what a saved model is and how to load it."""

    def __init__(
        self,
        artifact_path: str | None = None,
        run_id: str | None = None,
        utc_time_created: str | None = None,
        flavors: dict[str, dict[str, Any]] | None = None,
        signature: ModelSignature | None = None,
        saved_input_example_info: dict[str, Any] | None = None,
        model_uuid: str | None = None,
        mlflow_version: str | None = FORMAT,
        metadata: dict[str, Any] | None = None,
        model_size_bytes: int | None = None,
        model_id: str | None = None,
        **other: Any,
    ) -> None:
        self.artifact_path = artifact_path
        self.run_id = run_id
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        self.utc_time_created = utc_time_created or now.isoformat(" ", "microseconds")
        self.flavors = flavors or {}
        self.signature = signature
        self.saved_input_example_info = saved_input_example_info
        self.model_uuid = model_uuid or uuid.uuid4().hex
        self.mlflow_version = mlflow_version
        self.metadata = metadata
        self.model_size_bytes = model_size_bytes
        self.model_id = model_id
        self.other = other

    def add_flavor(self, name: str, **fields: Any) -> Model:
        """Says how a library loads the model."""
        self.flavors[name] = fields
        return self

    def get_input_schema(self) -> Schema | None:
        """What the model takes."""
        return None if self.signature is None else self.signature.inputs

    def get_output_schema(self) -> Schema | None:
        """What the model gives."""
        return None if self.signature is None else self.signature.outputs

    def get_params_schema(self) -> ParamSchema | None:
        """The parameters of inference."""
        return None if self.signature is None else self.signature.params

    def to_dict(self) -> dict[str, Any]:
        """The fields of the file."""
        fields = {name: value for name, value in vars(self).items() if name != "other" and value is not None}
        if self.signature is not None:
            fields["signature"] = self.signature.to_dict()
        return {**fields, **self.other}

    def to_yaml(self) -> str:
        """The text of the file."""
        return _native.write_mlmodel(self.to_dict())

    def save(self, path: str) -> None:
        """Writes the file."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.to_yaml())

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Model:
        """Reads the fields of the file."""
        signature = fields.get("signature")
        read = None if signature is None else ModelSignature.from_dict(signature)
        return cls(**{**fields, "signature": read})

    @classmethod
    def load(cls, path: str) -> Model:
        """Reads the file, or the one in this folder, or the one of the model at this URI."""
        from trackline import _place, _tracker

        if not os.path.exists(path):
            path = _place.of_uri(path, _tracker.store()).download(_tracker.store(), None)
        file_path = os.path.join(path, MLMODEL) if os.path.isdir(path) else path
        if not os.path.exists(file_path):
            raise MlflowException(f"There is no MLmodel file in {path}: it holds no model.", "RESOURCE_DOES_NOT_EXIST")
        with open(file_path, encoding="utf-8") as file:
            return cls.from_dict(_native.read_mlmodel(file.read()))
