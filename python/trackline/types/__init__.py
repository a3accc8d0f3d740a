"""What a model takes and gives: schemas of columns and of tensors."""

from __future__ import annotations

from trackline.types.schema import ColSpec, DataType, ParamSchema, ParamSpec, Schema, TensorSpec

__all__ = ["ColSpec", "DataType", "ParamSchema", "ParamSpec", "Schema", "TensorSpec"]
