"""Data that TensorFlow streams (`tf.data.Dataset`): what it was made of, as far as that is known without drawing from it; and
which of it the user's own loops go over."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from trackline._guard import guard
from trackline._log import RunLog
from trackline._patch import Call
from trackline.data.dataset import Dataset
from trackline.integrations import _dataset, _names
from trackline.observers import _caller

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

SOURCE = "tf.data"

ENDLESS = -1
"""What TensorFlow says of the length of a dataset that repeats; less where it does not know."""

_latest: tuple[weakref.ref[Any], str | None] | None = None
"""What the user's code began to go over last, by its name."""
_training: ActiveRun | None = None
"""The run of the loop that trains."""
_told: weakref.WeakSet[Any] = weakref.WeakSet()


def iterated(call: Call) -> Any:
    """`for batch in dataset`. What is gone over before the first step of an optimizer is trained on, what follows is not."""
    global _latest
    outcome = yield
    if outcome.error is None and _caller.is_user():
        data = call.args[0]
        _latest = weakref.ref(data), _names.variable_of(data)
        if _training is not None:
            _tell(_training, "eval")


def trains(run: ActiveRun) -> None:
    """The first step in a run."""
    global _training
    _training = run
    _told.clear()
    _tell(run, "train")


def forget() -> None:
    """No loop trains any more."""
    global _latest, _training
    _latest = _training = None


def _tell(run: ActiveRun, context: str) -> None:
    data, name = _latest if _latest is not None else (lambda: None, None)
    if (found := data()) is None or found in _told:
        return
    _told.add(found)
    with guard("keras.dataset"):
        log = RunLog(run.handle.with_source(SOURCE))
        if (dataset := describe(found, name or f"{context}_data")) is not None:
            log.log_input(dataset, context)
        if context == "train" and (size := batch_size(found)) is not None:
            log.log_params({"batch_size": size})


def is_stream(data: Any) -> bool:
    """Whether data are a dataset of TensorFlow."""
    return hasattr(data, "element_spec") and hasattr(data, "cardinality")


def batch_size(data: Any) -> int | None:
    """The rows of a batch; None where the data do not come in batches of one size."""
    batched = _batched(data)
    return None if batched is None else int(batched._batch_size)


def describe(data: Any, name: str) -> Dataset | None:
    """Tensors in memory are looked at where they lie, if nothing maps them; of others type and shape are told."""
    rows = _rows(data)
    held = _tensors(data)
    if held and rows:
        labels = held[1][:rows] if len(held) == 2 else None
        return _dataset.describe(held[0][:rows], labels, name, data)
    spec = data.element_spec
    while isinstance(spec, tuple | list | dict):
        spec = next(iter(spec.values() if isinstance(spec, dict) else spec), None)
    if not rows or getattr(spec, "shape", None) is None or spec.shape.rank is None:
        return None
    shape = spec.shape.as_list()
    row = shape if _batched(data) is None else shape[1:]
    return _dataset.unseen(spec.dtype.name, [rows, *(-1 if size is None else size for size in row)], name, data)


def _chain(data: Any) -> Iterator[Any]:
    """The dataset, and those behind it, up to the one it all comes from."""
    while data is not None:
        yield data
        data = getattr(data, "_input_dataset", None)


def _batched(data: Any) -> Any | None:
    return next((part for part in _chain(data) if getattr(part, "_batch_size", None) is not None), None)


def _rows(data: Any) -> int | None:
    """The rows of one pass."""
    batched = _batched(data)
    for part in _chain(data if batched is None else batched._input_dataset):
        count = int(part.cardinality())
        if count != ENDLESS:
            return count if count >= 0 else None
    return None


def _tensors(data: Any) -> list[Any]:
    import numpy as np

    parts = list(_chain(data))
    held = getattr(parts[-1], "_tensors", None)
    if held is None or len(held) > 2 or any(hasattr(part, "_map_func") for part in parts):
        return []
    return [np.asarray(tensor) for tensor in held] if all(_lies_here(tensor) for tensor in held) else []


def _lies_here(tensor: Any) -> bool:
    return "CPU" in getattr(tensor, "device", "")
