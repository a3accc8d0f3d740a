"""MLflow's name for Keras models of TensorFlow."""

from __future__ import annotations

from trackline.keras import autolog, load_model, log_model, save_model

__all__ = ["autolog", "load_model", "log_model", "save_model"]
