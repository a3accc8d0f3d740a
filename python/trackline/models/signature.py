from __future__ import annotations

import os
from typing import Any

from trackline.types import ParamSchema, Schema


class ModelSignature:
    """What a model takes and gives."""

    def __init__(
        self, inputs: Schema | None = None, outputs: Schema | None = None, params: ParamSchema | None = None
    ) -> None:
        self.inputs = inputs
        self.outputs = outputs
        self.params = params

    def to_dict(self) -> dict[str, str | None]:
        """As an `MLmodel` file holds it: each part a JSON text."""
        parts = {"inputs": self.inputs, "outputs": self.outputs, "params": self.params}
        return {name: None if part is None else part.to_json() for name, part in parts.items()}

    @classmethod
    def from_dict(cls, signature: dict[str, Any]) -> ModelSignature:
        """Reads what an `MLmodel` file holds."""
        inputs, outputs, params = (signature.get(name) for name in ("inputs", "outputs", "params"))
        return cls(
            Schema.from_json(inputs) if inputs else None,
            Schema.from_json(outputs) if outputs else None,
            ParamSchema.from_json(params) if params else None,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ModelSignature) and other.to_dict() == self.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"inputs:\n  {self.inputs!r}\noutputs:\n  {self.outputs!r}\nparams:\n  {self.params!r}\n"


def set_signature(model_uri: str, signature: ModelSignature) -> None:
    """Gives a saved model another signature; `model_uri` is a local folder."""
    from trackline.models.model import Model

    model = Model.load(model_uri)
    model.signature = signature
    model.save(os.path.join(model_uri, "MLmodel"))
