from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackline.fluent._target import RunOperations, operations, target


def log_param(key: str, value: Any, synchronous: bool | None = None) -> Any:
    """Logs a hyperparameter to the current run and gives its value back.

    A second value is no error: the last one shows, and the earlier ones are kept.
    """
    logged = target().log_param(key, value)
    return logged if operations(synchronous) is None else RunOperations()


def log_params(
    params: Mapping[str, Any], synchronous: bool | None = None, run_id: str | None = None
) -> RunOperations | None:
    """Logs hyperparameters, as `log_param`."""
    target(run_id).log_params(params)
    return operations(synchronous)
