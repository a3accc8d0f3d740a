"""What `fit` was given, and what the model was compiled with."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any

from trackline._patch import Call
from trackline.integrations import _params
from trackline.integrations.keras import streams

NOT_PARAMS = {"self", "x", "y", "callbacks", "validation_data", "verbose"}
DEFAULT_BATCH = 32
"""Keras's own, for data that has rows."""
STOPPING = ("monitor", "min_delta", "patience", "baseline", "restore_best_weights")


def of_fit(call: Call) -> dict[str, Any]:
    """All arguments of the call by name, with their defaults."""
    bound = inspect.signature(call.original).bind(*call.args, **call.kwargs)
    bound.apply_defaults()
    return dict(bound.arguments)


def params(model: Any, given: Mapping[str, Any]) -> dict[str, str]:
    """The arguments, the size of a batch and the optimizer; an array of weights is data, not a parameter."""
    found = {key: value for key, value in given.items() if key not in NOT_PARAMS and not hasattr(value, "shape")}
    found["batch_size"] = _batch_size(given)
    for callback in _listed(given.get("callbacks")):
        if type(callback).__name__ == "EarlyStopping":
            found |= {key: getattr(callback, key, None) for key in STOPPING}
    if getattr(model, "optimizer", None) is not None:
        found |= of_optimizer(model.optimizer)
    if getattr(model, "loss", None) is not None:
        found["loss"] = _loss(model.loss)
    return _params.texts({key: value for key, value in found.items() if value is not None})


def of_optimizer(optimizer: Any) -> dict[str, Any]:
    """The settings of an optimizer, as `optimizer_learning_rate` and the like."""
    found = {f"optimizer_{key}": _shortest(value) for key, value in optimizer.get_config().items()}
    # Keras numbers the optimizers of a process: `adam_3` is not another one than `adam`.
    return found | {"optimizer_name": re.sub(r"_\d+$", "", str(found.get("optimizer_name")))}


def _shortest(value: Any) -> Any:
    """Keras keeps rates in single precision: 0.1, and not 0.10000000149011612."""
    import numpy as np

    return float(str(np.float32(value))) if isinstance(value, float) and float(np.float32(value)) == value else value


def _loss(loss: Any) -> str:
    """As it was given to `compile`, or by the name of what was given; of several outputs, one each."""
    if isinstance(loss, list | tuple | dict):
        each = loss.values() if isinstance(loss, dict) else loss
        return ", ".join(_loss(one) for one in each)
    return loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)


def early_stopping(given: Mapping[str, Any]) -> dict[str, float]:
    """Where an `EarlyStopping` stopped, and the epoch whose weights it put back."""
    for callback in _listed(given.get("callbacks")):
        if type(callback).__name__ == "EarlyStopping" and callback.stopped_epoch:
            restored = {"restored_epoch": callback.best_epoch} if callback.restore_best_weights else {}
            return {"stopped_epoch": callback.stopped_epoch, **restored}
    return {}


def _listed(callbacks: Any) -> list[Any]:
    if callbacks is None:
        return []
    if hasattr(callbacks, "callbacks"):  # A CallbackList.
        return list(callbacks.callbacks)
    return list(callbacks) if isinstance(callbacks, list | tuple) else [callbacks]


def _batch_size(given: Mapping[str, Any]) -> Any:
    data = given["x"]
    if given.get("batch_size") is not None:
        return given["batch_size"]
    # A DataLoader or a PyDataset has it itself.
    own = streams.batch_size(data) if streams.is_stream(data) else getattr(data, "batch_size", None)
    if own is not None:
        return own
    has_rows = hasattr(data, "shape") or isinstance(data, list | tuple | dict)
    return DEFAULT_BATCH if has_rows else None
