"""Models in MLflow's `MLmodel` format: saving, logging, loading."""

from __future__ import annotations

from trackline.models.infer import infer_signature
from trackline.models.info import ModelInfo, get_model_info
from trackline.models.model import Model
from trackline.models.signature import ModelSignature, set_signature

__all__ = ["Model", "ModelInfo", "ModelSignature", "get_model_info", "infer_signature", "set_signature"]
