"""Models of any flavor behind one `predict`, and models that are plain Python."""

from __future__ import annotations

from trackline.pyfunc.generic import PyFuncModel, load_model
from trackline.pyfunc.model import PythonModel, PythonModelContext, log_model, save_model

__all__ = ["PyFuncModel", "PythonModel", "PythonModelContext", "load_model", "log_model", "save_model"]
