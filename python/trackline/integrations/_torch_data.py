"""Data as PyTorch has it, described as a dataset: what a `Dataset` holds, and the way through subsets, transforms and loaders.

Nothing is drawn from a loader or a dataset: that could move a random generator of the user."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from trackline import _lineage, _memory, _native
from trackline._guard import guard
from trackline._log import RunLog
from trackline.data.dataset import Dataset
from trackline.integrations import _dataset, _names

LARGEST_SAMPLE = 1 << 18
"""The rows of a subset are gathered to be looked at: at most so many values."""
MOST_PARTS = 20
"""So many parts of a batch are looked at for one that tells its size."""
DEEPEST = 3
"""And so deep: what a loop of the user's gives out may be lists in lists."""
_LABELS = ("y", "ys", "labels", "label", "targets", "target", "classes", "Y")
_TRANSFORMS = ("transform", "transforms", "target_transform")


def log(run: RunLog, loader: Any, context: str, name: str | None = None, batch: Any = None) -> None:
    """Records the dataset of a loader as an input of the run, under the variable that holds it, else under `name`. Samples
    that are made one by one look as those of `batch`."""
    with guard("torch.dataset"):
        called = _names.variable_of(loader.dataset) or name or f"{context}_data"
        _tell(loader.dataset)
        _lineage.made_of(loader, [loader.dataset], type(loader).__name__, _settings(loader), length(loader.dataset))
        if (dataset := _described(loader.dataset, called, loader, batch)) is not None:
            run.log_input(dataset, context)


def log_dataset(run: RunLog, data: Any, context: str, name: str | None = None, batch: Any = None) -> None:
    """The same of a dataset that something else than the user's loader draws from."""
    with guard("torch.dataset"):
        called = _names.variable_of(data) or name or f"{context}_data"
        _tell(data)
        if (dataset := _described(data, called, data, batch)) is not None:
            run.log_input(dataset, context)


def _settings(loader: Any) -> dict[str, Any]:
    settings = {
        "batch_size": batch_size(loader),
        "shuffle": shuffles(type(getattr(loader, "sampler", None)).__name__),
        "drop_last": getattr(loader, "drop_last", None) or None,
    }
    return {key: value for key, value in settings.items() if value is not None}


def _described(data: Any, name: str, through: Any, batch: Any = None) -> Dataset | None:
    if type(data).__module__.startswith("datasets.") and hasattr(getattr(data, "data", None), "table"):
        return _of_arrow(data, name, through)
    indices, whole = _chosen(data)
    features, labels = _held(whole)
    if features is None:
        found = None
    elif indices is None:
        found = _dataset.describe(features, labels, name, through)
    else:
        found = _of_subset(features, labels, indices, name, through)
    if found is not None:
        return found
    if (count := length(data)) is None:
        return None
    if (sample := _first(batch)) is not None:
        return _dataset.unseen(_memory.dtype(sample), [count, *sample.shape[1:]], name, through)
    return _dataset.unseen(type(whole).__name__, [count], name, through)


def shuffles(sampler: str) -> bool | None:
    """Whether a sampler of this class puts the samples in a new order; None where that is not known."""
    return {"RandomSampler": True, "SequentialSampler": False}.get(sampler)


def batch_size(loader: Any) -> int | None:
    """The samples of a batch, also where a sampler makes the batches, as Accelerate has it; None where they are not told."""
    own = getattr(loader, "batch_size", None)
    found: int | None = getattr(getattr(loader, "batch_sampler", None), "batch_size", None) if own is None else own
    return found


def rows(batch: Any) -> int | None:
    """The samples of a batch, by the first tensor or array in it."""
    found = _first(batch)
    return None if found is None else int(found.shape[0])


def _first(batch: Any, deepest: int = DEEPEST) -> Any | None:
    shape = getattr(batch, "shape", None)
    if isinstance(shape, tuple) and shape:
        return batch
    parts = batch.values() if isinstance(batch, Mapping) else batch if isinstance(batch, list | tuple) else ()
    if deepest == 0:
        return None
    return next((found for part in islice(parts, MOST_PARTS) if (found := _first(part, deepest - 1)) is not None), None)


def length(data: Any) -> int | None:
    """The number of samples; None for a stream."""
    try:
        return len(data)
    except (TypeError, NotImplementedError):
        return None


def _tell(data: Any) -> None:
    """The steps behind a dataset: what it holds, its transforms, and of which it is a part."""
    if hasattr(data, "indices") and hasattr(data, "dataset"):
        _tell(data.dataset)
        _lineage.made_of(data, [data.dataset], type(data).__name__, {"samples": len(data.indices)}, len(data.indices))
        return
    transforms = {name: _text(found) for name in _TRANSFORMS if (found := getattr(data, name, None)) is not None}
    sources = [value for value in _held(data) if value is not None]
    _lineage.made_of(data, sources, type(data).__name__, transforms, length(data))


def _text(transform: Any) -> str:
    return " ".join((getattr(transform, "__qualname__", None) or repr(transform)).split())


def _chosen(data: Any) -> tuple[list[int] | None, Any]:
    """The dataset behind a subset of a subset, with the numbers of its samples."""
    indices: list[int] | None = None
    while hasattr(data, "indices") and hasattr(data, "dataset"):
        own = list(data.indices)
        indices = own if indices is None else [own[place] for place in indices]
        data = data.dataset
    return indices, data


def _held(data: Any) -> tuple[Any, Any]:
    """The arrays, tensors or tables of a dataset that hold a row for each of its samples: features and labels."""
    rows = list(_rows_of(data))
    held = [(name, value) for name, value in rows if str(getattr(value, "dtype", "")) != "object"] or rows  # Objects are what samples are made of.
    features = next((value for name, value in held if name not in _LABELS), None)
    labels = next((value for name, value in held if name in _LABELS), None)
    return features, labels


def _rows_of(data: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(tensors := getattr(data, "tensors", None), tuple):
        yield from zip(("features", "labels"), tensors, strict=False)
        return
    count = length(data)
    for name, value in list(getattr(data, "__dict__", {}).items()):
        shape = getattr(value, "shape", None)
        if isinstance(shape, tuple) and shape and shape[0] == count:
            yield name.strip("_"), value


def _of_arrow(data: Any, name: str, through: Any) -> Dataset | None:
    """A dataset of Hugging Face's `datasets`: an Arrow table, of which one that was shuffled or chosen from keeps the
    numbers of its rows in another table, `_indices`."""
    table, chosen = data.data.table, getattr(data, "_indices", None)
    if chosen is None:
        return _dataset.describe(table, None, name, through)
    rows = len(data)
    some = chosen.column(0).take(_native.sampled_rows(rows, table.num_columns))
    return _dataset.describe(table.take(some), None, name, through, rows)


def _of_subset(features: Any, labels: Any, indices: list[int], name: str, through: Any) -> Dataset | None:
    """Described by some of its rows, with the sizes of all of them."""
    if not _memory.lies_here(features) or not hasattr(features, "__array__") or hasattr(features, "columns"):
        return _dataset.unseen(_memory.dtype(features), [len(indices), *features.shape[1:]], name, through)
    row_size = max(1, math.prod(features.shape[1:]))
    step = max(1, len(indices) * row_size // LARGEST_SAMPLE)
    some = indices[::step]
    return _dataset.describe(features[some], None if labels is None else labels[some], name, through, len(indices))
