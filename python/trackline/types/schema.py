from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class DataType(Enum):
    """The type of a column's values."""

    boolean = "boolean"
    integer = "integer"
    long = "long"
    float = "float"
    double = "double"
    string = "string"
    binary = "binary"
    datetime = "datetime"

    def __str__(self) -> str:
        return self.value


@dataclass
class ColSpec:
    """A column. `type` is a `DataType` or its name; nested types are kept as they are written in JSON."""

    type: Any
    name: str | None = None
    required: bool = True

    def __post_init__(self) -> None:
        if isinstance(self.type, str) and self.type in DataType.__members__:
            self.type = DataType[self.type]

    def to_dict(self) -> dict[str, Any]:
        """As it is written in JSON."""
        kind = {"type": str(self.type)} if isinstance(self.type, (DataType, str)) else dict(self.type)
        named = {} if self.name is None else {"name": self.name}
        return {**kind, **named, "required": self.required}


@dataclass
class TensorSpec:
    """A tensor. `type` is a NumPy dtype or its name; an axis of any length is -1."""

    type: Any
    shape: tuple[int, ...]
    name: str | None = None

    def __post_init__(self) -> None:
        self.type = str(getattr(self.type, "name", self.type))
        self.shape = tuple(self.shape)

    @property
    def required(self) -> bool:
        """Tensors always are."""
        return True

    def to_dict(self) -> dict[str, Any]:
        """As it is written in JSON."""
        named = {} if self.name is None else {"name": self.name}
        return {**named, "type": "tensor", "tensor-spec": {"dtype": self.type, "shape": list(self.shape)}}


class Schema:
    """Columns, or tensors."""

    def __init__(self, inputs: Sequence[ColSpec | TensorSpec]) -> None:
        self.inputs = list(inputs)

    def is_tensor_spec(self) -> bool:
        """Whether it holds tensors."""
        return bool(self.inputs) and isinstance(self.inputs[0], TensorSpec)

    def has_input_names(self) -> bool:
        """Whether what it holds is named."""
        return bool(self.inputs) and self.inputs[0].name is not None

    def input_names(self) -> list[str | int]:
        """The names, or the positions of what has none."""
        return [item.name if item.name is not None else i for i, item in enumerate(self.inputs)]

    def required_input_names(self) -> list[str | int]:
        """The names of what must be there."""
        return [n for n, item in zip(self.input_names(), self.inputs, strict=True) if item.required]

    def input_types(self) -> list[Any]:
        """The types, in order."""
        return [item.type for item in self.inputs]

    def to_dict(self) -> list[dict[str, Any]]:
        """As it is written in JSON."""
        return [item.to_dict() for item in self.inputs]

    def to_json(self) -> str:
        """The JSON text that an `MLmodel` file holds."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> Schema:
        """Reads the JSON text that an `MLmodel` file holds."""
        return cls([_spec(item) for item in json.loads(text)])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schema) and other.to_dict() == self.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self.inputs)


def _spec(item: dict[str, Any]) -> ColSpec | TensorSpec:
    rest = dict(item)
    name = rest.pop("name", None)
    if rest["type"] == "tensor":
        spec = rest["tensor-spec"]
        return TensorSpec(spec["dtype"], tuple(spec["shape"]), name)
    required = rest.pop("required", True)
    return ColSpec(rest["type"] if len(rest) == 1 else rest, name, required)


@dataclass
class ParamSpec:
    """A parameter of inference, with its default."""

    name: str
    dtype: Any
    default: Any
    shape: tuple[int, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """As it is written in JSON."""
        shape = None if self.shape is None else list(self.shape)
        return {"name": self.name, "default": self.default, "shape": shape, "type": str(self.dtype)}


@dataclass
class ParamSchema:
    """Parameters of inference."""

    params: list[ParamSpec] = field(default_factory=list)

    def to_json(self) -> str:
        """The JSON text that an `MLmodel` file holds."""
        return json.dumps([param.to_dict() for param in self.params])

    @classmethod
    def from_json(cls, text: str) -> ParamSchema:
        """Reads the JSON text that an `MLmodel` file holds."""
        return cls(
            [
                ParamSpec(p["name"], DataType[p["type"]], p["default"], tuple(p["shape"]) if p["shape"] else None)
                for p in json.loads(text)
            ]
        )
